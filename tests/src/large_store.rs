//! A store with much history, made at once: what is measured with it, and what the app is driven with.
//!
//! Everything goes through the store's own way of receiving, in large transactions, so that it is what years of use
//! leave: texts of a language's lengths and frequencies of words, replies, reactions, offered files, copies of my own
//! messages, and a few unread ones at the end of each conversation.

use anyhow::Context;
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys, Seed};
use protocol::storage::{Namespace, compute_hash};
use rand_core::SeedableRng;
use store::{
    AttachmentKind, Control, FileFacts, MessageKind, MessageName, NewAccount, NewReaction, OfferedFile,
    Origin, Profile, Received, ReceivedBatch, ReceivedControl, ReceivedMessage, SaidPicture, Stage, Store,
};

/// Conversations, whatever the number of messages.
pub const CONVERSATIONS: usize = 300;
/// A word that most messages have.
pub const COMMON_WORD: &str = "the";
/// A word that [`RARE`] messages have, whatever the number of messages.
pub const RARE_WORD: &str = "zeppelin";
/// Messages with [`RARE_WORD`].
pub const RARE: usize = 20;
/// Words of the language; each is as much rarer than the first one as it comes later.
const VOCABULARY: f64 = 20_000.0;
/// Of ten messages so many are in the largest conversation.
const LARGEST_OF_TEN: usize = 4;
/// Unread messages at the end of the largest conversation; in others fewer.
const UNREAD: usize = 30;
/// The first message was sent so long before the last one.
const SPAN_MS: i64 = 2 * 365 * 24 * 3_600_000;
/// Messages of a transaction.
const BATCH: usize = 10_000;

/// Who is in the store.
pub struct LargeStore {
    /// The account's keys.
    pub keys: AccountKeys,
    /// Whom the largest conversation is with.
    pub largest: AccountId,
    /// Everybody, the one of the largest conversation first, with their keys.
    pub people: Vec<AccountKeys>,
}

/// Fills an empty store with so many messages, the newest of which is sent at `newest`.
///
/// # Errors
/// When the store fails.
pub fn fill(store: &Store, messages: usize, newest: TimestampMs) -> anyhow::Result<LargeStore> {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(3);
    let seed = Seed::generate(&mut rng);
    let keys = AccountKeys::from_seed(&seed);
    let people: Vec<_> = (0..CONVERSATIONS)
        .map(|_| AccountKeys::from_seed(&Seed::generate(&mut rng)))
        .collect();
    let first = newest.plus_ms(-SPAN_MS);
    let account = NewAccount {
        seed,
        account_id: keys.account_id(),
        origin: Origin::Created,
        stage: Stage::Home,
        created_at: first,
    };
    store.write::<_, anyhow::Error>(|writing| {
        writing.create_account(&account)?;
        writing.set_display_name("Alice", first)?;
        for person in &people {
            writing.approve(&person.account_id(), first)?;
        }
        Ok(())
    })?;
    let story = Story {
        own: keys.account_id(),
        people: people.iter().map(AccountKeys::account_id).collect(),
        messages,
        first,
    };
    for from in (0..messages).step_by(BATCH) {
        let numbers = from..messages.min(from + BATCH);
        let batch = ReceivedBatch {
            items: numbers.flat_map(|number| story.items(number)).collect(),
            last_hash: None,
            now: newest,
            device_now: newest,
        };
        store.write::<_, anyhow::Error>(|writing| {
            writing.insert_received(&batch)?;
            // Of what a swarm has dropped long ago the hashes are forgotten.
            writing.purge_expired(newest.plus_ms(-14 * 24 * 3_600_000))?;
            Ok(())
        })?;
    }
    store.tidy()?;
    Ok(LargeStore {
        largest: people.first().context("there are people")?.account_id(),
        keys,
        people,
    })
}

/// What was written, message by message; every answer follows from its number.
struct Story {
    own: AccountId,
    people: Vec<AccountId>,
    messages: usize,
    first: TimestampMs,
}

impl Story {
    /// A message with what came after it.
    fn items(&self, number: usize) -> Vec<Received> {
        let name = self.name(number);
        let with = self.with(number);
        let answered = number.checked_sub(30 + number % 10);
        let quote = (number % 12 == 5)
            .then_some(answered)
            .flatten()
            .filter(|other| self.with(*other) == with)
            .map(|other| self.name(other));
        let files = match number % 25 {
            7 => vec![picture(number)],
            _ => Vec::new(),
        };
        let profile = (name.author != self.own).then(|| Profile {
            name: format!("Person {}", self.place(number)),
            updated_s: 1,
            picture: SaidPicture::Keep,
        });
        let message = ReceivedMessage {
            conversation: with,
            author: name.author,
            sent_at: name.sent_at,
            kind: MessageKind::Text,
            body: self.text(number),
            raw: None,
            files,
            preview: None,
            profile,
            quote,
            disappearing: None,
            swarm_expires_at: name.sent_at,
        };
        let mut items = vec![self.item(number, 0, Some(message), None)];
        if number.is_multiple_of(9) {
            let control = ReceivedControl {
                conversation: with,
                author: if number.is_multiple_of(2) { with } else { self.own },
                sent_at: name.sent_at.plus_ms(1),
                control: Control::Reaction(NewReaction {
                    target: name,
                    emoji: if number.is_multiple_of(3) { "👍" } else { "🎉" }.to_owned(),
                    given: true,
                }),
            };
            items.push(self.item(number, 1, None, Some(control)));
        }
        items
    }

