//! Backups: writing one, bringing one back, what must not come back, and when they are made by themselves.
//!
//! The file itself is the `backup` crate's; here is what of the database goes into it, and how it is merged. A backup is
//! written from one snapshot over a connection of its own, beside everything else that reads and writes.

mod bring_back;
mod file;
mod incoming;
mod memory;
mod schedule;
mod write;

use std::ops::ControlFlow;

use backup::{BackupKey, Identity, OpenError, Totals};
use protocol::TimestampMs;

use crate::StoreError;

pub use file::{BackupFile, open_backup};
pub(crate) use incoming::INCOMING;
pub use incoming::IncomingBackup;
pub use schedule::{BackupSchedule, UnderWay};

/// How a backup is to be made.
#[derive(Clone, Debug)]
pub struct BackupOrder {
    /// What seals it.
    pub key: BackupKey,
    /// With the account itself: who opens the backup then has the account.
    pub include_account: bool,
    /// The time.
    pub made_at: TimestampMs,
}

/// How far a backup or a restore is, in bytes or about so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Done.
    pub done: u64,
    /// All of it.
    pub total: u64,
}

/// Why a work is ended before it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nobody wants it any more.
    Cancelled,
    /// The process is about to end: what can be carried on is carried on at the next start.
    Closing,
}

/// Told of each step; ends the work with [`ControlFlow::Break`].
pub type Watch<'w> = &'w mut dyn FnMut(Progress) -> ControlFlow<Ending>;

/// What a backup that was read to its end says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Whose it is.
    pub account: protocol::account::AccountId,
    /// When it was made.
    pub made_at: TimestampMs,
    /// The account itself, if it is in there.
    pub identity: Option<Identity>,
    /// How much it holds.
    pub totals: Totals,
}

/// Why a backup was not made or not brought back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The file cannot be opened, or not whole.
    #[error(transparent)]
    Open(OpenError),
    /// It belongs to another account.
    #[error("the backup belongs to another account")]
    OtherAccount,
    /// There is too little room. Nothing was written.
    #[error("{needed} bytes are needed")]
    Space {
        /// Bytes.
        needed: u64,
    },
    /// Whoever watched ended it for good.
    #[error("cancelled")]
    Cancelled,
    /// Whoever watched ended it because the process is about to end.
    #[error("the process ends")]
    Closing,
    /// The file system failed at the backup's side.
    #[error("the file system failed")]
    Io(#[source] std::io::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<OpenError> for BackupError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Io(error) => error.into(),
            other => Self::Open(other),
        }
    }
}

impl From<std::io::Error> for BackupError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Counts what is done and asks whether to go on.
struct Watched<'w> {
    progress: Progress,
    watch: Watch<'w>,
}

impl<'w> Watched<'w> {
    fn new(total: u64, watch: Watch<'w>) -> Self {
        let progress = Progress { done: 0, total };
        Self { progress, watch }
    }

    fn add(&mut self, bytes: u64) -> Result<(), BackupError> {
        let done = self.progress.done.saturating_add(bytes);
        self.progress.done = done.min(self.progress.total);
        match (self.watch)(self.progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(Ending::Cancelled) => Err(BackupError::Cancelled),
            ControlFlow::Break(Ending::Closing) => Err(BackupError::Closing),
        }
    }
}

#[cfg(test)]
#[path = "backups_file_tests.rs"]
mod file_tests;
#[cfg(test)]
#[path = "backups_tests.rs"]
mod tests;
