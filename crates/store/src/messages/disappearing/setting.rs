//! How messages of a conversation disappear from then on: mine, and theirs as they said. Spec: messages §12 (DIS-01, DIS-02).

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::message::Disappearing;
use rusqlite::params;

use crate::column;
use crate::{StoreError, Writing};

/// What was set further ahead than this was dated by a wrong clock.
const AHEAD_MS: i64 = 10 * 60_000;

impl Writing<'_> {
    /// Sets how my messages of a conversation disappear, as I have just chosen.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_disappearing(
        &self,
        with: &AccountId,
        setting: Option<Disappearing>,
        set_at: TimestampMs,
    ) -> Result<(), StoreError> {
        let row = self.ensure_contact(*with, set_at)?;
        let (mode, seconds) = column::disappearing_values(setting);
        let mut statement = self.conn.prepare_cached(
            "UPDATE contacts SET disappearing_mode = ?2, disappearing_s = ?3, disappearing_set_at = ?4
             WHERE id = ?1",
        )?;
        statement.execute(params![row, mode, seconds, set_at.0])?;
        Ok(())
    }

    /// Keeps how my messages of a conversation disappear by what another device of mine has set, unless something newer
    /// is known. Answers whether it was kept.
    pub(crate) fn follow_disappearing(
        &self,
        with: &AccountId,
        setting: Option<Disappearing>,
        set_at: TimestampMs,
        now: TimestampMs,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE contacts SET disappearing_mode = ?2, disappearing_s = ?3, disappearing_set_at = ?4
                   WHERE id = ?1 AND (disappearing_set_at < ?4 OR (disappearing_set_at > ?5 AND ?4 <= ?5))";
        self.keep_setting(sql, with, setting, set_at, now)
    }

    /// Keeps how somebody's messages to me disappear from then on, unless something newer is known. Answers whether it
    /// was kept.
    pub(crate) fn set_their_disappearing(
        &self,
        with: &AccountId,
        setting: Option<Disappearing>,
        set_at: TimestampMs,
        now: TimestampMs,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE contacts SET their_disappearing_mode = ?2, their_disappearing_s = ?3,
                       their_disappearing_set_at = ?4
                   WHERE id = ?1
                     AND (their_disappearing_set_at < ?4 OR (their_disappearing_set_at > ?5 AND ?4 <= ?5))";
        self.keep_setting(sql, with, setting, set_at, now)
    }

    /// What a clock dated ahead of time gives way to what a right one dates.
    fn keep_setting(
        &self,
        sql: &str,
        with: &AccountId,
        setting: Option<Disappearing>,
        set_at: TimestampMs,
        now: TimestampMs,
    ) -> Result<bool, StoreError> {
        let row = self.ensure_contact(*with, set_at)?;
        let (mode, seconds) = column::disappearing_values(setting);
        let mut statement = self.conn.prepare_cached(sql)?;
        let latest = now.plus_ms(AHEAD_MS).0;
        Ok(statement.execute(params![row, mode, seconds, set_at.0, latest])? == 1)
    }
}

#[cfg(test)]
#[path = "setting_tests.rs"]
mod tests;
