//! What is still to be sent. Everything that leaves the device is a row here first.

mod blocked;

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::{MessageHash, Namespace};
use rusqlite::{OptionalExtension, Row, params};

use crate::column::{self, row_id, stored_enum};
use crate::{MessageId, MessageStatus, Reading, StoreError, Writing};

row_id! {
    /// Names one delivery; never reused.
    DeliveryId
}

stored_enum! {
    /// What a delivery is for.
    Step {
        /// To whom the message is written.
        Recipient = 1,
        /// The copy for my other devices, in my own swarm.
        SyncCopy = 2,
    }
}

/// A delivery to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// What it is for.
    pub step: Step,
    /// Whose swarm.
    pub account_id: AccountId,
    /// Which box.
    pub namespace: Namespace,
    /// How long the swarm keeps it, in milliseconds, above zero.
    pub ttl_ms: i64,
    /// Sealed bytes. Every try sends the same, so that the swarm holds one copy however often it is tried.
    pub payload: Vec<u8>,
}

/// A delivery whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Names it.
    pub id: DeliveryId,
    /// The message it belongs to; `None` for control messages.
    pub message: Option<MessageId>,
    /// The conversation of that message.
    pub conversation: Option<AccountId>,
    /// What it is for.
    pub step: Step,
    /// Whose swarm.
    pub account_id: AccountId,
    /// Which box.
    pub namespace: Namespace,
    /// How long the swarm keeps it, in milliseconds.
    pub ttl_ms: i64,
    /// Sealed bytes.
    pub payload: Vec<u8>,
    /// Tries so far.
    pub attempts: u32,
    /// Device time of queueing, or of the last retry by hand.
    pub since: TimestampMs,
    /// It takes its message back.
    pub takes_back: bool,
}

/// How far the sending of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextTry {
    /// Tries so far.
    pub attempts: u32,
    /// Device time of the next one; `None` while one is under way, and after the last.
    pub at: Option<TimestampMs>,
}

const UNDER_WAY: i64 = 2;

pub(crate) const DUE: &str = "
    SELECT id FROM outbox WHERE state = 1 AND after IS NULL AND next_try_at <= ?1
    ORDER BY next_try_at, id LIMIT ?2";

const SELECT: &str = "
    SELECT outbox.id, outbox.message, peer.account_id, outbox.step, outbox.account_id, outbox.namespace,
           outbox.ttl_ms, outbox.payload, outbox.attempts, outbox.since, outbox.takes_back
    FROM outbox
    LEFT JOIN messages ON messages.id = outbox.message
    LEFT JOIN conversations ON conversations.id = messages.conversation
    LEFT JOIN contacts AS peer ON peer.id = conversations.contact
    WHERE outbox.id = ?1";

impl Delivery {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            message: row.get(1)?,
            conversation: row.get::<_, Option<[u8; 33]>>(2)?.map(AccountId::from_bytes),
            step: row.get(3)?,
            account_id: column::account_id(row, 4)?,
            namespace: Namespace(row.get(5)?),
            ttl_ms: row.get(6)?,
            payload: row.get(7)?,
            attempts: row.get(8)?,
            since: TimestampMs(row.get(9)?),
            takes_back: row.get(10)?,
        })
    }
}

impl Reading<'_> {
    /// Device time at which the next delivery, or deletion in my own swarm, is due; `None` when nothing waits.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_due(&self) -> Result<Option<TimestampMs>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT next_try_at FROM outbox WHERE state = 1 AND after IS NULL ORDER BY next_try_at, id LIMIT 1",
        )?;
        let delivery = statement
            .query_row([], |row| row.get(0).map(TimestampMs))
            .optional()?;
        Ok([delivery, self.next_swarm_deletion()?]
            .into_iter()
            .flatten()
            .min())
    }

    /// What is known of the sending of a message; `None` when nothing of it is queued.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_try_of(&self, message: MessageId) -> Result<Option<NextTry>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT attempts, iif(state = 1, next_try_at, NULL) FROM outbox
             WHERE message = ?1 AND after IS NULL ORDER BY id LIMIT 1",
        )?;
        let next = statement.query_row([message], |row| {
            Ok(NextTry {
                attempts: row.get(0)?,
                at: row.get::<_, Option<i64>>(1)?.map(TimestampMs),
            })
        });
        Ok(next.optional()?)
    }

    /// Deliveries that wait or are under way; those given up are not counted.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_queued(&self) -> Result<u32, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT count(*) FROM outbox WHERE state <> 3")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Deliveries, and deletions in my own swarm, that are under way now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn count_under_way(&self) -> Result<u32, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT count(*) FROM outbox WHERE state = ?1")?;
        let deliveries: u32 = statement.query_row([UNDER_WAY], |row| row.get(0))?;
        Ok(deliveries.saturating_add(self.count_swarm_deletions_under_way()?))
    }
}

