//! What became of a restored account, as far as the store can tell.

use rusqlite::OptionalExtension;

use crate::{Reading, StoreError, Writing};

/// What came back with a restored account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The messages that waited in the swarm were fetched once.
    pub messages_read: bool,
    /// People I accepted and did not block.
    pub contacts: u32,
    /// Messages.
    pub messages: u32,
}

impl Reading<'_> {
    /// What came back with the account; `None` once that was read, and for accounts that were made here.
    ///
    /// # Errors
    /// When the database fails.
    pub fn restored(&self) -> Result<Option<Restored>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT messages_read,
                    (SELECT count(*) FROM contacts
                     WHERE approved = 1 AND blocked = 0 AND contacts.account_id <> account.account_id),
                    (SELECT count(*) FROM messages)
             FROM account WHERE report_due = 1",
        )?;
        let restored = statement.query_row([], |row| {
            Ok(Restored {
                messages_read: row.get(0)?,
                contacts: row.get(1)?,
                messages: row.get(2)?,
            })
        });
        Ok(restored.optional()?)
    }

    /// Whether the messages that waited for a restored account were not fetched yet, and somebody is to be told of them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn awaits_messages(&self) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM account WHERE report_due = 1 AND messages_read = 0)",
        )?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }
}

impl Writing<'_> {
    /// Notes that the messages that waited in the swarm were fetched.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without an account.
    pub fn note_messages_read(&self) -> Result<(), StoreError> {
        self.update_account("UPDATE account SET messages_read = 1", &[])
    }

    /// What came back with the account is not told any more.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without an account.
    pub fn dismiss_restored(&self) -> Result<(), StoreError> {
        self.update_account("UPDATE account SET report_due = 0", &[])
    }

    /// Never shows the recovery phrase on this device again; its reminder goes away with it, and the schedule of backups
    /// leaves the account out.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without an account.
    pub fn hide_phrase(&self) -> Result<(), StoreError> {
        self.conn
            .execute("UPDATE backup_schedule SET include_account = 0", [])?;
        self.update_account(
            "UPDATE account SET phrase_hidden = 1, phrase_seen = 1, phrase_reminder = 0",
            &[],
        )
    }
}
