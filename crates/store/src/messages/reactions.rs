//! Reactions: the newest word about each emoji of each person, and words that came before their message.
//!
//! Whatever the order in which they come, the word with the newest sent time stands; of two with the same time, the one
//! that takes back. Spec: messages §11 (REA-02 to REA-04).

use protocol::TimestampMs;
use protocol::account::AccountId;
use rusqlite::{OptionalExtension, params};

use super::{FIRST_QUIET_KIND, MessageId, MessageName};
use crate::column;
use crate::{NewDelivery, Reading, StoreError, Writing};

/// Emojis of one person that one message remembers.
const MOST_EMOJIS: u32 = 50;

/// Words of one person that wait for their message; also of all people together who are not accepted.
const MOST_EARLY: i64 = 500;

/// How long they wait.
const EARLY_MS: i64 = 30 * 24 * 3_600_000;

/// Somebody's word about one emoji on one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReaction {
    /// The message.
    pub target: MessageName,
    /// The emoji.
    pub emoji: String,
    /// Given, or taken back.
    pub given: bool,
}

/// How often one emoji was given to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReactionCount {
    /// The emoji.
    pub emoji: String,
    /// By how many people.
    pub count: u32,
    /// I am one of them.
    pub mine: bool,
}

/// One person's reaction to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// Whose.
    pub author: AccountId,
    /// When it was given.
    pub sent_at: TimestampMs,
}

/// Somebody's word about a message of a conversation, as it came.
pub(super) struct ReceivedWord<'a> {
    /// The other side of the conversation.
    pub(super) peer: AccountId,
    /// Whose word.
    pub(super) author: AccountId,
    /// What is said.
    pub(super) reaction: &'a NewReaction,
    /// When.
    pub(super) sent_at: TimestampMs,
}

/// A word whose people are rows of the contacts table.
struct Word<'a> {
    emoji: &'a str,
    author: i64,
    given: bool,
    sent_at: i64,
}

impl Reading<'_> {
    /// Who gave what to a message: by the time at which each emoji was first given, then by emoji, then by time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reactions(&self, message: MessageId) -> Result<Vec<Reaction>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT reactions.emoji, contacts.account_id, reactions.sent_at
             FROM reactions CROSS JOIN contacts ON contacts.id = reactions.author
             WHERE reactions.message = ?1 AND reactions.given",
        )?;
        let rows = statement.query_map([message], |row| {
            Ok(Reaction {
                emoji: row.get(0)?,
                author: column::account_id(row, 1)?,
                sent_at: TimestampMs(row.get(2)?),
            })
        })?;
        let mut reactions = rows.collect::<Result<Vec<_>, _>>()?;
        let first = |emoji: &str, all: &[Reaction]| {
            let same = all.iter().filter(|reaction| reaction.emoji == emoji);
            same.map(|reaction| reaction.sent_at).min()
        };
        let all = reactions.clone();
        reactions.sort_by_cached_key(|reaction| {
            let group = (first(&reaction.emoji, &all), reaction.emoji.clone());
            (group, reaction.sent_at, reaction.author)
        });
        Ok(reactions)
    }

    /// The reactions to a message, counted, in the order in which each emoji was first given.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reaction_counts(&self, message: MessageId) -> Result<Vec<ReactionCount>, StoreError> {
        let reactions = self.reactions(message)?;
        if reactions.is_empty() {
            return Ok(Vec::new());
        }
        let own = self.account()?.map(|account| account.account_id);
        let mut counts: Vec<ReactionCount> = Vec::new();
        for reaction in reactions {
            let mine = Some(reaction.author) == own;
            match counts.last_mut().filter(|last| last.emoji == reaction.emoji) {
                Some(last) => {
                    last.count = last.count.saturating_add(1);
                    last.mine |= mine;
                }
                None => counts.push(ReactionCount {
                    emoji: reaction.emoji,
                    count: 1,
                    mine,
                }),
            }
        }
        Ok(counts)
    }
}

