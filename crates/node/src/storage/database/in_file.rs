//! What a database in a file has besides its tables: messages on their way there, and a write-ahead log.

use std::io;
use std::path::Path;
use std::sync::Mutex;

use protocol::account::AccountId;
use rusqlite::{Connection, ffi};

use super::arrivals::{Arrivals, Batch, Urgency};
use super::known::Known;
use super::{CACHE_PAGES, Database, DatabaseError, Kept, NewMessage, locked};

/// Pages that the write-ahead log may have: 1 GiB. Past that, writing waits until they are moved into the file.
const MAX_LOG_PAGES: i64 = 262_144;

#[derive(Debug)]
pub(super) struct InFile {
    /// Moves the write-ahead log into the file.
    log_mover: Mutex<Connection>,
    /// Looks into the tables while they are written.
    reader: Mutex<Connection>,
    known: Known,
    arrivals: Arrivals,
}

impl InFile {
    /// Opens what belongs to the database of a file, and brings the tables up to date.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub(super) fn open(path: &Path, database: &Database) -> Result<Self, DatabaseError> {
        let reader = Connection::open(path)?;
        reader.pragma_update(None, "cache_size", CACHE_PAGES)?;
        let moved = reader.query_row(
            "SELECT coalesce(max(generation), 0) FROM moved_arrivals",
            [],
            |row| row.get(0),
        )?;
        let arrivals = Arrivals::open(path, moved, |batch| database.put(batch).map_err(io::Error::other))
            .map_err(|error| {
                let code = ffi::Error::new(ffi::SQLITE_CANTOPEN);
                DatabaseError::SqliteFailure(code, Some(error.to_string()))
            })?;
        Ok(Self {
            log_mover: Mutex::new(Connection::open(path)?),
            known: Known::of_tables(&reader)?,
            reader: Mutex::new(reader),
            arrivals,
        })
    }

    /// A message goes into the tables.
    pub(super) fn will_have(&self, message: &NewMessage<'_>) {
        self.known.add(&message.hash);
    }

    fn is_in_tables(&self, message: &NewMessage<'_>) -> Result<bool, DatabaseError> {
        if !self.known.may_have(&message.hash) {
            return Ok(false);
        }
        locked(&self.reader)
            .prepare_cached("SELECT 1 FROM messages WHERE hash = ?1")?
            .exists([message.hash.as_str()])
    }
}

impl Database {
    /// Keeps a message for the time being, in a way that survives the end of the process, and tells whether
    /// [`Self::settle`] is due. `None` when it can only be kept in the tables, as [`Self::keep`] does: it is known, or
    /// replaces others, or there is no room.
    pub(in crate::storage) fn take(&self, message: &NewMessage<'_>) -> Option<(Kept, Urgency)> {
        let file = self.file.as_ref()?;
        if message.namespace.is_public_outbox() {
            return None;
        }
        let urgency = file.arrivals.take(message, || file.is_in_tables(message))?;
        let kept = Kept {
            already: false,
            expiry: message.expiry,
        };
        Some((kept, urgency))
    }

    /// Moves all messages that were taken into the tables; gives the bytes that they took.
    ///
    /// # Errors
    /// [`DatabaseError`]; they are still kept.
    pub(in crate::storage) fn settle(&self) -> Result<usize, DatabaseError> {
        match &self.file {
            Some(file) => file.arrivals.move_all(|batch| self.put(batch)),
            None => Ok(0),
        }
    }

    /// Has the tables tell all of an account.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub(super) fn settle_account(&self, account: &AccountId) -> Result<(), DatabaseError> {
        match &self.file {
            Some(file) => file.arrivals.move_all_of(account, |batch| self.put(batch)),
            None => Ok(()),
        }
    }

    fn put(&self, batch: &Batch) -> Result<(), DatabaseError> {
        let journal = batch.journal();
        self.write(|transaction| {
            for message in journal.messages() {
                self.keep_in(transaction, &message)?;
            }
            transaction
                .prepare_cached(
                    "INSERT INTO moved_arrivals (id, generation) VALUES (1, ?1)
                     ON CONFLICT (id) DO UPDATE SET generation = max(generation, excluded.generation)",
                )?
                .execute([journal.generation()])?;
            Ok(())
        })
    }

    /// Moves the write-ahead log into the file. Waits for the disk, while reading and writing go on beside it.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn checkpoint(&self) -> Result<(), DatabaseError> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let connection = locked(&file.log_mover);
        let log_pages: i64 = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))?;
        if log_pages > MAX_LOG_PAGES {
            connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()))?;
        }
        Ok(())
    }
}
