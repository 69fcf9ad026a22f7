//! Disappearing messages: settings, timers, what is due, and what my own swarm is still to hear of timers.
//!
//! A row keeps what its message says of its disappearing, and when it is due once its timer has started. Whatever is due
//! is removed here for good.
//! Spec: messages §12 (DIS-01 to DIS-10).

mod setting;

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::message::Disappearing;
use protocol::message::expiration::{self, Timer};
use protocol::storage::MessageHash;
use rusqlite::{OptionalExtension, params};

use super::{MessageId, MessageKind, MessageStatus};
use crate::column;
use crate::{NewDelivery, Reading, StoreError, Writing};

/// So long a swarm keeps what was not shortened, at least.
const KEPT_MS: i64 = 14 * 24 * 3_600_000;

/// A change of how my messages of a conversation disappear, with the line that shows it.
#[derive(Clone, Debug)]
pub struct NewTimerLine {
    /// Whose conversation; my own for Note to Self.
    pub with: AccountId,
    /// The setting from then on; the line disappears by it, too.
    pub setting: Option<Disappearing>,
    /// From [`Writing::next_sent_at`].
    pub sent_at: TimestampMs,
    /// Device time; the first try is due then.
    pub now: TimestampMs,
    /// What tells the other side and my other devices, in order.
    pub deliveries: Vec<NewDelivery>,
}

/// A timer that started by reading and of which my own swarm does not know yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwarmExpiry {
    /// The message's hash in my own swarm.
    pub hash: MessageHash,
    /// When it disappears here, or has.
    pub expires_at: TimestampMs,
    /// Until when the swarm would keep it by itself, at least: sooner it can only have been removed.
    pub kept_until: TimestampMs,
    /// The swarm is to be asked first: another device may have read it earlier.
    pub ask: bool,
}

/// Where a message was read first, as far as this device knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadWhere {
    Here,
    Elsewhere,
}

/// How a setting is kept in the text of a line: nothing when off, else its mode and its seconds.
pub(crate) fn setting_text(setting: Option<Disappearing>) -> String {
    match column::disappearing_values(setting) {
        (0, _) => String::new(),
        (mode, seconds) => format!("{mode} {seconds}"),
    }
}

/// The setting that the text of a [`MessageKind::DisappearingSet`] line names.
pub fn setting_of_line(text: &str) -> Option<Disappearing> {
    let (mode, seconds) = text.split_once(' ')?;
    column::disappearing_of(mode.parse().ok()?, seconds.parse().ok()?)
}

impl Reading<'_> {
    /// When the next message disappears; `None` when no timer runs.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_expiry(&self) -> Result<Option<TimestampMs>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT expires_at FROM messages WHERE expires_at IS NOT NULL ORDER BY expires_at LIMIT 1",
        )?;
        Ok(statement
            .query_row([], |row| row.get(0).map(TimestampMs))
            .optional()?)
    }

    /// Timers that my own swarm is to be told of or asked for, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn swarm_expiries(&self, limit: u32) -> Result<Vec<SwarmExpiry>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT hash, expires_at, kept_until, ask FROM swarm_expiries ORDER BY hash LIMIT ?1",
        )?;
        let rows = statement.query_map([limit], |row| {
            let (expires_at, kept_until, ask) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let hash = MessageHash::parse(row.get::<_, String>(0)?.as_bytes());
            Ok(hash.map(|hash| SwarmExpiry {
                hash,
                expires_at: TimestampMs(expires_at),
                kept_until: TimestampMs(kept_until),
                ask,
            }))
        })?;
        Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }
}

