//! Files with an expiry, within a total size.
//!
//! Owns what is kept and the two facts about it: when it came and when it goes. A file is there once its row is in the
//! index; its bytes are on the disk before that. Calls block.
//! Spec: file_server §4 (FIL-20 to FIL-24)

mod content_hash;
mod contents;
mod index;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::TimestampMs;
use protocol::file_server::{FileId, FileIdHasher, FileInfo};

use super::FileLimits;
use content_hash::ContentHash;
pub(crate) use contents::Content;
use contents::{Contents, Draft};
use index::Index;

/// What a file takes at least, so that many tiny ones count for what they cost.
const BLOCK_LEN: u64 = 4096;
/// Files that are removed while everybody else waits.
const REMOVE_AT_ONCE: u32 = 256;

/// Why a file is not kept or not found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// It has no bytes.
    #[error("the file is empty")]
    Empty,
    /// It is larger than files may be.
    #[error("the file is too large")]
    TooLarge,
    /// It is to stay for longer than files may.
    #[error("the file is to stay for too long")]
    Lifetime,
    /// All of the server's room is taken.
    #[error("no room is left")]
    Full,
    /// There is no such file, or there is none any more.
    #[error("no such file")]
    NotFound,
    /// The disk failed.
    #[error("the disk failed")]
    Disk(#[from] io::Error),
    /// The index failed.
    #[error("the index failed")]
    Index(#[from] rusqlite::Error),
}

impl ArchiveError {
    /// As an HTTP status. Spec: file_server §3 (FIL-16)
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::Lifetime => 400,
            Self::NotFound => 404,
            Self::Empty | Self::TooLarge => 413,
            Self::Full => 507,
            Self::Disk(error) => {
                tracing::warn!(kind = ?error.kind(), "the disk failed");
                500
            }
            Self::Index(error) => {
                tracing::warn!(kind = ?error.sqlite_error_code(), "the index of files failed");
                500
            }
        }
    }
}

/// All files of a server.
pub(super) struct Archive {
    index: Mutex<Index>,
    contents: Contents,
    /// Bytes that are kept or being received.
    taken: Mutex<u64>,
    limits: FileLimits,
}

/// A file that is being received; forgotten when dropped.
pub(super) struct Receiving {
    archive: Arc<Archive>,
    draft: Option<Draft>,
    hasher: FileIdHasher,
    len_bytes: u64,
    /// What of the server's room it holds.
    taken: u64,
}

impl Archive {
    /// Opens the archive of a folder, one process at a time.
    pub(super) fn open(folder: &Path, limits: FileLimits) -> Result<Arc<Self>, ArchiveError> {
        std::fs::create_dir_all(folder)?;
        let index = Index::open(&folder.join("index.db"))?;
        Self::with(index, Contents::open(folder)?, limits)
    }

    /// An archive that is gone when dropped.
    pub(super) fn in_memory(limits: FileLimits) -> Result<Arc<Self>, ArchiveError> {
        Self::with(Index::in_memory()?, Contents::in_memory(), limits)
    }

    /// Makes index and contents agree, as a process that is killed can leave either without the other.
    fn with(index: Index, contents: Contents, limits: FileLimits) -> Result<Arc<Self>, ArchiveError> {
        let mut known = BTreeSet::new();
        let mut taken: u64 = 0;
        for (hash, info) in index.all()? {
            let size = contents.open_content(&hash)?.map(|(_, size)| size);
            if size == Some(info.size) {
                known.insert(hash);
                taken = taken.saturating_add(room_of(info.size));
            } else {
                index.remove(&hash)?;
            }
        }
        contents.remove_unknown(|hash| known.contains(hash))?;
        Ok(Arc::new(Self {
            index: Mutex::new(index),
            contents,
            taken: Mutex::new(taken),
            limits,
        }))
    }

    pub(super) const fn limits(&self) -> &FileLimits {
        &self.limits
    }