impl Writing<'_> {
    /// Queues a control message that shows no row of its own. Each delivery waits for the one before.
    ///
    /// # Errors
    /// When the database fails.
    pub fn queue_control(&self, deliveries: &[NewDelivery], now: TimestampMs) -> Result<(), StoreError> {
        self.queue_deliveries(None, deliveries, now).map(drop)
    }

    /// Queues the deliveries of a message whose row is there already; it is Queued again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn queue_deliveries_of(
        &self,
        message: MessageId,
        deliveries: &[NewDelivery],
        now: TimestampMs,
    ) -> Result<(), StoreError> {
        self.set_status(message, MessageStatus::Queued, None)?;
        self.queue_deliveries(Some(message), deliveries, now).map(drop)
    }

    /// Takes the deliveries that are due, at most `limit`, and marks them as under way; their messages become Sending.
    ///
    /// # Errors
    /// When the database fails.
    pub fn claim_due(&self, now: TimestampMs, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let mut statement = self.conn.prepare_cached(DUE)?;
        let due = statement.query_map(params![now.0, limit], |row| row.get::<_, DeliveryId>(0))?;
        due.collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .map(|id| self.claim(id))
            .collect()
    }

    fn claim(&self, id: DeliveryId) -> Result<Delivery, StoreError> {
        self.set_state(id, UNDER_WAY)?;
        let delivery = self
            .conn
            .prepare_cached(SELECT)?
            .query_row([id], Delivery::from_row)?;
        if let (Step::Recipient, Some(message)) = (delivery.step, delivery.message) {
            self.set_status(message, MessageStatus::Sending, None)?;
        }
        Ok(delivery)
    }

    /// Records a try that failed for the time being. The message is Queued again, with the reason beside it.
    ///
    /// # Errors
    /// When the database fails. A delivery that is gone, because its message was deleted meanwhile, is no error here
    /// and in the following methods.
    pub fn record_attempt(
        &self,
        id: DeliveryId,
        next_try_at: TimestampMs,
        failure: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE outbox SET state = 1, attempts = attempts + 1, next_try_at = ?2 WHERE id = ?1
             RETURNING step, message",
        )?;
        let found = statement
            .query_row(params![id, next_try_at.0], step_and_message)
            .optional()?;
        if let Some((Step::Recipient, Some(message))) = found {
            self.set_status(message, MessageStatus::Queued, failure)?;
        }
        Ok(())
    }

    /// Records that a swarm keeps the delivery, under `hash`. The delivery leaves the queue and the one after it is due.
    /// The message becomes Sent when this was the recipient's.
    ///
    /// # Errors
    /// When the database fails.
    pub fn mark_sent(&self, id: DeliveryId, hash: &MessageHash) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "DELETE FROM outbox WHERE id = ?1 RETURNING step, message, account_id, takes_back",
        )?;
        let gone = statement.query_row([id], |row| {
            let (step, message) = step_and_message(row)?;
            Ok((step, message, column::account_id(row, 2)?, row.get::<_, bool>(3)?))
        });
        let Some((step, Some(message), to, takes_back)) = gone.optional()? else {
            return Ok(());
        };
        if step == Step::Recipient && !takes_back {
            let mut statement = self
                .conn
                .prepare_cached("UPDATE messages SET recipient_hash = ?2 WHERE id = ?1")?;
            statement.execute(params![message, hash.as_str()])?;
        }
        if !takes_back && (step == Step::SyncCopy || self.contact_row(&to)? == Some(self.own_row()?)) {
            self.set_own_hash(message, hash)?;
        }
        let mut statement = self.conn.prepare_cached(
            "UPDATE messages SET status = ?2, failure = NULL WHERE id = ?1 AND status <> ?3",
        )?;
        statement.execute(params![message, MessageStatus::Sent, MessageStatus::Read])?;
        self.apply_early_receipt(message)
    }

    /// Gives a delivery up until it is retried by hand. Its message is Failed, or SyncFailed when the recipient has it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn give_up(&self, id: DeliveryId, failure: &str) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE outbox SET state = 3, attempts = attempts + 1 WHERE id = ?1 RETURNING step, message",
        )?;
        match statement.query_row([id], step_and_message).optional()? {
            Some((Step::Recipient, Some(message))) => {
                self.set_status(message, MessageStatus::Failed, Some(failure))?;
            }
            Some((Step::SyncCopy, Some(message))) => {
                self.set_status(message, MessageStatus::SyncFailed, Some(failure))?;
            }
            // Nobody sees a control message, so nobody could retry it.
            Some((_, None)) => {
                self.conn
                    .prepare_cached("DELETE FROM outbox WHERE id = ?1")?
                    .execute([id])?;
            }
            None => {}
        }
        Ok(())
    }

    /// Tries a message again that was given up: the same bytes, with a full set of automatic tries. One that waits is
    /// tried now, one that is being tried or was sent meanwhile is left alone.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a message of which nothing was ever to be sent.
    pub fn retry(&self, message: MessageId, now: TimestampMs) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE outbox SET state = 1, attempts = 0, next_try_at = ?2, since = ?2
             WHERE message = ?1 AND state = 3 RETURNING step",
        )?;
        let steps = statement.query_map(params![message, now.0], |row| row.get::<_, Step>(0))?;
        let steps = steps.collect::<Result<Vec<_>, _>>()?;
        let status = match steps.as_slice() {
            [] => return self.hurry(message, now),
            steps if steps.contains(&Step::Recipient) => MessageStatus::Queued,
            _ => MessageStatus::Sent,
        };
        self.set_status(message, status, None)?;
        Ok(())
    }

    fn hurry(&self, message: MessageId, now: TimestampMs) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE outbox SET next_try_at = ?2 WHERE message = ?1 AND state = 1 AND after IS NULL",
        )?;
        match statement.execute(params![message, now.0])? {
            0 if self.message(message)?.status.is_none() => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }

    /// Makes everything that waits due now: for the moment when the connection returns.
    ///
    /// # Errors
    /// When the database fails.
    pub fn wake_waiting(&self, now: TimestampMs) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("UPDATE outbox SET next_try_at = ?1 WHERE state = 1 AND next_try_at > ?1")?;
        statement.execute([now.0])?;
        self.wake_swarm_deletions(now)
    }

    pub(crate) fn queue_deliveries(
        &self,
        message: Option<MessageId>,
        deliveries: &[NewDelivery],
        now: TimestampMs,
    ) -> Result<Vec<DeliveryId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO outbox (message, step, after, account_id, namespace, ttl_ms, payload, next_try_at, since)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
        )?;
        let mut ids = Vec::new();
        for delivery in deliveries {
            ids.push(DeliveryId(statement.insert(params![
                message,
                delivery.step,
                ids.last(),
                delivery.account_id.to_bytes(),
                delivery.namespace.0,
                delivery.ttl_ms,
                delivery.payload,
                now.0
            ])?));
        }
        Ok(ids)
    }

    fn set_state(&self, id: DeliveryId, state: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE outbox SET state = ?2 WHERE id = ?1")?
            .execute(params![id, state])?;
        Ok(())
    }
}

fn step_and_message(row: &Row<'_>) -> rusqlite::Result<(Step, Option<MessageId>)> {
    Ok((row.get(0)?, row.get(1)?))
}

/// Lets deliveries wait again that a killed process had under way.
pub(crate) fn release_claims(writing: &Writing<'_>) -> Result<(), StoreError> {
    writing.conn.execute_batch(
        "UPDATE messages SET status = 1 WHERE status = 2 AND id IN (SELECT message FROM outbox WHERE state = 2);
         UPDATE outbox SET state = 1 WHERE state = 2;
         UPDATE swarm_deletions SET state = 1 WHERE state = 2;",
    )?;
    Ok(())
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
