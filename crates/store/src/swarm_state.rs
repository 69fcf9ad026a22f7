//! Where reading at the swarm's nodes goes on, and what was read already.

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::{MessageHash, Namespace};
use rusqlite::{OptionalExtension, params};

use crate::{Reading, StoreError, Writing};

/// The newest hash that one node gave for one box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastHash {
    /// The node's Ed25519 key.
    pub node: [u8; 32],
    /// Whose swarm.
    pub account_id: AccountId,
    /// Which box.
    pub namespace: Namespace,
    /// The hash.
    pub hash: MessageHash,
    /// When the node forgets it.
    pub expires_at: TimestampMs,
}

impl Reading<'_> {
    /// From where to go on at a node; `None` to read everything.
    ///
    /// # Errors
    /// When the database fails.
    pub fn last_hash(
        &self,
        node: &[u8; 32],
        account_id: &AccountId,
        namespace: Namespace,
        now: TimestampMs,
    ) -> Result<Option<MessageHash>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT hash FROM last_hashes
             WHERE node = ?1 AND account_id = ?2 AND namespace = ?3 AND expires_at > ?4",
        )?;
        let key = params![node, account_id.to_bytes(), namespace.0, now.0];
        let hash = statement
            .query_row(key, |row| row.get::<_, String>(0))
            .optional()?;
        Ok(hash.and_then(|hash| MessageHash::parse(hash.as_bytes())))
    }

    /// Whether an item was taken off the swarm before, so that opening it can be spared.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_seen(&self, hash: &MessageHash) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM seen_hashes WHERE hash = ?1)")?;
        Ok(statement.query_row([hash.as_str()], |row| row.get(0))?)
    }
}

impl Writing<'_> {
    /// Keeps from where to go on at a node.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_last_hash(&self, last: &LastHash) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO last_hashes (node, account_id, namespace, hash, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (node, account_id, namespace)
             DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at",
        )?;
        let (account_id, hash) = (last.account_id.to_bytes(), last.hash.as_str());
        statement.execute(params![
            last.node,
            account_id,
            last.namespace.0,
            hash,
            last.expires_at.0
        ])?;
        Ok(())
    }

    /// Forgets from where to go on, at all nodes: the next reading brings everything that the swarm holds.
    ///
    /// # Errors
    /// When the database fails.
    pub fn clear_last_hashes(&self) -> Result<(), StoreError> {
        self.conn.execute("DELETE FROM last_hashes", [])?;
        Ok(())
    }

    /// Forgets what the swarm has forgotten too. Answers how many rows went.
    ///
    /// # Errors
    /// When the database fails.
    pub fn purge_expired(&self, now: TimestampMs) -> Result<usize, StoreError> {
        let seen = self
            .conn
            .prepare_cached("DELETE FROM seen_hashes WHERE expires_at <= ?1")?
            .execute([now.0])?;
        let last = self
            .conn
            .prepare_cached("DELETE FROM last_hashes WHERE expires_at <= ?1")?
            .execute([now.0])?;
        let early = self.purge_early_reactions(now)?;
        let removed = self.purge_removed(now)?;
        let unsent = self.purge_early_unsends(now)?;
        let unread = self.purge_early_receipts(now)?;
        Ok([last, early, removed, unsent, unread]
            .into_iter()
            .fold(seen, usize::saturating_add))
    }

    /// Has an item looked at once more when another node gives it.
    pub(crate) fn forget_seen(&self, hash: &MessageHash) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM seen_hashes WHERE hash = ?1")?
            .execute([hash.as_str()])?;
        Ok(())
    }

    /// Remembers an item of the swarm. Answers whether it is the first time.
    pub(crate) fn mark_seen(&self, hash: &MessageHash, until: TimestampMs) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO seen_hashes (hash, expires_at) VALUES (?1, ?2) ON CONFLICT (hash) DO NOTHING",
        )?;
        Ok(statement.execute(params![hash.as_str(), until.0])? == 1)
    }
}

#[cfg(test)]
#[path = "swarm_state_tests.rs"]
mod tests;
