//! Which tokens an account's owner has revoked.

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::SubaccountToken;
use rusqlite::params;

use super::{Database, DatabaseError};

/// Revocations kept of one account; the same as one request may hold. SUB-05.
const KEPT: i64 = 50;

impl Database {
    /// Revokes tokens; of an account's revocations the newest are kept. Spec: storage §8 (SUB-05).
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn revoke(
        &self,
        account: AccountId,
        tokens: &[SubaccountToken],
        now: TimestampMs,
    ) -> Result<(), DatabaseError> {
        self.write(|transaction| {
            let mut insert = transaction.prepare_cached(
                "INSERT OR IGNORE INTO revoked_subaccounts (account, token, revoked_at) VALUES (?1, ?2, ?3)",
            )?;
            for token in tokens {
                insert.execute(params![account.to_bytes(), token.as_bytes(), now.0])?;
            }
            transaction
                .prepare_cached(
                    "DELETE FROM revoked_subaccounts WHERE account = ?1 AND id NOT IN (
                         SELECT id FROM revoked_subaccounts WHERE account = ?1 ORDER BY id DESC LIMIT ?2)",
                )?
                .execute(params![account.to_bytes(), KEPT])?;
            Ok(())
        })
    }

    /// Takes revocations back and tells how many there were.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn unrevoke(&self, account: AccountId, tokens: &[SubaccountToken]) -> Result<u64, DatabaseError> {
        self.write(|transaction| {
            let mut delete = transaction
                .prepare_cached("DELETE FROM revoked_subaccounts WHERE account = ?1 AND token = ?2")?;
            let mut count: u64 = 0;
            for token in tokens {
                if delete.execute(params![account.to_bytes(), token.as_bytes()])? > 0 {
                    count = count.saturating_add(1);
                }
            }
            Ok(count)
        })
    }

    /// Whether a token is revoked.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn is_revoked(&self, account: AccountId, token: &SubaccountToken) -> Result<bool, DatabaseError> {
        self.lock()
            .prepare_cached("SELECT 1 FROM revoked_subaccounts WHERE account = ?1 AND token = ?2")?
            .exists(params![account.to_bytes(), token.as_bytes()])
    }

    /// An account's revoked tokens, oldest first.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn revoked(&self, account: AccountId) -> Result<Vec<SubaccountToken>, DatabaseError> {
        self.lock()
            .prepare_cached("SELECT token FROM revoked_subaccounts WHERE account = ?1 ORDER BY id")?
            .query_map([account.to_bytes()], |row| {
                row.get(0).map(SubaccountToken::from_bytes)
            })?
            .collect()
    }
}
