//! When messages expire, and forgetting those that have.

use std::collections::BTreeMap;

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::{ExpireRule, MessageHash, NamespaceScope};
use rusqlite::{OptionalExtension, params};

use super::{ByNamespace, Database, DatabaseError, collect, number};

/// How long the revocations of an account without messages are kept: the longest life of a message.
const REVOCATION_KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

impl Database {
    /// Lowers the expiry of all messages of one box or of all that expire later.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub(in crate::storage) fn expire_all(
        &self,
        account: AccountId,
        scope: NamespaceScope,
        expiry: TimestampMs,
    ) -> Result<ByNamespace, DatabaseError> {
        self.settle_account(&account)?;
        self.write(|transaction| {
            let mut statement = transaction.prepare_cached(
                "UPDATE messages SET expiry = ?3
                 WHERE account = ?1 AND (?2 IS NULL OR namespace = ?2) AND expiry > ?3 RETURNING namespace, hash",
            )?;
            collect(statement.query(params![account.to_bytes(), number(scope), expiry.0])?)
        })
    }

    /// Moves expiries and tells which were moved, with what they are afterwards.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn expire(
        &self,
        account: AccountId,
        changes: &[(MessageHash, TimestampMs)],
        rule: ExpireRule,
    ) -> Result<BTreeMap<MessageHash, TimestampMs>, DatabaseError> {
        self.settle_account(&account)?;
        let condition = match rule {
            ExpireRule::Set => "TRUE",
            ExpireRule::Shorten => "expiry > ?3",
            ExpireRule::Extend => "expiry < ?3",
        };
        self.write(|transaction| {
            let mut statement = transaction.prepare_cached(&format!(
                "UPDATE messages SET expiry = ?3 WHERE account = ?1 AND hash = ?2 AND {condition}"
            ))?;
            let mut updated = BTreeMap::new();
            for (hash, expiry) in changes {
                if statement.execute(params![account.to_bytes(), hash.as_str(), expiry.0])? > 0 {
                    updated.insert(*hash, *expiry);
                }
            }
            Ok(updated)
        })
    }

    /// When messages expire; those that are not there are left out.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn expiries(
        &self,
        account: AccountId,
        hashes: impl IntoIterator<Item = MessageHash>,
    ) -> Result<BTreeMap<MessageHash, TimestampMs>, DatabaseError> {
        self.settle_account(&account)?;
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached("SELECT expiry FROM messages WHERE account = ?1 AND hash = ?2")?;
        let mut expiries = BTreeMap::new();
        for hash in hashes {
            let expiry = statement
                .query_row(params![account.to_bytes(), hash.as_str()], |row| row.get(0))
                .optional()?;
            expiries.extend(expiry.map(|expiry| (hash, TimestampMs(expiry))));
        }
        Ok(expiries)
    }

    /// Forgets what has expired, and the old revocations of accounts without messages; gives the number of messages.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn clean_up(&self, now: TimestampMs) -> Result<usize, DatabaseError> {
        // A full file has to be cleaned up before anything can be moved into it.
        let settled = self.settle();
        let forgotten = self.write(|transaction| {
            transaction.prepare_cached(
                "DELETE FROM revoked_subaccounts WHERE revoked_at <= ?1
                     AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.account = revoked_subaccounts.account)",
            )?
            .execute([now.plus_ms(REVOCATION_KEPT_MS.saturating_neg()).0])?;
            transaction.prepare_cached("DELETE FROM messages WHERE expiry <= ?1")?.execute([now.0])
        })?;
        settled.map(|_| forgotten)
    }
}
