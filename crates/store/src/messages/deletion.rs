//! Taking messages back, on all my devices or for everyone, and what others take back.
//!
//! A message that was taken back leaves a line without content, in Note to Self nothing. Its name is known from then on,
//! also when it was taken back before it came: whatever a swarm brings under that name again is not shown, and is
//! deleted there. Spec: messages §11 (DEL-02 to DEL-06).

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::{MessageHash, compute_hash};
use rusqlite::{OptionalExtension, params};

use super::{FIRST_QUIET_KIND, MessageId, MessageKind, MessageName, MessageStatus};
use crate::column;
use crate::{NewDelivery, Reading, Step, StoreError, Writing};

/// Requests of one person that wait for their message; also of all people together who are not accepted.
const MOST_EARLY: i64 = 500;

/// How long they wait, and how long the name of a message that was never shown is remembered.
const EARLY_MS: i64 = 45 * 24 * 3_600_000;

/// A message of mine, or in Note to Self, or somebody's that I no longer want anywhere.
#[derive(Clone, Debug)]
pub struct TakeBack {
    /// The message.
    pub message: MessageId,
    /// What is left of it here.
    pub leaves: Leaves,
    /// What tells others and my other devices, in order.
    pub deliveries: Vec<NewDelivery>,
    /// Device time; the first try is due then.
    pub now: TimestampMs,
}

/// What is left of a message that was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    /// A line of kind [`MessageKind::Deleted`].
    Line,
    /// Nothing.
    Nothing,
}

/// A row that is to go, as far as taking back needs it.
struct Doomed {
    id: MessageId,
    peer: AccountId,
    leaves: Leaves,
}

impl Reading<'_> {
    /// The hash of a message in my own swarm, as far as it is known.
    ///
    /// # Errors
    /// When the database fails.
    pub fn own_hash(&self, message: MessageId) -> Result<Option<MessageHash>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT own_hash FROM messages WHERE id = ?1")?;
        let hash = statement.query_row([message], |row| row.get::<_, Option<String>>(0));
        Ok(hash
            .optional()?
            .flatten()
            .and_then(|hash| MessageHash::parse(hash.as_bytes())))
    }
}

