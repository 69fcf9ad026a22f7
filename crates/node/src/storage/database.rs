//! The SQLite file in which one node keeps messages.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::replies::{Retrieved, RetrievedMessage};
use protocol::storage::{MessageHash, Namespace, NamespaceScope, Store};
use rusqlite::{Connection, Row, Transaction, params};

mod arrivals;
mod expiries;
mod in_file;
mod journal;
mod known;
mod revocations;

pub(super) use arrivals::Urgency;
use in_file::InFile;

/// The database failed: disk full, file unreadable, or a row of a form that we never write.
pub type DatabaseError = rusqlite::Error;

/// Most bytes that a file may take; past that, messages are refused.
const MAX_FILE_LEN_BYTES: i64 = 10 * 1024 * 1024 * 1024;
/// Pages that SQLite keeps in memory: 16 MiB.
const CACHE_PAGES: i64 = 4_096;
/// SQLite's page size in bytes.
const PAGE_LEN_BYTES: i64 = 4096;

/// A message to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewMessage<'m> {
    /// Whose it is.
    pub account: AccountId,
    /// Its box.
    pub namespace: Namespace,
    /// Its hash.
    pub hash: MessageHash,
    /// When it was made.
    pub timestamp: TimestampMs,
    /// When it expires.
    pub expiry: TimestampMs,
    /// The message.
    pub data: &'m [u8],
}

impl<'m> NewMessage<'m> {
    /// The message of a request.
    pub(super) fn of(store: &'m Store, hash: MessageHash) -> Self {
        Self {
            account: store.account,
            namespace: store.namespace,
            hash,
            timestamp: store.timestamp,
            expiry: store.expiry,
            data: &store.data,
        }
    }
}

/// What became of a message that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Whether it was there before.
    pub already: bool,
    /// The later of the expiries.
    pub expiry: TimestampMs,
}

/// How much of a box to read.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// At most this many messages.
    pub max_count: Option<usize>,
    /// At most this many bytes, counted as [`answer_len`] does; one message is answered however large.
    pub max_len_bytes: usize,
}

/// Hashes by box.
pub(super) type ByNamespace = BTreeMap<Namespace, Vec<MessageHash>>;

/// One node's messages and revocations. Calls block for as long as SQLite needs, microseconds as a rule.
#[derive(Debug)]
pub struct Database {
    connection: Mutex<Connection>,
    /// None in memory, where there is nothing to spare.
    file: Option<InFile>,
}

