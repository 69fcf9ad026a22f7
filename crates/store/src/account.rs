//! The account that owns the store.

mod restored;

use protocol::TimestampMs;
use protocol::account::{AccountId, Seed};
use rusqlite::{OptionalExtension, params};
use zeroize::Zeroizing;

pub use restored::Restored;

use crate::column::{self, stored_enum};
use crate::{PictureId, Reading, StoreError, Writing};

stored_enum! {
    /// How the account came to be on this device.
    Origin {
        /// Made here.
        Created = 1,
        /// Brought here by its recovery phrase.
        Restored = 2,
    }
}

stored_enum! {
    /// How new messages reach the phone.
    NotificationMode {
        /// A push service wakes the app.
        Fast = 1,
        /// The app looks by itself.
        Slow = 2,
    }
}

stored_enum! {
    /// The first unfinished step of onboarding.
    Stage {
        /// A display name is to be chosen.
        Name = 1,
        /// The notification mode is to be chosen.
        Notifications = 2,
        /// The recovery phrase is to be saved.
        SavePhrase = 3,
        /// A restored account is being looked up.
        Loading = 4,
        /// Nothing was found for a restored account: a name is to be chosen.
        RestoreName = 5,
        /// Done.
        Home = 6,
    }
}

/// The account as it is stored. Holds the secret seed.
#[derive(Clone, Debug)]
pub struct Account {
    /// The one secret.
    pub seed: Seed,
    /// Follows from the seed.
    pub account_id: AccountId,
    /// Made here or restored.
    pub origin: Origin,
    /// Empty until chosen.
    pub display_name: String,
    /// When the name was chosen; zero before.
    pub display_name_set_at: TimestampMs,
    /// `None` until chosen.
    pub notification_mode: Option<NotificationMode>,
    /// The first unfinished step of onboarding.
    pub stage: Stage,
    /// The recovery phrase was shown or marked as saved.
    pub phrase_seen: bool,
    /// The reminder to save the phrase is due, until the phrase is seen.
    pub phrase_reminder: bool,
    /// The phrase is not shown on this device any more.
    pub phrase_hidden: bool,
    /// When the account came to this device.
    pub created_at: TimestampMs,
    /// The picture.
    pub picture: Option<PictureId>,
    /// How often it was tried to bring it to the network, while it is not there yet.
    pub picture_tries: Option<u32>,
}

/// What [`Writing::create_account`] needs.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The one secret.
    pub seed: Seed,
    /// Must follow from the seed.
    pub account_id: AccountId,
    /// Made here or restored.
    pub origin: Origin,
    /// Where onboarding begins.
    pub stage: Stage,
    /// The time.
    pub created_at: TimestampMs,
}

impl Reading<'_> {
    /// The account, or `None` before there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn account(&self) -> Result<Option<Account>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT seed, account_id, origin, display_name, display_name_set_at, notification_mode, stage,
                    phrase_seen, phrase_reminder, created_at,
                    (SELECT picture FROM contacts WHERE contacts.account_id = account.account_id),
                    (SELECT attempts FROM own_picture WHERE task = 1), phrase_hidden
             FROM account",
        )?;
        let account = statement.query_row([], |row| {
            let seed = Zeroizing::new(row.get::<_, Vec<u8>>(0)?);
            Ok(Account {
                // The column's check allows the two good lengths only.
                seed: Seed::from_bytes(&seed).map_err(|_| rusqlite::Error::InvalidQuery)?,
                account_id: column::account_id(row, 1)?,
                origin: row.get(2)?,
                display_name: row.get(3)?,
                display_name_set_at: TimestampMs(row.get(4)?),
                notification_mode: row.get(5)?,
                stage: row.get(6)?,
                phrase_seen: row.get(7)?,
                phrase_reminder: row.get(8)?,
                created_at: TimestampMs(row.get(9)?),
                picture: row.get(10)?,
                picture_tries: row.get(11)?,
                phrase_hidden: row.get(12)?,
            })
        });
        Ok(account.optional()?)
    }
}

impl Writing<'_> {
    /// Stores a new account.
    ///
    /// # Errors
    /// [`StoreError::AccountExists`] when there is one already.
    pub fn create_account(&self, account: &NewAccount) -> Result<(), StoreError> {
        let inserted = self.conn.execute(
            "INSERT INTO account (id, seed, account_id, origin, stage, created_at, report_due)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
            params![
                account.seed.expose_secret(),
                account.account_id.to_bytes(),
                account.origin,
                account.stage,
                account.created_at.0,
                account.origin == Origin::Restored
            ],
        )?;
        if inserted == 0 {
            return Err(StoreError::AccountExists);
        }
        self.ensure_contact(account.account_id, account.created_at)?;
        Ok(())
    }

    /// Chooses the display name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without an account.
    pub fn set_display_name(&self, name: &str, at: TimestampMs) -> Result<(), StoreError> {
        let at = self.profile_change_at(at)?;
        self.update_account(
            "UPDATE account SET display_name = ?1, display_name_set_at = ?2",
            params![name, at.0],
        )
    }

    /// Chooses how new messages reach the phone.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without an account.
    pub fn set_notification_mode(&self, mode: NotificationMode) -> Result<(), StoreError> {
        self.update_account("UPDATE account SET notification_mode = ?1", params![mode])
    }

    /// Moves onboarding to another step.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without an account.
    pub fn set_stage(&self, stage: Stage) -> Result<(), StoreError> {
        self.update_account("UPDATE account SET stage = ?1", params![stage])
    }

    /// Records that the recovery phrase was seen; its reminder goes away for good.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without an account.
    pub fn mark_phrase_seen(&self) -> Result<(), StoreError> {
        self.update_account(
            "UPDATE account SET phrase_seen = 1, phrase_reminder = 0",
            params![],
        )
    }

    /// Makes the reminder to save the phrase due, unless the phrase was seen.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without an account.
    pub fn raise_phrase_reminder(&self) -> Result<(), StoreError> {
        self.update_account("UPDATE account SET phrase_reminder = 1 - phrase_seen", params![])
    }

    /// Deletes the account and everything that belongs to it, whatever table it is in. What is known of the network stays,
    /// and the way to it, and which files are still to be removed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delete_account(&self) -> Result<(), StoreError> {
        self.clear_search()?;
        self.conn.execute_batch("PRAGMA defer_foreign_keys = ON")?;
        // What refers to others was made after them, and goes before them.
        let mut statement = self.conn.prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'
                 AND name NOT GLOB 'search_*' AND name NOT IN ('network_cache', 'services', 'proxy', 'doomed_files')
             ORDER BY rowid DESC",
        )?;
        let tables = statement.query_map([], |row| row.get::<_, String>(0))?;
        for table in tables.collect::<Result<Vec<_>, _>>()? {
            self.conn.execute(&format!("DELETE FROM {table}"), [])?;
        }
        Ok(())
    }

    fn update_account(&self, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<(), StoreError> {
        match self.conn.prepare_cached(sql)?.execute(values)? {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "account_tests.rs"]
mod tests;