impl Writing<'_> {
    /// Queues the line that says how my messages disappear, with what tells of it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn queue_timer_line(&self, line: &NewTimerLine) -> Result<MessageId, StoreError> {
        let me = self.own_row()?;
        let conversation = self.ensure_conversation(&line.with, line.now)?.row;
        let (mode, seconds) = column::disappearing_values(line.setting);
        let status = (!line.deliveries.is_empty()).then_some(MessageStatus::Queued);
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO messages (conversation, author, sent_at, received_at, kind, body, status,
                                   disappearing_mode, disappearing_s)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        let id = MessageId(statement.insert(params![
            conversation,
            me,
            line.sent_at.0,
            line.now.0,
            MessageKind::DisappearingSet,
            setting_text(line.setting),
            status.map_or(0, |status| status as i64),
            mode,
            seconds
        ])?);
        self.queue_deliveries(Some(id), &line.deliveries, line.now)?;
        self.show_activity(conversation, line.sent_at.0, 0)?;
        Ok(id)
    }

    /// Starts the timer of a message of mine that the recipient's swarm stored at `stored_at`. One that runs goes on.
    ///
    /// # Errors
    /// When the database fails.
    pub fn start_sent_timer(&self, message: MessageId, stored_at: TimestampMs) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT disappearing_mode, disappearing_s FROM messages WHERE id = ?1 AND expires_at IS NULL",
        )?;
        let setting = statement
            .query_row([message], |row| column::disappearing(row, 0))
            .optional()?
            .flatten();
        match setting {
            Some(setting) => self.set_expiry(message, expiration::after_storing(setting, stored_at)),
            None => Ok(()),
        }
    }

    /// Starts the timers of what was sent up to `up_to` by the other side and starts to disappear by being read.
    pub(crate) fn start_read_timers(
        &self,
        conversation: i64,
        up_to: i64,
        read: ReadWhere,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, disappearing_mode, disappearing_s FROM messages
             WHERE conversation = ?1 AND sent_at <= ?2 AND author <> ?3
               AND disappearing_mode = 1 AND expires_at IS NULL",
        )?;
        let me = self.own_row()?;
        let waiting = statement.query_map(params![conversation, up_to, me], |row| {
            Ok((row.get(0)?, column::disappearing(row, 1)?))
        })?;
        for (message, setting) in waiting.collect::<Result<Vec<_>, _>>()? {
            let Some(setting) = setting else { continue };
            self.set_expiry(message, expiration::after_reading(setting, now))?;
            self.tell_swarm(message, read)?;
        }
        Ok(())
    }

    /// Gives a row that was just received its timer.
    pub(super) fn set_timer(&self, message: MessageId, timer: Timer) -> Result<(), StoreError> {
        match timer {
            Timer::Waits => Ok(()),
            Timer::WaitsUnproven => self.tell_swarm(message, ReadWhere::Elsewhere),
            Timer::Runs(expires_at) => self.set_expiry(message, expires_at),
            Timer::RunsUnproven(expires_at) => {
                self.set_expiry(message, expires_at)?;
                self.tell_swarm(message, ReadWhere::Elsewhere)
            }
        }
    }

    /// Takes over when the swarm drops a message that another device may have read first, as enough of its members have
    /// proven, as long as that is sooner. If the swarm knows of no reading, it is to be told of the one that is known
    /// here, if any.
    ///
    /// # Errors
    /// When the database fails.
    pub fn take_swarm_expiry(
        &self,
        hash: &MessageHash,
        swarm_expires_at: Option<TimestampMs>,
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT messages.id, messages.disappearing_mode, messages.disappearing_s, messages.expires_at,
                    messages.sent_at
             FROM swarm_expiries CROSS JOIN messages ON messages.id = swarm_expiries.message
             WHERE swarm_expiries.hash = ?1",
        )?;
        let known = statement.query_row([hash.as_str()], |row| {
            let expires_at = row.get::<_, Option<i64>>(3)?.map(TimestampMs);
            let sent_at = TimestampMs(row.get(4)?);
            Ok((row.get(0)?, column::disappearing(row, 1)?, expires_at, sent_at))
        });
        let known = known.optional()?;
        if let (Some((message, Some(setting), expires_at, sent_at)), Some(swarm)) = (known, swarm_expires_at)
            && let Some(swarm) = expiration::read_elsewhere(setting, sent_at, swarm, now)
        {
            self.set_expiry(message, expires_at.map_or(swarm, |known| swarm.min(known)))?;
            return self.forget_swarm_expiry(hash);
        }
        if let Some((_, _, None, _)) = known {
            return self.forget_swarm_expiry(hash);
        }
        let mut statement = self
            .conn
            .prepare_cached("UPDATE swarm_expiries SET ask = 0 WHERE hash = ?1")?;
        statement.execute([hash.as_str()])?;
        Ok(())
    }

    /// The swarm does not have a message any more that it would have kept by itself: it is due at once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn expire_lost(&self, hash: &MessageHash, now: TimestampMs) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE messages SET expires_at = min(ifnull(expires_at, ?2), ?2)
             WHERE id = (SELECT message FROM swarm_expiries WHERE hash = ?1)",
        )?;
        statement.execute(params![hash.as_str(), now.0])?;
        self.forget_swarm_expiry(hash)
    }

    /// The swarm knows when a message disappears, or has nothing to know.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_swarm_expiry(&self, hash: &MessageHash) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM swarm_expiries WHERE hash = ?1")?
            .execute([hash.as_str()])?;
        Ok(())
    }

    /// Removes what is due, at most `limit` messages, oldest first. Answers the other sides of their conversations.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delete_expired(&self, now: TimestampMs, limit: u32) -> Result<Vec<AccountId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT messages.id, contacts.account_id FROM messages
             CROSS JOIN conversations ON conversations.id = messages.conversation
             CROSS JOIN contacts ON contacts.id = conversations.contact
             WHERE messages.expires_at <= ?1 ORDER BY messages.expires_at LIMIT ?2",
        )?;
        let due = statement.query_map(params![now.0, limit], |row| {
            Ok((row.get(0)?, column::account_id(row, 1)?))
        })?;
        let mut conversations = Vec::new();
        for (message, with) in due.collect::<Result<Vec<(MessageId, AccountId)>, _>>()? {
            self.delete_message(message)?;
            conversations.push(with);
        }
        Ok(conversations)
    }

    fn set_expiry(&self, message: MessageId, expires_at: TimestampMs) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("UPDATE messages SET expires_at = ?2 WHERE id = ?1")?;
        statement.execute(params![message, expires_at.0])?;
        Ok(())
    }

    /// Has the swarm told of a timer, or asked for one. One that waits has no time yet: nothing is told of it.
    fn tell_swarm(&self, message: MessageId, read: ReadWhere) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO swarm_expiries (hash, message, expires_at, kept_until, ask)
             SELECT own_hash, id, ifnull(expires_at, sent_at + ?3), sent_at + ?3, ?2 FROM messages
             WHERE id = ?1 AND own_hash IS NOT NULL
             ON CONFLICT (hash) DO UPDATE SET ask = excluded.ask, expires_at = excluded.expires_at",
        )?;
        let ask = read == ReadWhere::Elsewhere;
        statement.execute(params![message, ask, KEPT_MS])?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "disappearing_tests.rs"]
mod tests;
