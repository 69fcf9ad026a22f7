//! Which files there are, in SQLite.

use std::path::Path;
use std::time::Duration;

use protocol::TimestampMs;
use protocol::file_server::FileInfo;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::content_hash::ContentHash;

/// The index failed: disk full, file unreadable or in use, or a row of a form that we never write.
pub(super) type IndexError = rusqlite::Error;

pub(super) struct Index(Connection);

impl Index {
    /// Opens or makes the index; it belongs to one process at a time.
    pub(super) fn open(path: &Path) -> Result<Self, IndexError> {
        let connection = Connection::open(path)?;
        // A server that restarts finds the lock of a predecessor that is just ending.
        connection.busy_timeout(Duration::from_secs(2))?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // Nobody else has the file: what was promised has to survive a crash of the machine.
        connection.pragma_update(None, "synchronous", "FULL")?;
        Self::prepare(connection)
    }

    pub(super) fn in_memory() -> Result<Self, IndexError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(connection: Connection) -> Result<Self, IndexError> {
        connection.execute_batch(include_str!("schema.sql"))?;
        Ok(Self(connection))
    }

    pub(super) fn get(&self, hash: &ContentHash) -> Result<Option<FileInfo>, IndexError> {
        self.0
            .prepare_cached("SELECT len_bytes, uploaded_ms, expires_ms FROM files WHERE hash = ?1")?
            .query_row([hash.as_bytes()], info)
            .optional()
    }

    /// Adds a file, or changes what is known of it.
    pub(super) fn put(&self, hash: &ContentHash, info: &FileInfo) -> Result<(), IndexError> {
        let mut put = self.0.prepare_cached(
            "INSERT INTO files (hash, len_bytes, uploaded_ms, expires_ms) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (hash) DO UPDATE SET
                 uploaded_ms = excluded.uploaded_ms,
                 expires_ms = excluded.expires_ms",
        )?;
        let FileInfo {
            size,
            uploaded,
            expires,
        } = info;
        put.execute(params![
            hash.as_bytes(),
            i64::try_from(*size).unwrap_or(i64::MAX),
            uploaded.0,
            expires.0
        ])?;
        Ok(())
    }

    pub(super) fn remove(&self, hash: &ContentHash) -> Result<(), IndexError> {
        self.0
            .prepare_cached("DELETE FROM files WHERE hash = ?1")?
            .execute([hash.as_bytes()])?;
        Ok(())
    }

    /// Removes up to `most` files that have expired, the oldest first, and names them.
    pub(super) fn remove_expired(
        &self,
        now: TimestampMs,
        most: u32,
    ) -> Result<Vec<(ContentHash, FileInfo)>, IndexError> {
        let mut remove = self.0.prepare_cached(
            "DELETE FROM files WHERE hash IN (
                 SELECT hash FROM files WHERE expires_ms <= ?1 ORDER BY expires_ms LIMIT ?2
             ) RETURNING len_bytes, uploaded_ms, expires_ms, hash",
        )?;
        remove.query_map(params![now.0, most], named)?.collect()
    }

    pub(super) fn all(&self) -> Result<Vec<(ContentHash, FileInfo)>, IndexError> {
        self.0
            .prepare("SELECT len_bytes, uploaded_ms, expires_ms, hash FROM files")?
            .query_map([], named)?
            .collect()
    }
}

fn info(row: &Row<'_>) -> Result<FileInfo, IndexError> {
    Ok(FileInfo {
        size: u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0),
        uploaded: TimestampMs(row.get(1)?),
        expires: TimestampMs(row.get(2)?),
    })
}

fn named(row: &Row<'_>) -> Result<(ContentHash, FileInfo), IndexError> {
    let bytes: Vec<u8> = row.get(3)?;
    let hash = ContentHash::from_bytes(&bytes).ok_or(IndexError::IntegralValueOutOfRange(3, 33))?;
    Ok((hash, info(row)?))
}
