//! Connections to the database file and their settings.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::{StoreError, StoreKey};

/// How long a call waits for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Prepared statements kept for each connection; more than there are queries.
const STATEMENTS: usize = 96;

/// Opens a connection and proves the key by reading the first page.
pub(super) fn connect(path: &Path, key: &StoreKey) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    // `cipher_memory_security` stays off: it locks and wipes every allocation of SQLite, which slows all queries
    // severalfold, while the rows themselves leave SQLite's memory for ours anyway.
    // SQLCipher would write to standard error by itself; what it has to say comes back as errors anyway.
    conn.query_row("PRAGMA cipher_log_level = NONE", [], |_| Ok(()))
        .optional()?;
    conn.execute_batch(&key.pragma())?;
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(conn)
}

/// Settings of every connection.
pub(super) fn prepare(conn: &Connection) -> Result<(), StoreError> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;")?;
    Ok(())
}

/// Settings of the writer: a commit is on the disk when it returns, as the outbox must survive a power cut, and what is
/// deleted is overwritten.
pub(super) fn prepare_writer(conn: &Connection) -> Result<(), StoreError> {
    prepare(conn)?;
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -4000;",
    )?;
    conn.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
    Ok(())
}

/// Makes the file readable by its owner only; SQLite gives its log the same permissions.
pub(super) fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

/// A file that is not made of whole pages was cut off; told apart here because SQLCipher would blame the key.
pub(super) fn check_length(path: &Path) -> Result<(), StoreError> {
    const PAGE: u64 = 4096;
    match std::fs::metadata(path)?.len() % PAGE {
        0 => Ok(()),
        _ => Err(StoreError::Damaged),
    }
}