    fn item(
        &self,
        number: usize,
        part: usize,
        message: Option<ReceivedMessage>,
        control: Option<ReceivedControl>,
    ) -> Received {
        let mut bytes = number.to_le_bytes().to_vec();
        bytes.extend(part.to_le_bytes());
        Received {
            hash: compute_hash(self.own, Namespace::MESSAGES, &bytes),
            seen_until: self.sent_at(number),
            message,
            control,
        }
    }

    fn name(&self, number: usize) -> MessageName {
        // Of the last ones none is mine: those are unread.
        let last = self.messages - number <= UNREAD * 10 / LARGEST_OF_TEN;
        let mine = !last && mix(number) % 5 < 2;
        MessageName {
            author: if mine { self.own } else { self.with(number) },
            sent_at: self.sent_at(number),
        }
    }

    fn sent_at(&self, number: usize) -> TimestampMs {
        let share = number as f64 / self.messages as f64;
        self.first.plus_ms((share * SPAN_MS as f64) as i64)
    }

    /// Index of the other side.
    fn place(&self, number: usize) -> usize {
        match number % 10 < LARGEST_OF_TEN {
            true => 0,
            false => 1 + (number / 10 * 6 + number % 10) % (CONVERSATIONS - 1),
        }
    }

    fn with(&self, number: usize) -> AccountId {
        self.people.get(self.place(number)).copied().unwrap_or(self.own)
    }

    /// 3 to 20 words; one in fifty is four times as long.
    fn text(&self, number: usize) -> String {
        let mut state = mix(number);
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31)
        };
        let length = 3 + (next() * 18.0) as usize;
        let length = if number % 50 == 11 { 4 * length } else { length };
        let mut words: Vec<String> = (0..length)
            .map(|_| word(VOCABULARY.powf(next()) as u64 - 1))
            .collect();
        if number % (self.messages / RARE).max(1) == 3 {
            words.push(RARE_WORD.to_owned());
        }
        words.join(" ")
    }
}

/// An even spread of numbers.
fn mix(number: usize) -> u64 {
    let mixed = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 31)).wrapping_mul(0xff51_afd7_ed55_8ccd)
}

/// The word of a rank; the first is [`COMMON_WORD`], the others have 2 to 8 letters.
fn word(rank: u64) -> String {
    if rank == 0 {
        return COMMON_WORD.to_owned();
    }
    let mut left = rank.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5555;
    let length = 2 + (left >> 60) % 7;
    let letters = (0..length).map(|_| {
        left = left.rotate_left(13).wrapping_mul(0xff51_afd7_ed55_8ccd);
        char::from(b'a' + u8::try_from((left >> 40) % 26).unwrap_or_default())
    });
    letters.collect()
}

/// A picture that was never fetched.
fn picture(number: usize) -> OfferedFile {
    OfferedFile {
        facts: FileFacts {
            kind: AttachmentKind::Image,
            file_name: format!("picture {number}.jpg"),
            content_type: "image/jpeg".to_owned(),
            size: 200_000,
            pixels: Some((1_600, 1_200)),
            duration_ms: None,
        },
        remote: None,
    }
}

#[cfg(test)]
mod tests {
    use store::{ConversationList, Looking, Window};

    use super::*;

    #[test]
    fn a_filled_store_has_what_is_measured() -> anyhow::Result<()> {
        let store = Store::in_memory()?;
        let large = fill(&store, 3_000, TimestampMs(1_790_000_000_000))?;
        store.read::<_, anyhow::Error>(|reading| {
            let home = reading.conversations(ConversationList::Home, 0, 1)?;
            assert_eq!(home.total, 300);
            let page = reading.messages(&large.largest, Window::FirstUnread, 50)?;
            assert_eq!(page.rows.len(), 50);
            // Some of the newest are my own.
            assert!((20..=30).contains(&page.unread), "{}", page.unread);
            let mut texts = Looking {
                text: RARE_WORD,
                with: None,
                before: None,
                limit: 100,
            };
            assert_eq!(reading.search_messages(&texts)?.rows.len(), RARE);
            texts.text = COMMON_WORD;
            assert_eq!(reading.search_messages(&texts)?.rows.len(), 100);
            Ok(())
        })
    }
}