    /// Begins to receive a file.
    pub(super) fn begin(self: &Arc<Self>) -> Result<Receiving, ArchiveError> {
        Ok(Receiving {
            draft: Some(self.contents.begin()?),
            archive: self.clone(),
            hasher: FileIdHasher::new(),
            len_bytes: 0,
            taken: 0,
        })
    }

    /// Keeps a file that is there as a whole. Bytes that are kept already are not written again.
    pub(super) fn keep(
        self: &Arc<Self>,
        now: TimestampMs,
        content: &[u8],
        lifetime: Duration,
    ) -> Result<(FileId, FileInfo), ArchiveError> {
        let id = FileId::of_content(content);
        if let Some(info) = self.keep_longer(now, &id, lifetime)? {
            return Ok((id, info));
        }
        let mut receiving = self.begin()?;
        receiving.write(content)?;
        receiving.keep(now, lifetime)
    }

    /// Renews a file that is there; `None` where there is none.
    fn keep_longer(
        &self,
        now: TimestampMs,
        id: &FileId,
        lifetime: Duration,
    ) -> Result<Option<FileInfo>, ArchiveError> {
        let hash = known_form(id)?;
        let index = self.index();
        let Some(known) = index.get(&hash)? else {
            return Ok(None);
        };
        renew(&index, &hash, known, now, lifetime).map(Some)
    }

    /// What is known of a file.
    pub(super) fn info(&self, now: TimestampMs, id: &FileId) -> Result<FileInfo, ArchiveError> {
        let found = self.index().get(&known_form(id)?)?;
        found
            .filter(|info| info.expires > now)
            .ok_or(ArchiveError::NotFound)
    }

    /// Opens a file for reading.
    pub(super) fn open_file(
        &self,
        now: TimestampMs,
        id: &FileId,
    ) -> Result<(FileInfo, Content), ArchiveError> {
        let info = self.info(now, id)?;
        match self.contents.open_content(&known_form(id)?)? {
            Some((content, size)) if size == info.size => Ok((info, content)),
            Some(_) => Err(ArchiveError::Disk(io::ErrorKind::InvalidData.into())),
            // It expired in this very moment.
            None => Err(ArchiveError::NotFound),
        }
    }

    /// Has a file stay until `lifetime` from now, if it would go before. Spec: file_server §3 (FIL-13)
    pub(super) fn extend(
        &self,
        now: TimestampMs,
        id: &FileId,
        lifetime: Duration,
    ) -> Result<FileInfo, ArchiveError> {
        let hash = known_form(id)?;
        let index = self.index();
        let known = index.get(&hash)?.filter(|info| info.expires > now);
        let known = known.ok_or(ArchiveError::NotFound)?;
        let info = FileInfo {
            expires: known.expires.max(after(now, lifetime)),
            ..known
        };
        index.put(&hash, &info)?;
        Ok(info)
    }

    /// Forgets what has expired.
    pub(super) fn clean_up(&self, now: TimestampMs) -> Result<(), ArchiveError> {
        while self.remove_expired(now)? {}
        Ok(())
    }

    /// Whether more may have expired.
    fn remove_expired(&self, now: TimestampMs) -> Result<bool, ArchiveError> {
        // Held to the end, so that the same bytes do not come back while their file goes.
        let index = self.index();
        let removed = index.remove_expired(now, REMOVE_AT_ONCE)?;
        for (hash, info) in &removed {
            self.give_back(room_of(info.size));
            if let Err(error) = self.contents.remove(hash) {
                // The next start finds that it belongs to nothing.
                tracing::warn!(kind = ?error.kind(), "an expired file could not be removed");
            }
        }
        Ok(removed.len() == REMOVE_AT_ONCE as usize)
    }

    fn take(&self, len_bytes: u64) -> bool {
        let mut taken = lock(&self.taken);
        match taken.checked_add(len_bytes) {
            Some(sum) if sum <= self.limits.max_total_len => {
                *taken = sum;
                true
            }
            _ => false,
        }
    }

