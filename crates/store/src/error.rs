//! What can go wrong with the database.

use rusqlite::ErrorCode;
use rusqlite::ffi;

/// Why the database could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The key does not open the file: it is another store's key, or the first page is damaged.
    #[error("the key does not open the store")]
    WrongKey,
    /// The file is not a whole database.
    #[error("the store is damaged")]
    Damaged,
    /// There is no room left on the disk. What was asked has not happened.
    #[error("the disk is full")]
    DiskFull,
    /// Another process held the database for longer than the waiting time.
    #[error("the store is in use by another process")]
    Busy,
    /// The file was written by a later version of this program.
    #[error("the store was written by a later version")]
    TooNew,
    /// The store was closed; the process is about to end.
    #[error("the store is closed")]
    Closed,
    /// The row asked for does not exist.
    #[error("no such row")]
    NotFound,
    /// There already is an account in this store.
    #[error("the store already has an account")]
    AccountExists,
    /// The file system failed.
    #[error("the file system failed")]
    Io(#[source] std::io::Error),
    /// Anything else the database reports: a bug of ours or a failing disk.
    #[error("the database failed")]
    Sqlite(#[source] rusqlite::Error),
}

impl StoreError {
    /// Whether what was to be written is at fault, not the database or the disk: the same again would fail again.
    pub(crate) fn is_of_the_data(&self) -> bool {
        let failure = match self {
            Self::NotFound => return true,
            Self::Sqlite(rusqlite::Error::SqliteFailure(failure, _)) => failure,
            Self::Sqlite(
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..),
            ) => return true,
            _ => return false,
        };
        matches!(
            failure.code,
            ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig
        )
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, _) = &error else {
            return match error {
                rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
                other => Self::Sqlite(other),
            };
        };
        match (failure.code, failure.extended_code) {
            (ErrorCode::NotADatabase, _) => Self::WrongKey,
            (ErrorCode::DatabaseCorrupt, _) => Self::Damaged,
            // The shared memory beside the log could not grow.
            (ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE) => Self::DiskFull,
            // A page was cut off.
            (_, ffi::SQLITE_IOERR_SHORT_READ | ffi::SQLITE_IOERR_DATA) => Self::Damaged,
            // How SQLCipher reports a page whose authentication tag does not match. Without memory this process would
            // end before SQLite could say so.
            (ErrorCode::OutOfMemory, _) => Self::Damaged,
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Self::Busy,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<rusqlite_migration::Error> for StoreError {
    fn from(error: rusqlite_migration::Error) -> Self {
        match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
            rusqlite_migration::Error::MigrationDefinition(_) => Self::TooNew,
            other => Self::Sqlite(rusqlite::Error::UserFunctionError(Box::new(other))),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}