impl Writing<'_> {
    /// Gives or takes back an emoji of mine and queues what tells of it. `sent_at` is from [`Writing::next_sent_at`].
    /// Answers `false`, and queues nothing, where that is not the word that holds: a newer one of mine is known, or the
    /// message has as many emojis of mine as it remembers.
    ///
    /// # Errors
    /// When the database fails.
    pub fn react(
        &self,
        message: MessageId,
        reaction: &NewReaction,
        sent_at: TimestampMs,
        deliveries: &[NewDelivery],
        now: TimestampMs,
    ) -> Result<bool, StoreError> {
        let word = Word {
            emoji: &reaction.emoji,
            author: self.own_row()?,
            given: reaction.given,
            sent_at: sent_at.0,
        };
        let holds = self.keep_word(message, &word)?;
        if holds {
            self.queue_control(deliveries, now)?;
        }
        Ok(holds)
    }

    /// Takes in a word about a message. Answers the message if that changed it. `quota`: whose limit it counts for when it
    /// has to wait.
    pub(super) fn receive_reaction(
        &self,
        received: &ReceivedWord<'_>,
        quota: Option<AccountId>,
        now: TimestampMs,
    ) -> Result<Option<MessageId>, StoreError> {
        let target = &received.reaction.target;
        let target_author = self.contact_row(&target.author)?;
        // Only the two who talk have written anything there.
        if target.author != received.peer && target_author != Some(self.own_row()?) {
            return Ok(None);
        }
        let (peer, author) = (
            self.contact_row(&received.peer)?,
            self.contact_row(&received.author)?,
        );
        if let (Some(peer), Some(author), Some(target_author)) = (peer, author, target_author)
            && let Some(message) = self.find_shown(peer, target_author, target.sent_at.0)?
        {
            let word = Word {
                emoji: &received.reaction.emoji,
                author,
                given: received.reaction.given,
                sent_at: received.sent_at.0,
            };
            return Ok(self.keep_word(message, &word)?.then_some(message));
        }
        self.keep_early(received, quota, now)?;
        Ok(None)
    }

    /// Puts the words that were there before their message where they belong.
    pub(super) fn apply_early_reactions(
        &self,
        message: MessageId,
        conversation: &AccountId,
        author: &AccountId,
        sent_at: TimestampMs,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "DELETE FROM early_words WHERE target_sent_at = ?1 AND target_author = ?2 AND peer = ?3
             RETURNING emoji, author, given, sent_at, received_at",
        )?;
        let target = params![sent_at.0, author.to_bytes(), conversation.to_bytes()];
        let words = statement.query_map(target, |row| {
            let by = column::account_id(row, 1)?;
            let (given, sent_at) = (row.get(2)?, row.get(3)?);
            Ok((row.get::<_, String>(0)?, by, given, sent_at, row.get(4)?))
        })?;
        for (emoji, by, given, sent_at, received_at) in words.collect::<Result<Vec<_>, _>>()? {
            let word = Word {
                emoji: &emoji,
                author: self.ensure_contact(by, TimestampMs(received_at))?,
                given,
                sent_at,
            };
            self.keep_word(message, &word)?;
        }
        Ok(())
    }

    /// Takes in a word of a backup, as long as it is the newest.
    pub(crate) fn bring_back_reaction(
        &self,
        message: MessageId,
        author: i64,
        reaction: &backup::Reaction,
    ) -> Result<(), StoreError> {
        let word = Word {
            emoji: &reaction.emoji,
            author,
            given: reaction.given,
            sent_at: reaction.sent_at,
        };
        self.keep_word(message, &word)?;
        Ok(())
    }

    /// Forgets words whose message did not come.
    pub(crate) fn purge_early_reactions(&self, now: TimestampMs) -> Result<usize, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM early_words WHERE received_at <= ?1")?;
        Ok(statement.execute([now.plus_ms(-EARLY_MS).0])?)
    }

    /// A message with content in the conversation with `peer`, by what names it.
    pub(crate) fn find_shown(
        &self,
        peer: i64,
        author: i64,
        sent_at: i64,
    ) -> Result<Option<MessageId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM messages
             WHERE conversation = (SELECT id FROM conversations WHERE contact = ?1)
               AND sent_at = ?2 AND author = ?3 AND kind < ?4
             ORDER BY kind DESC LIMIT 1",
        )?;
        Ok(statement
            .query_row(params![peer, sent_at, author, FIRST_QUIET_KIND], |row| row.get(0))
            .optional()?)
    }

    /// Answers whether this word is the newest.
    fn keep_word(&self, message: MessageId, word: &Word<'_>) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO reactions (message, emoji, author, given, sent_at)
             SELECT ?1, ?2, ?3, ?4, ?5
             WHERE EXISTS (SELECT 1 FROM reactions WHERE message = ?1 AND emoji = ?2 AND author = ?3)
                OR (SELECT count(*) FROM reactions WHERE message = ?1 AND author = ?3) < ?6
             ON CONFLICT (message, emoji, author) DO UPDATE SET given = excluded.given, sent_at = excluded.sent_at
             WHERE (excluded.sent_at, NOT excluded.given) > (sent_at, NOT given)",
        )?;
        let changed = statement.execute(params![
            message,
            word.emoji,
            word.author,
            word.given,
            word.sent_at,
            MOST_EMOJIS
        ])?;
        Ok(changed == 1)
    }

    fn keep_early(
        &self,
        received: &ReceivedWord<'_>,
        quota: Option<AccountId>,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        let ReceivedWord {
            peer,
            author,
            reaction,
            sent_at,
        } = received;
        let quota = column::quota(quota);
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO early_words
                 (quota, peer, target_author, target_sent_at, emoji, author, given, sent_at, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        statement.execute(params![
            quota,
            peer.to_bytes(),
            reaction.target.author.to_bytes(),
            reaction.target.sent_at.0,
            reaction.emoji,
            author.to_bytes(),
            reaction.given,
            sent_at.0,
            now.0
        ])?;
        let mut statement = self.conn.prepare_cached(
            "DELETE FROM early_words WHERE quota = ?1 AND id <= (
                 SELECT id FROM early_words WHERE quota = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        )?;
        statement.execute(params![quota, MOST_EARLY])?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "reactions_tests.rs"]
mod tests;
