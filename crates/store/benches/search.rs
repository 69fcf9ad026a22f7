//! How searching behaves with much history: `cargo bench -p store --bench search`.
//!
//! Fills a store with 100,000 messages of made-up words, as common and as rare as those of a language, in 300
//! conversations (four tenths of them in one) with 10,000 contacts. Prints the size of the index, the time of storing, of
//! each search (the median of several), and of deleting the largest conversation.

use std::time::{Duration, Instant};

use protocol::TimestampMs;
use protocol::account::{AccountId, Seed};
use protocol::storage::{Namespace, compute_hash};
use store::*;

const NOW: TimestampMs = TimestampMs(1_700_000_000_000);
const MESSAGES: u32 = 100_000;
const CONTACTS: u32 = 10_000;
const BATCH: u32 = 256;
const VOCABULARY: u32 = 20_000;
const ROUNDS: usize = 9;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("tern.db");
    let store = Store::open(&path, &StoreKey::from_bytes([42; 32])).expect("a store");
    let (time, ()) = timed(|| fill(&store));
    store.tidy().expect("room on the disk");
    let bytes = std::fs::metadata(&path).expect("a file").len();
    println!("filled in {}, {} MB", ms(time), bytes / 1_000_000);

    let (common, rare) = (word(0), word(15_000));
    let two = format!("{common} {}", word(1));
    let one_letter = common.get(..1).expect("words are ASCII").to_owned();
    let two_letters = common.get(..2).expect("words are ASCII").to_owned();
    let cases = [
        ("common word", common.as_str(), None),
        ("rare word", rare.as_str(), None),
        ("two common words", two.as_str(), None),
        ("one letter", one_letter.as_str(), None),
        ("two letters", two_letters.as_str(), None),
        ("no such word", "qqqqqq", None),
        ("common, large chat", common.as_str(), Some(person(1))),
        ("common, small chat", common.as_str(), Some(person(7))),
    ];
    for (name, text, with) in cases {
        for limit in [20, 200] {
            let looking = Looking {
                text,
                with: with.as_ref(),
                before: None,
                limit,
            };
            let find = || {
                store
                    .read::<_, StoreError>(|r| r.search_messages(&looking))
                    .expect("a sound store")
                    .rows
                    .len()
            };
            println!("{name:>20} {limit:>4}: {}", median(find));
        }
    }
    for (name, text) in [
        ("people, common", "per"),
        ("people, none", "qqqq"),
        ("people, id", "0507"),
    ] {
        let find = || {
            store
                .read::<_, StoreError>(|r| r.search_people(text))
                .expect("a sound store")
                .len()
        };
        println!("{name:>25}: {}", median(find));
    }
    let (time, ()) = timed(|| {
        store
            .write(|w| w.delete_conversation(&person(1), NOW))
            .expect("room on the disk");
    });
    println!("{:>25}: {}", "delete the largest chat", ms(time));
}

fn fill(store: &Store) {
    let account = NewAccount {
        seed: Seed::from_bytes(&[9; 16]).expect("16 bytes are a seed"),
        account_id: person(0),
        origin: Origin::Created,
        stage: Stage::Home,
        created_at: NOW,
    };
    store
        .write(|w| w.create_account(&account))
        .expect("room on the disk");
    store
        .write::<_, StoreError>(|w| {
            for number in 1..=CONTACTS {
                w.approve(&person(number), NOW)?;
                w.set_nickname(&person(number), &format!("Person {} {number}", word(number)), NOW)?;
            }
            Ok(())
        })
        .expect("room on the disk");
    for first in (0..MESSAGES).step_by(BATCH as usize) {
        let items = (first..(first + BATCH).min(MESSAGES)).map(item).collect();
        let batch = ReceivedBatch {
            items,
            last_hash: None,
            now: NOW,
            device_now: NOW,
        };
        store
            .write(|w| w.insert_received(&batch))
            .expect("room on the disk");
    }
}

fn item(number: u32) -> Received {
    let conversation = match number % 10 {
        0..4 => person(1),
        _ => person(2 + number % 299),
    };
    Received {
        hash: compute_hash(person(0), Namespace(0), &number.to_le_bytes()),
        seen_until: NOW.plus_ms(i64::from(number)),
        control: None,
        message: Some(ReceivedMessage {
            conversation,
            author: conversation,
            sent_at: NOW.plus_ms(i64::from(number) * 100),
            kind: MessageKind::Text,
            body: sentence(number),
            raw: None,
            files: Vec::new(),
            preview: None,
            quote: None,
            profile: None,
            disappearing: None,
            swarm_expires_at: NOW,
        }),
    }
}

/// 3 to 20 words; the n-th most common word is n times as rare as the most common one.
fn sentence(number: u32) -> String {
    let mut state = u64::from(number) + 1;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1_u32 << 31)
    };
    let length = 3 + (next() * 18.0) as usize;
    let words: Vec<String> = (0..length)
        .map(|_| word(f64::from(VOCABULARY).powf(next()) as u32 - 1))
        .collect();
    words.join(" ")
}

/// The word of a rank: 2 to 8 letters.
fn word(rank: u32) -> String {
    let mut left = u64::from(rank).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5555;
    let length = 2 + (left >> 60) % 7;
    let letters = (0..length).map(|_| {
        left = left.rotate_left(13).wrapping_mul(0xff51_afd7_ed55_8ccd);
        char::from(b'a' + u8::try_from((left >> 40) % 26).expect("below 26"))
    });
    letters.collect()
}

fn person(number: u32) -> AccountId {
    let mut key = [7; 32];
    key.iter_mut()
        .zip(number.to_be_bytes())
        .for_each(|(to, from)| *to = from);
    AccountId::account(key)
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

fn median(work: impl Fn() -> usize) -> String {
    let found = work();
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| timed(&work).0).collect();
    times.sort();
    let middle = times.get(ROUNDS / 2).copied().unwrap_or_default();
    format!("{} for {found}", ms(middle))
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
