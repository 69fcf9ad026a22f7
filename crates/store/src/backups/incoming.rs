//! The one file in which a backup is kept that comes from another device, until it was brought back.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::PathBuf;

use backup::BackupKey;

use super::{BackupError, BackupFile};
use crate::Store;
use crate::disk::{create_private, free_bytes, remove};

/// The name of the file, beside the database.
pub(crate) const INCOMING: &str = "incoming.ternbackup";
/// Room that is left beside what comes.
const SLACK: u64 = 64 << 20;

/// A backup that is coming, sealed as it is. Removed when dropped before [`IncomingBackup::finish`].
#[derive(Debug)]
pub struct IncomingBackup {
    /// `None` once finished.
    out: Option<BufWriter<File>>,
    path: PathBuf,
}

impl Store {
    /// Begins to take a backup of about so many bytes; there is room for it and for what is in it. What was left of an
    /// earlier one is removed. Blocks.
    ///
    /// # Errors
    /// [`BackupError::Space`] before anything is written; failures of the file system, also for a store in memory.
    pub fn begin_incoming(&self, about: u64) -> Result<IncomingBackup, BackupError> {
        let path = self
            .incoming_path()
            .ok_or_else(|| io::Error::from(ErrorKind::Unsupported))?;
        remove(&path)?;
        let needed = about.saturating_mul(2).saturating_add(SLACK);
        let folder = path.parent().unwrap_or(&path);
        if free_bytes(folder).is_some_and(|free| free < needed) {
            return Err(BackupError::Space { needed });
        }
        let out = BufWriter::new(create_private(&path)?);
        Ok(IncomingBackup { out: Some(out), path })
    }

    /// Whether a backup from another device lies here.
    pub fn holds_incoming(&self) -> bool {
        self.incoming_path().is_some_and(|path| path.exists())
    }

    /// Removes what came from another device. Blocks.
    ///
    /// # Errors
    /// When the file system fails.
    pub fn remove_incoming(&self) -> Result<(), BackupError> {
        Ok(self.incoming_path().map_or(Ok(()), |path| remove(&path))?)
    }
}

impl IncomingBackup {
    /// Adds the next bytes. Blocks.
    ///
    /// # Errors
    /// When the file system fails, for instance because the disk is full.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        match &mut self.out {
            Some(out) => Ok(out.write_all(bytes)?),
            None => Ok(()),
        }
    }

    /// Brings all of it to the disk and keeps it: [`Store::remove_incoming`] removes it. Blocks.
    ///
    /// # Errors
    /// When the file system fails.
    pub fn finish(mut self, key: BackupKey) -> Result<BackupFile, BackupError> {
        if let Some(mut out) = self.out.take() {
            let written = out.flush().and_then(|()| out.get_ref().sync_all());
            if let Err(error) = written {
                self.out = Some(out);
                return Err(error.into());
            }
        }
        Ok(BackupFile::new(&self.path, key))
    }
}

impl Drop for IncomingBackup {
    fn drop(&mut self) {
        if self.out.take().is_some() {
            // What cannot be removed is removed before the next one begins.
            let _ = remove(&self.path);
        }
    }
}
