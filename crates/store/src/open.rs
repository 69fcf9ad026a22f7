//! Opening the database; who may read and who may write.

mod connection;

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use rusqlite::{Connection, TransactionBehavior};

use crate::data_dir::InUse;
use crate::hiding::Hiding;
use crate::{SealedFile, SealedFiles, StoreError, StoreKey, Upgrade, backups, migrations, outbox, search};

use connection::{check_length, connect, create_private, prepare, prepare_writer};

/// The folder of sealed files, beside the database.
pub(crate) const FILES: &str = "files";
/// Readers beside the one writer. More would only keep more page caches in memory.
const READERS: usize = 3;

/// One account's encrypted database. Calls block; any thread may make them.
///
/// One connection writes, a few others read beside it without waiting for it. A second process may open the same file:
/// its writes are waited for.
pub struct Store {
    /// `None` once closed.
    writer: Mutex<Option<Connection>>,
    readers: Option<Readers>,
    /// For what reads for long; nobody else waits for it.
    beside: Mutex<()>,
    files: SealedFiles,
    hiding: Hiding,
    /// Of its data folder, until it is closed.
    in_use: Mutex<Option<InUse>>,
}

/// Connections that only read, opened when first needed. A store in memory has none: it has only one connection.
struct Readers {
    slots: [Mutex<Option<Connection>>; READERS],
    next: AtomicUsize,
    closed: AtomicBool,
    path: PathBuf,
    key: StoreKey,
}

/// A snapshot of the data; every query is a method of it.
pub struct Reading<'c> {
    pub(crate) conn: &'c Connection,
}

/// A transaction under way; every change is a method of it, and so is every query.
pub struct Writing<'c> {
    reading: Reading<'c>,
}

impl<'c> Deref for Writing<'c> {
    type Target = Reading<'c>;

    fn deref(&self) -> &Reading<'c> {
        &self.reading
    }
}

impl Store {
    /// Opens the database at `path`, makes it when there is none, and brings its schema up to date. Deliveries that a
    /// killed process left under way wait again afterwards.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`], [`StoreError::Damaged`], [`StoreError::TooNew`], [`StoreError::DiskFull`],
    /// [`StoreError::Busy`], or the file system's failure.
    pub fn open(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        Self::open_telling(path, key, &|_| ())
    }