    fn give_back(&self, len_bytes: u64) {
        let mut taken = lock(&self.taken);
        *taken = taken.saturating_sub(len_bytes);
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        lock(&self.index)
    }
}

impl Receiving {
    /// Takes the next bytes.
    pub(super) fn write(&mut self, part: &[u8]) -> Result<(), ArchiveError> {
        let part_len = u64::try_from(part.len()).unwrap_or(u64::MAX);
        let len = self.len_bytes.saturating_add(part_len);
        if len > self.archive.limits.max_file_len {
            return Err(ArchiveError::TooLarge);
        }
        let more = room_of(len).saturating_sub(self.taken);
        if !self.archive.take(more) {
            return Err(ArchiveError::Full);
        }
        self.taken = self.taken.saturating_add(more);
        self.len_bytes = len;
        self.hasher.update(part);
        match &mut self.draft {
            Some(draft) => Ok(draft.write(part)?),
            None => Err(ArchiveError::NotFound),
        }
    }

    /// Keeps what was received for `lifetime` from now. The same bytes twice are one file, which counts as uploaded now
    /// and stays for the longer of both lifetimes. Spec: file_server §3 (FIL-11)
    pub(super) fn keep(
        mut self,
        now: TimestampMs,
        lifetime: Duration,
    ) -> Result<(FileId, FileInfo), ArchiveError> {
        let draft = self.draft.take().ok_or(ArchiveError::NotFound)?;
        if self.len_bytes == 0 {
            return Err(ArchiveError::Empty);
        }
        let id = std::mem::take(&mut self.hasher).finish();
        let hash = known_form(&id)?;
        let archive = self.archive.clone();
        if let Some(info) = archive.keep_longer(now, &id, lifetime)? {
            return Ok((id, info));
        }
        // Outside the lock, as it takes the longest.
        draft.sync()?;
        let index = archive.index();
        // Somebody may have brought the same bytes meanwhile.
        if let Some(known) = index.get(&hash)? {
            return Ok((id, renew(&index, &hash, known, now, lifetime)?));
        }
        let info = FileInfo {
            size: self.len_bytes,
            uploaded: now,
            expires: after(now, lifetime),
        };
        archive.contents.keep(hash, draft)?;
        if let Err(error) = index.put(&hash, &info) {
            // Where this fails as well the next start does it.
            let _ = archive.contents.remove(&hash);
            return Err(error.into());
        }
        // The file holds it from here on.
        self.taken = 0;
        Ok((id, info))
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        self.archive.give_back(self.taken);
    }
}

/// Has a file that was brought again count as uploaded now, and stay for the longer of both lifetimes.
fn renew(
    index: &Index,
    hash: &ContentHash,
    known: FileInfo,
    now: TimestampMs,
    lifetime: Duration,
) -> Result<FileInfo, ArchiveError> {
    let info = FileInfo {
        uploaded: now,
        expires: known.expires.max(after(now, lifetime)),
        ..known
    };
    index.put(hash, &info)?;
    Ok(info)
}

/// Ids of another form name nothing here.
fn known_form(id: &FileId) -> Result<ContentHash, ArchiveError> {
    ContentHash::of_id(id).ok_or(ArchiveError::NotFound)
}

/// What a file takes of the server's room.
fn room_of(len_bytes: u64) -> u64 {
    len_bytes
        .checked_next_multiple_of(BLOCK_LEN)
        .unwrap_or(u64::MAX)
        .max(BLOCK_LEN)
}

fn after(now: TimestampMs, lifetime: Duration) -> TimestampMs {
    let lifetime_ms = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX);
    TimestampMs(now.0.saturating_add(lifetime_ms))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds the lock.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "archive/archive_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "archive/model_tests.rs"]
mod model_tests;