impl Writing<'_> {
    /// Takes a message back: here at once, in my swarm and at others by what is queued.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn take_back(&self, order: &TakeBack) -> Result<(), StoreError> {
        self.doom_copies(order.message)?;
        match order.leaves {
            Leaves::Line => {
                let is_told = order
                    .deliveries
                    .iter()
                    .any(|delivery| delivery.step == Step::Recipient);
                let status = is_told.then_some(MessageStatus::Queued);
                self.leave_line(order.message, status)?;
                self.queue_takeback(Some(order.message), &order.deliveries, order.now)
            }
            Leaves::Nothing => {
                self.delete_message(order.message)?;
                self.queue_takeback(None, &order.deliveries, order.now)
            }
        }
    }

    /// Takes in that `sender` takes a message back. Answers what that changed: rows, and the other sides of their
    /// conversations. `quota`: whose limit it counts for when it has to wait.
    pub(super) fn receive_unsend(
        &self,
        sender: AccountId,
        target: &MessageName,
        quota: Option<AccountId>,
        now: TimestampMs,
    ) -> Result<Vec<(MessageId, AccountId)>, StoreError> {
        if sender != target.author && self.contact_row(&sender)? != Some(self.own_row()?) {
            return Ok(Vec::new());
        }
        let doomed = match self.contact_row(&target.author)? {
            Some(author) => self.find_doomed(sender == target.author, author, target.sent_at.0)?,
            None => Vec::new(),
        };
        if doomed.is_empty() {
            self.keep_early_unsend(target, quota, now)?;
        }
        for Doomed { id, leaves, .. } in &doomed {
            self.doom_copies(*id)?;
            match leaves {
                Leaves::Line => self.leave_line(*id, None)?,
                Leaves::Nothing => self.delete_message(*id)?,
            }
        }
        Ok(doomed
            .into_iter()
            .map(|doomed| (doomed.id, doomed.peer))
            .collect())
    }

    /// Meets a message that was taken back, before it came or after, and has it deleted in my swarm. Answers whether it
    /// is one.
    pub(super) fn is_taken_back(
        &self,
        peer: i64,
        author: i64,
        sent_at: i64,
        hash: &MessageHash,
        now: TimestampMs,
    ) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM early_takebacks
                            WHERE author = (SELECT account_id FROM contacts WHERE id = ?1) AND sent_at = ?2)
                 OR EXISTS (SELECT 1 FROM messages
                            WHERE conversation = (SELECT id FROM conversations WHERE contact = ?3)
                              AND sent_at = ?2 AND author = ?1 AND kind = ?4)",
        )?;
        let found = statement.query_row(params![author, sent_at, peer, MessageKind::Deleted], |row| {
            row.get(0)
        })?;
        if found {
            self.remember_name(author, sent_at, peer, now.plus_ms(EARLY_MS))?;
            self.queue_swarm_deletion(hash)?;
        }
        Ok(found)
    }

    /// Forgets requests whose message did not come.
    pub(crate) fn purge_early_unsends(&self, now: TimestampMs) -> Result<usize, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM early_takebacks WHERE received_at <= ?1")?;
        Ok(statement.execute([now.plus_ms(-EARLY_MS).0])?)
    }

    /// Rows with content under a name. A request of mine does not say where I wrote, so that mine are looked for
    /// everywhere; what others wrote is in the conversation with them.
    fn find_doomed(&self, by_author: bool, author: i64, sent_at: i64) -> Result<Vec<Doomed>, StoreError> {
        let me = self.own_row()?;
        let sql = match author == me {
            true => {
                "SELECT messages.id, contacts.account_id, contacts.id FROM messages
                 CROSS JOIN conversations ON conversations.id = messages.conversation
                 CROSS JOIN contacts ON contacts.id = conversations.contact
                 WHERE messages.status > 0 AND messages.sent_at = ?1 AND messages.author = ?2 AND messages.kind < ?3"
            }
            false => {
                "SELECT messages.id, contacts.account_id, contacts.id FROM contacts
                 CROSS JOIN conversations ON conversations.contact = contacts.id
                 CROSS JOIN messages ON messages.conversation = conversations.id
                 WHERE contacts.id = ?2 AND messages.sent_at = ?1 AND messages.author = ?2 AND messages.kind < ?3"
            }
        };
        let mut statement = self.conn.prepare_cached(sql)?;
        let doomed = statement.query_map(params![sent_at, author, FIRST_QUIET_KIND], |row| {
            let in_notes = row.get::<_, i64>(2)? == me;
            Ok(Doomed {
                id: row.get(0)?,
                peer: column::account_id(row, 1)?,
                // What I delete of others is my own affair; nobody took it back.
                leaves: match in_notes || !by_author {
                    true => Leaves::Nothing,
                    false => Leaves::Line,
                },
            })
        })?;
        Ok(doomed.collect::<Result<_, _>>()?)
    }

    /// Has everything deleted that my swarm holds of a message, or is about to get.
    fn doom_copies(&self, message: MessageId) -> Result<(), StoreError> {
        if let Some(hash) = self.own_hash(message)? {
            self.queue_swarm_deletion(&hash)?;
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT outbox.account_id, outbox.namespace, outbox.payload FROM outbox
             CROSS JOIN account ON account.account_id = outbox.account_id
             WHERE outbox.message = ?1",
        )?;
        let copies = statement.query_map([message], |row| {
            let payload: Vec<u8> = row.get(2)?;
            let namespace = protocol::storage::Namespace(row.get(1)?);
            Ok(compute_hash(column::account_id(row, 0)?, namespace, &payload))
        })?;
        for hash in copies.collect::<Result<Vec<_>, _>>()? {
            self.queue_swarm_deletion(&hash)?;
        }
        Ok(())
    }

    /// Puts a line without content where a message was. The row is made anew under its id, so that everything that hung
    /// on it goes: deliveries, reactions, files.
    fn leave_line(&self, id: MessageId, status: Option<MessageStatus>) -> Result<(), StoreError> {
        let message = self.message(id)?;
        let mut statement = self.conn.prepare_cached(
            "DELETE FROM messages WHERE id = ?1
             RETURNING conversation, author, disappearing_mode, disappearing_s, expires_at",
        )?;
        let (conversation, author, mode, seconds, expires_at) = statement.query_row([id], |row| {
            let timer: (i64, i64, Option<i64>) = (row.get(2)?, row.get(3)?, row.get(4)?);
            let (conversation, author): (i64, i64) = (row.get(0)?, row.get(1)?);
            Ok((conversation, author, timer.0, timer.1, timer.2))
        })?;
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO messages (id, conversation, author, sent_at, received_at, kind, status,
                                   disappearing_mode, disappearing_s, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT DO NOTHING",
        )?;
        statement.execute(params![
            id,
            conversation,
            author,
            message.sent_at.0,
            message.received_at.0,
            MessageKind::Deleted,
            status.map_or(0, |status| status as i64),
            mode,
            seconds,
            expires_at
        ])?;
        if !message.read {
            self.conn
                .prepare_cached("UPDATE conversations SET unread = unread - 1 WHERE id = ?1")?
                .execute([conversation])?;
        }
        Ok(())
    }

    /// Leaves only a line of a message that another device knows as taken back.
    pub(crate) fn take_away(&self, id: MessageId) -> Result<(), StoreError> {
        self.leave_line(id, None)
    }

    /// Queues what takes a message back. Each delivery waits for the one before.
    fn queue_takeback(
        &self,
        message: Option<MessageId>,
        deliveries: &[NewDelivery],
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        let ids = self.queue_deliveries(message, deliveries, now)?;
        let mut statement = self
            .conn
            .prepare_cached("UPDATE outbox SET takes_back = 1 WHERE id = ?1")?;
        for id in ids {
            statement.execute([id])?;
        }
        Ok(())
    }

    fn keep_early_unsend(
        &self,
        target: &MessageName,
        quota: Option<AccountId>,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        let quota = column::quota(quota);
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO early_takebacks (quota, author, sent_at, received_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (author, sent_at, quota) DO NOTHING",
        )?;
        statement.execute(params![quota, target.author.to_bytes(), target.sent_at.0, now.0])?;
        let mut statement = self.conn.prepare_cached(
            "DELETE FROM early_takebacks WHERE quota = ?1 AND id <= (
                 SELECT id FROM early_takebacks WHERE quota = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        )?;
        statement.execute(params![quota, MOST_EARLY])?;
        Ok(())
    }

    fn remember_name(
        &self,
        author: i64,
        sent_at: i64,
        peer: i64,
        forget_at: TimestampMs,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO removed_messages (author, sent_at, contact, forget_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (author, sent_at, contact) DO UPDATE SET forget_at = max(forget_at, excluded.forget_at)",
        )?;
        statement.execute(params![author, sent_at, peer, forget_at.0])?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "deletion_tests.rs"]
mod tests;
