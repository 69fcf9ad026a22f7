//! Read receipts: those owed to others, and those of others, also when they come before the message they are about.
//!
//! Spec: messages §13 (RRC-01 to RRC-06).

use protocol::TimestampMs;
use protocol::account::AccountId;
use rusqlite::{OptionalExtension, params};

use crate::column;
use crate::messages::FIRST_QUIET_KIND;
use crate::{MessageId, MessageStatus, Reading, StoreError, Writing};

/// Receipts owed for one reading, at most: the newest messages.
const MOST_OWED: u32 = 1_000;

/// Receipts of one person that wait for their message.
const MOST_EARLY: u32 = 500;

/// How long they wait: longer than a swarm keeps the copy of a message.
const EARLY_MS: i64 = 30 * 24 * 3_600_000;

impl Reading<'_> {
    /// Who is to be told that I have read something of theirs, in the order of their ids.
    ///
    /// # Errors
    /// When the database fails.
    pub fn owed_receipts(&self) -> Result<Vec<AccountId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT contacts.account_id FROM contacts
             WHERE contacts.id IN (SELECT contact FROM owed_receipts)",
        )?;
        let people = statement.query_map([], |row| column::account_id(row, 0))?;
        let mut people = people.collect::<Result<Vec<_>, _>>()?;
        people.sort_unstable();
        Ok(people)
    }

    /// Whether somebody is told what I do: an accepted person who is not blocked, and not myself.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_told(&self, with: &AccountId) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM contacts
                            WHERE account_id = ?1 AND approved AND NOT blocked
                              AND account_id <> (SELECT account_id FROM account))",
        )?;
        Ok(statement.query_row([with.to_bytes()], |row| row.get(0))?)
    }
}

impl Writing<'_> {
    /// Owes receipts for what is unread of somebody's messages up to a sent time; to be called before it is marked as
    /// read. Nobody is told who has not been accepted, nor anybody while receipts are off.
    ///
    /// # Errors
    /// When the database fails.
    pub fn owe_receipts(&self, with: &AccountId, up_to: TimestampMs) -> Result<(), StoreError> {
        if !self.preferences()?.read_receipts || !self.is_told(with)? {
            return Ok(());
        }
        let Some(state) = self.conversation_state(with)? else {
            return Ok(());
        };
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO owed_receipts (contact, sent_at)
             SELECT author, sent_at FROM messages
             WHERE conversation = ?1 AND sent_at > ?2 AND sent_at <= ?3 AND kind < ?4
               AND author = (SELECT contact FROM conversations WHERE id = ?1)
             ORDER BY sent_at DESC LIMIT ?5
             ON CONFLICT (contact, sent_at) DO NOTHING",
        )?;
        statement.execute(params![
            state.row,
            state.read_up_to,
            up_to.0,
            FIRST_QUIET_KIND,
            MOST_OWED
        ])?;
        Ok(())
    }

    /// Takes receipts that are owed to somebody, at most `limit`, oldest first; whoever takes them sends them in the same
    /// transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_owed_receipts(&self, with: &AccountId, limit: u32) -> Result<Vec<TimestampMs>, StoreError> {
        let Some(contact) = self.contact_row(with)? else {
            return Ok(Vec::new());
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT sent_at FROM owed_receipts WHERE contact = ?1 ORDER BY sent_at LIMIT ?2",
        )?;
        let times = statement.query_map(params![contact, limit], |row| row.get(0).map(TimestampMs))?;
        let times = times.collect::<Result<Vec<_>, _>>()?;
        if let Some(last) = times.last() {
            let mut statement = self
                .conn
                .prepare_cached("DELETE FROM owed_receipts WHERE contact = ?1 AND sent_at <= ?2")?;
            statement.execute(params![contact, last.0])?;
        }
        Ok(times)
    }

    /// Takes in that somebody (a contacts row) has read messages of mine. Answers whether that changed any.
    pub(crate) fn receive_receipts(
        &self,
        from: i64,
        read: &[TimestampMs],
        now: TimestampMs,
    ) -> Result<bool, StoreError> {
        if !self.preferences()?.read_receipts {
            return Ok(false);
        }
        let mut changed = false;
        let mut room = None;
        for sent_at in read {
            match self.my_message(from, *sent_at)? {
                Some((message, MessageStatus::Sent)) => {
                    self.set_status(message, MessageStatus::Read, None)?;
                    changed = true;
                }
                Some((_, MessageStatus::Read)) => {}
                Some(_) | None => {
                    let left = match room {
                        Some(left) => left,
                        None => self.room_for_early_receipts(from)?,
                    };
                    let kept = left > 0 && self.keep_early_receipt(from, *sent_at, now)?;
                    room = Some(left.saturating_sub(u32::from(kept)));
                }
            }
        }
        Ok(changed)
    }

    /// Applies the receipt that came before its message was known as sent.
    pub(crate) fn apply_early_receipt(&self, message: MessageId) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT conversations.contact, messages.sent_at FROM messages
             CROSS JOIN conversations ON conversations.id = messages.conversation
             WHERE messages.id = ?1 AND messages.status = ?2",
        )?;
        let sent = statement.query_row(params![message, MessageStatus::Sent], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        });
        let Some((contact, sent_at)) = sent.optional()? else {
            return Ok(());
        };
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM early_receipts WHERE contact = ?1 AND sent_at = ?2")?;
        if statement.execute([contact, sent_at])? == 1 {
            self.set_status(message, MessageStatus::Read, None)?;
        }
        Ok(())
    }

    /// Forgets receipts whose message did not come.
    pub(crate) fn purge_early_receipts(&self, now: TimestampMs) -> Result<usize, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM early_receipts WHERE received_at <= ?1")?;
        Ok(statement.execute([now.plus_ms(-EARLY_MS).0])?)
    }

    fn my_message(
        &self,
        contact: i64,
        sent_at: TimestampMs,
    ) -> Result<Option<(MessageId, MessageStatus)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, status FROM messages
             WHERE conversation = (SELECT id FROM conversations WHERE contact = ?1)
               AND sent_at = ?2 AND author = ?3 AND kind < ?4 AND status > 0",
        )?;
        let me = self.own_row()?;
        let found = statement.query_row(params![contact, sent_at.0, me, FIRST_QUIET_KIND], |row| {
            Ok((row.get(0)?, row.get(1)?))
        });
        Ok(found.optional()?)
    }

    /// How many more receipts of one person may wait.
    fn room_for_early_receipts(&self, contact: i64) -> Result<u32, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM early_receipts WHERE contact = ?1 LIMIT ?2)",
        )?;
        let waiting: u32 = statement.query_row(params![contact, MOST_EARLY], |row| row.get(0))?;
        Ok(MOST_EARLY.saturating_sub(waiting))
    }

    /// Answers whether it is the first time.
    fn keep_early_receipt(
        &self,
        contact: i64,
        sent_at: TimestampMs,
        now: TimestampMs,
    ) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO early_receipts (contact, sent_at, received_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (contact, sent_at) DO NOTHING",
        )?;
        Ok(statement.execute(params![contact, sent_at.0, now.0])? == 1)
    }
}

#[cfg(test)]
#[path = "receipts_tests.rs"]
mod tests;