    /// [`Store::open`], telling how far a database of an earlier version is.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub(crate) fn open_telling(
        path: &Path,
        key: &StoreKey,
        tell: &dyn Fn(Upgrade),
    ) -> Result<Self, StoreError> {
        create_private(path)?;
        check_length(path)?;
        let mut writer = connect(path, key)?;
        prepare_writer(&writer)?;
        search::register_functions(&writer)?;
        migrations::run(&mut writer, tell)?;
        let readers = Readers {
            slots: std::array::from_fn(|_| Mutex::new(None)),
            next: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
            path: path.to_owned(),
            key: key.clone(),
        };
        let store = Self {
            writer: Mutex::new(Some(writer)),
            readers: Some(readers),
            beside: Mutex::new(()),
            files: SealedFiles::below(path.with_file_name(FILES)),
            hiding: Hiding::default(),
            in_use: Mutex::default(),
        };
        store.write(outbox::release_claims)?;
        store.sweep_files()?;
        Ok(store)
    }

    /// Tells other processes as long as it is open.
    pub(crate) fn in_use(self, in_use: InUse) -> Self {
        Self {
            in_use: Mutex::new(Some(in_use)),
            ..self
        }
    }

    /// A store that lives as long as the value, for tests.
    ///
    /// # Errors
    /// As [`Store::open`], though none is expected.
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut writer = Connection::open_in_memory()?;
        prepare(&writer)?;
        search::register_functions(&writer)?;
        migrations::run(&mut writer, &|_| ())?;
        Ok(Self {
            writer: Mutex::new(Some(writer)),
            readers: None,
            beside: Mutex::new(()),
            files: SealedFiles::in_memory(),
            hiding: Hiding::default(),
            in_use: Mutex::default(),
        })
    }

    /// Runs queries on one snapshot of the data. Must not be called from within `read` or `write`.
    ///
    /// # Errors
    /// What `work` returns, or a failure to reach the data.
    pub fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Reading<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(readers) = &self.readers else {
            let mut writer = self.lock_writer();
            let writer = writer.as_mut().ok_or(StoreError::Closed)?;
            self.hiding.apply(writer)?;
            return in_transaction(writer, TransactionBehavior::Deferred, |conn| {
                work(&Reading { conn })
            });
        };
        let mut slot = readers.lock_one();
        let mut conn = match slot.take() {
            Some(conn) => conn,
            None if readers.closed.load(Ordering::SeqCst) => return Err(StoreError::Closed.into()),
            None => readers.connect()?,
        };
        self.hiding.apply(&conn)?;
        let result = in_transaction(&mut conn, TransactionBehavior::Deferred, |conn| {
            work(&Reading { conn })
        });
        *slot = Some(conn);
        result
    }

    /// Runs queries on one snapshot over a connection of their own, for work that takes long: one at a time, and nobody
    /// else waits for it. Must not be called from within `read` or `write`.
    ///
    /// # Errors
    /// What `work` returns, or a failure to reach the data.
    pub(crate) fn read_beside<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Reading<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(readers) = &self.readers else {
            return self.read(work);
        };
        let _one = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.closed.load(Ordering::SeqCst) {
            return Err(StoreError::Closed.into());
        }
        let mut conn = readers.connect()?;
        in_transaction(&mut conn, TransactionBehavior::Deferred, |conn| {
            work(&Reading { conn })
        })
    }

    pub(crate) const fn hiding(&self) -> &Hiding {
        &self.hiding
    }

    /// Runs changes as one transaction, on disk when this returns. Must not be called from within `read` or `write`.
    ///
    /// # Errors
    /// What `work` returns, or a failure to write; then nothing has changed.
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = self.lock_writer();
        let writer = writer.as_mut().ok_or(StoreError::Closed)?;
        if self.readers.is_none() {
            self.hiding.lift(writer)?;
        }
        in_transaction(writer, TransactionBehavior::Immediate, |conn| {
            work(&Writing {
                reading: Reading { conn },
            })
        })
    }

    /// Where a backup is kept that comes from another device; a store in memory has no such place.
    pub(crate) fn incoming_path(&self) -> Option<PathBuf> {
        Some(self.path()?.with_file_name(backups::INCOMING))
    }

    /// Where the database lies; nowhere in memory.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.readers.as_ref().map(|readers| readers.path.as_path())
    }

    /// The sealed files beside the database.
    pub fn files(&self) -> &SealedFiles {
        &self.files
    }

    /// Seals bytes into a file and runs the changes that make it known. Without them there is no file either. Must not be
    /// called from within `read` or `write`.
    ///
    /// # Errors
    /// What `work` returns, or a failure of the disk; then nothing has changed.
    pub fn keep_file<T, E: From<StoreError>>(
        &self,
        bytes: &[u8],
        work: impl FnOnce(&Writing<'_>, &SealedFile) -> Result<T, E>,
    ) -> Result<T, E> {
        let file = self.files.write(bytes)?;
        let kept = self.write(|writing| work(writing, &file));
        if kept.is_err() {
            // What cannot be removed is swept when the store is opened next.
            let _ = self.files.remove(&file.name);
        }
        kept
    }

    /// Removes the files that no row knows any more from the disk. Must not be called from within `read` or `write`.
    ///
    /// # Errors
    /// When the database or the file system fails; what is left is tried again with the next call.
    pub fn sweep_files(&self) -> Result<(), StoreError> {
        let doomed = self.read(|reading| reading.doomed_files())?;
        let (mut removed, mut failed) = (Vec::new(), None);
        for name in doomed {
            match self.files.remove(&name) {
                Ok(()) => removed.push(name),
                Err(error) => failed = Some(error),
            }
        }
        if !removed.is_empty() {
            self.write(|writing| writing.forget_doomed(&removed))?;
        }
        failed.map_or(Ok(()), Err)
    }

    /// Removes files that were never in any row: what a process left that was killed in the middle. Looks at every file,
    /// so it is for a quiet moment. Must not be called from within `read` or `write`.
    ///
    /// # Errors
    /// When the database or the file system fails.
    pub fn sweep_strays(&self) -> Result<(), StoreError> {
        let known = self.read(|reading| reading.known_files())?;
        self.files.sweep(&known)
    }

    /// Moves the log into the database file and lets SQLite refresh its statistics; for quiet moments and before exit.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] or a failure of the disk; nothing is lost then.
    pub fn tidy(&self) -> Result<(), StoreError> {
        let writer = self.lock_writer();
        let writer = writer.as_ref().ok_or(StoreError::Closed)?;
        writer.execute_batch("PRAGMA optimize;")?;
        // Answers one row; a reader that is still busy leaves a part of the log for the next time.
        writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Waits until nobody reads or writes, and closes all connections; whoever comes later is told so. A process must not
    /// end while a thread of it is within the database.
    pub fn close(&self) {
        if let Some(readers) = &self.readers {
            readers.closed.store(true, Ordering::SeqCst);
            for slot in &readers.slots {
                drop(slot.lock().unwrap_or_else(PoisonError::into_inner).take());
            }
        }
        drop(self.beside.lock().unwrap_or_else(PoisonError::into_inner));
        drop(self.lock_writer().take());
        drop(self.in_use.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn lock_writer(&self) -> MutexGuard<'_, Option<Connection>> {
        // A panic inside a transaction rolled it back; the connection is sound.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Readers {
    fn lock_one(&self) -> MutexGuard<'_, Option<Connection>> {
        for slot in &self.slots {
            match slot.try_lock() {
                Ok(slot) => return slot,
                Err(TryLockError::Poisoned(slot)) => return slot.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % READERS;
        let mut slots = self.slots.iter().cycle().skip(turn);
        let slot = slots
            .next()
            .expect("an endless cycle over a constant, positive number of slots");
        slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let conn = connect(&self.path, &self.key)?;
        prepare(&conn)?;
        conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -2000;")?;
        Ok(conn)
    }
}

fn in_transaction<T, E: From<StoreError>>(
    conn: &mut Connection,
    behavior: TransactionBehavior,
    work: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    let transaction = conn
        .transaction_with_behavior(behavior)
        .map_err(StoreError::from)?;
    let result = work(&transaction)?;
    transaction.commit().map_err(StoreError::from)?;
    Ok(result)
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
