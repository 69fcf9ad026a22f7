//! Hashes that are to be deleted in my own swarm. They wait here until enough of its members have done so.
//! Spec: messages §11 (DEL-03).

use protocol::TimestampMs;
use protocol::storage::MessageHash;
use rusqlite::{OptionalExtension, params};

use crate::{Reading, StoreError, Writing};

const WAITS: i64 = 1;
const UNDER_WAY: i64 = 2;

/// Hashes whose turn it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SwarmDeletions {
    /// The hashes.
    pub hashes: Vec<MessageHash>,
    /// Tries so far, of the one that was tried most.
    pub attempts: u32,
}

impl Reading<'_> {
    /// Device time at which the next deletion is due; `None` when nothing waits.
    pub(crate) fn next_swarm_deletion(&self) -> Result<Option<TimestampMs>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT next_try_at FROM swarm_deletions WHERE state = 1 ORDER BY next_try_at LIMIT 1",
        )?;
        Ok(statement
            .query_row([], |row| row.get(0).map(TimestampMs))
            .optional()?)
    }

    pub(crate) fn count_swarm_deletions_under_way(&self) -> Result<u32, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT count(*) FROM swarm_deletions WHERE state = ?1")?;
        Ok(statement.query_row([UNDER_WAY], |row| row.get(0))?)
    }
}

impl Writing<'_> {
    /// Has a hash deleted in my own swarm, as soon as that can be.
    pub(crate) fn queue_swarm_deletion(&self, hash: &MessageHash) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("INSERT INTO swarm_deletions (hash) VALUES (?1) ON CONFLICT (hash) DO NOTHING")?;
        statement.execute([hash.as_str()])?;
        Ok(())
    }

    /// Takes the hashes that are due, at most `limit`, and marks them as under way.
    ///
    /// # Errors
    /// When the database fails.
    pub fn claim_swarm_deletions(&self, now: TimestampMs, limit: u32) -> Result<SwarmDeletions, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE swarm_deletions SET state = 2 WHERE hash IN (
                 SELECT hash FROM swarm_deletions WHERE state = 1 AND next_try_at <= ?1
                 ORDER BY next_try_at LIMIT ?2)
             RETURNING hash, attempts",
        )?;
        let rows = statement.query_map(params![now.0, limit], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?))
        })?;
        let mut due = SwarmDeletions::default();
        for (hash, attempts) in rows.collect::<Result<Vec<_>, _>>()? {
            due.hashes.extend(MessageHash::parse(hash.as_bytes()));
            due.attempts = due.attempts.max(attempts);
        }
        Ok(due)
    }

    /// The swarm has deleted these.
    ///
    /// # Errors
    /// When the database fails.
    pub fn finish_swarm_deletions(&self, hashes: &[MessageHash]) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM swarm_deletions WHERE hash = ?1")?;
        for hash in hashes {
            statement.execute([hash.as_str()])?;
        }
        Ok(())
    }

    /// The swarm could not be asked; these are due again at a device time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn postpone_swarm_deletions(
        &self,
        hashes: &[MessageHash],
        next_try_at: TimestampMs,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE swarm_deletions SET state = ?2, attempts = attempts + 1, next_try_at = ?3 WHERE hash = ?1",
        )?;
        for hash in hashes {
            statement.execute(params![hash.as_str(), WAITS, next_try_at.0])?;
        }
        Ok(())
    }

    /// Makes everything that waits due now.
    pub(crate) fn wake_swarm_deletions(&self, now: TimestampMs) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE swarm_deletions SET next_try_at = ?1 WHERE state = 1 AND next_try_at > ?1",
        )?;
        statement.execute([now.0])?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "swarm_deletions_tests.rs"]
mod tests;