impl Database {
    /// Opens or makes a database file.
    ///
    /// # Errors
    /// [`DatabaseError`] when the file cannot be opened or is no database of ours.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        let database = Self::prepare(Connection::open(path)?)?;
        let file = InFile::open(path, &database)?;
        Ok(Self {
            file: Some(file),
            ..database
        })
    }

    /// Makes a database that is gone when dropped.
    ///
    /// # Errors
    /// [`DatabaseError`] when SQLite has no memory.
    pub fn in_memory() -> Result<Self, DatabaseError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(connection: Connection) -> Result<Self, DatabaseError> {
        // A crash of the process loses nothing; a crash of the machine may lose the last moments, which the other
        // members of the swarm have.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        // Moving the log into the file waits for the disk; [`Self::checkpoint`] does it beside the writing.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        connection.pragma_update(None, "cache_size", CACHE_PAGES)?;
        connection.pragma_update(None, "max_page_count", MAX_FILE_LEN_BYTES / PAGE_LEN_BYTES)?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch(include_str!("schema.sql"))?;
        Ok(Self {
            connection: Mutex::new(connection),
            file: None,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        locked(&self.connection)
    }

    fn write<T>(
        &self,
        run: impl FnOnce(&Transaction<'_>) -> Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let result = run(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }

    /// Keeps a message. In a public outbox all others of the box go. Spec: storage §10 (STO-51).
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn keep(&self, message: &NewMessage<'_>) -> Result<Kept, DatabaseError> {
        self.settle_account(&message.account)?;
        self.write(|transaction| self.keep_in(transaction, message))
    }

    /// Keeps messages in one transaction, each as [`Self::keep`] does.
    ///
    /// # Errors
    /// [`DatabaseError`]; then none of them is kept.
    pub fn keep_all(&self, messages: &[NewMessage<'_>]) -> Result<Vec<Kept>, DatabaseError> {
        for message in messages {
            self.settle_account(&message.account)?;
        }
        self.write(|transaction| {
            messages
                .iter()
                .map(|message| self.keep_in(transaction, message))
                .collect()
        })
    }

    /// Keeps what another member of the swarm has; messages that are known stay as they are.
    ///
    /// # Errors
    /// [`DatabaseError`]; then none of them is kept.
    pub fn keep_pushed(&self, messages: &[NewMessage<'_>]) -> Result<(), DatabaseError> {
        for message in messages {
            self.settle_account(&message.account)?;
        }
        self.write(|transaction| {
            for message in messages {
                self.insert(transaction, message)?;
            }
            Ok(())
        })
    }

    /// Reads a box in the order of arrival, after a message if that is still there. Spec: storage §10 (STO-52).
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn read(
        &self,
        account: AccountId,
        namespace: Namespace,
        after: Option<MessageHash>,
        page: Page,
    ) -> Result<Retrieved, DatabaseError> {
        self.settle_account(&account)?;
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT hash, timestamp, expiry, data FROM messages
             WHERE account = ?1 AND namespace = ?2 AND id > coalesce(
                 (SELECT id FROM messages WHERE hash = ?3 AND account = ?1 AND namespace = ?2), 0)
             ORDER BY id",
        )?;
        let after = after.as_ref().map(MessageHash::as_str);
        let mut rows = statement.query(params![account.to_bytes(), namespace.0, after])?;
        let mut messages = Vec::new();
        let mut len_bytes: usize = 0;
        while let Some(row) = rows.next()? {
            if page.max_count.is_some_and(|max| messages.len() >= max) {
                return Ok(Retrieved { messages, more: true });
            }
            let message = RetrievedMessage {
                hash: hash(row, 0)?,
                timestamp: TimestampMs(row.get(1)?),
                expiry: TimestampMs(row.get(2)?),
                data: row.get(3)?,
            };
            len_bytes = len_bytes.saturating_add(answer_len(message.data.len()));
            if len_bytes > page.max_len_bytes && !messages.is_empty() {
                return Ok(Retrieved { messages, more: true });
            }
            messages.push(message);
        }
        Ok(Retrieved {
            messages,
            more: false,
        })
    }

    /// Deletes messages by hash and tells which were there.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn delete(
        &self,
        account: AccountId,
        hashes: &[MessageHash],
    ) -> Result<Vec<MessageHash>, DatabaseError> {
        self.settle_account(&account)?;
        self.write(|transaction| {
            let mut statement =
                transaction.prepare_cached("DELETE FROM messages WHERE account = ?1 AND hash = ?2")?;
            let mut deleted = Vec::new();
            for hash in hashes {
                if statement.execute(params![account.to_bytes(), hash.as_str()])? > 0 {
                    deleted.push(*hash);
                }
            }
            Ok(deleted)
        })
    }

    /// Deletes the messages of one box or of all that were made at or before a time; without a time, all.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub(super) fn delete_until(
        &self,
        account: AccountId,
        scope: NamespaceScope,
        before: Option<TimestampMs>,
    ) -> Result<ByNamespace, DatabaseError> {
        self.settle_account(&account)?;
        let before = before.unwrap_or(TimestampMs(i64::MAX));
        self.write(|transaction| {
            let mut statement = transaction.prepare_cached(
                "DELETE FROM messages
                 WHERE account = ?1 AND (?2 IS NULL OR namespace = ?2) AND timestamp <= ?3 RETURNING namespace, hash",
            )?;
            collect(statement.query(params![account.to_bytes(), number(scope), before.0])?)
        })
    }

    /// How many messages there are.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn count(&self) -> Result<i64, DatabaseError> {
        self.settle()?;
        self.lock()
            .query_row("SELECT count(*) FROM messages", [], |row| row.get(0))
    }

    fn insert(&self, transaction: &Transaction<'_>, message: &NewMessage<'_>) -> Result<bool, DatabaseError> {
        if let Some(file) = &self.file {
            file.will_have(message);
        }
        let inserted = transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO messages (account, namespace, hash, timestamp, expiry, data)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                message.account.to_bytes(),
                message.namespace.0,
                message.hash.as_str(),
                message.timestamp.0,
                message.expiry.0,
                message.data
            ])?;
        Ok(inserted > 0)
    }

    fn keep_in(
        &self,
        transaction: &Transaction<'_>,
        message: &NewMessage<'_>,
    ) -> Result<Kept, DatabaseError> {
        if self.insert(transaction, message)? {
            if message.namespace.is_public_outbox() {
                transaction
                    .prepare_cached(
                        "DELETE FROM messages WHERE account = ?1 AND namespace = ?2 AND hash <> ?3",
                    )?
                    .execute(params![
                        message.account.to_bytes(),
                        message.namespace.0,
                        message.hash.as_str()
                    ])?;
            }
            return Ok(Kept {
                already: false,
                expiry: message.expiry,
            });
        }
        let expiry = transaction
            .prepare_cached("UPDATE messages SET expiry = max(expiry, ?2) WHERE hash = ?1 RETURNING expiry")?
            .query_row(params![message.hash.as_str(), message.expiry.0], |row| row.get(0))?;
        Ok(Kept {
            already: true,
            expiry: TimestampMs(expiry),
        })
    }
}

/// Transactions roll back when dropped, so a panic in between leaves a connection that can be used.
fn locked(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a message counts for in an answer: its hash and data in base64, and 100 bytes around them. STO-52.
pub(super) fn answer_len(data_len: usize) -> usize {
    const AROUND: usize = 100 + 43;
    (data_len.saturating_mul(4) / 3).saturating_add(AROUND)
}

/// The box as SQL compares it; nothing means all.
const fn number(scope: NamespaceScope) -> Option<i16> {
    match scope {
        NamespaceScope::One(namespace) => Some(namespace.0),
        NamespaceScope::All => None,
    }
}

/// Reads rows of (namespace, hash).
fn collect(mut rows: rusqlite::Rows<'_>) -> Result<ByNamespace, DatabaseError> {
    let mut boxes = ByNamespace::new();
    while let Some(row) = rows.next()? {
        boxes
            .entry(Namespace(row.get(0)?))
            .or_default()
            .push(hash(row, 1)?);
    }
    for hashes in boxes.values_mut() {
        hashes.sort_unstable();
    }
    Ok(boxes)
}

fn hash(row: &Row<'_>, column: usize) -> Result<MessageHash, DatabaseError> {
    let text = row.get_ref(column)?.as_str()?;
    MessageHash::parse(text.as_bytes()).ok_or(DatabaseError::InvalidQuery)
}
