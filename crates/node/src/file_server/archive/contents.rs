//! The bytes of files: on disk, or in memory for simulations.
//!
//! On disk a file is written under a temporary name in `incoming`, brought to the disk, and only then given its name in
//! `files/XX`, XX being the first two digits of it. A process that is killed leaves whole files and temporary ones; the
//! latter go at the next start.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::content_hash::ContentHash;

pub(super) enum Contents {
    Folder(Folder),
    Memory(Mutex<BTreeMap<ContentHash, Bytes>>),
}

pub(super) struct Folder {
    root: PathBuf,
    drafts: AtomicU64,
}

/// Bytes that are being received; gone when dropped.
pub(super) enum Draft {
    File { file: File, path: PathBuf },
    Memory(Vec<u8>),
}

/// The bytes of one file.
pub(crate) enum Content {
    /// On disk.
    File(File),
    /// In memory.
    Memory(Cursor<Bytes>),
}

impl Contents {
    /// Opens a folder, made where it is missing; what was being received when the last process ended is forgotten.
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        let folder = Folder {
            root: root.to_owned(),
            drafts: AtomicU64::default(),
        };
        fs::create_dir_all(folder.files())?;
        if folder.incoming().exists() {
            fs::remove_dir_all(folder.incoming())?;
        }
        fs::create_dir(folder.incoming())?;
        Ok(Self::Folder(folder))
    }

    pub(super) fn in_memory() -> Self {
        Self::Memory(Mutex::default())
    }

    pub(super) fn begin(&self) -> io::Result<Draft> {
        match self {
            Self::Folder(folder) => {
                let number = folder.drafts.fetch_add(1, Ordering::Relaxed);
                let path = folder.incoming().join(number.to_string());
                let file = File::create_new(&path)?;
                Ok(Draft::File { file, path })
            }
            Self::Memory(_) => Ok(Draft::Memory(Vec::new())),
        }
    }

    /// Gives a finished draft its name; nothing is there under that name.
    pub(super) fn keep(&self, hash: ContentHash, mut draft: Draft) -> io::Result<()> {
        match (self, &mut draft) {
            (Self::Folder(folder), Draft::File { path, .. }) => folder.keep(hash, path),
            (Self::Memory(all), Draft::Memory(bytes)) => {
                lock(all).insert(hash, std::mem::take(bytes).into());
                Ok(())
            }
            (Self::Folder(_), Draft::Memory(_)) | (Self::Memory(_), Draft::File { .. }) => {
                Err(io::ErrorKind::InvalidInput.into())
            }
        }
    }

    /// Its bytes and how many they are; `None` where there is nothing of that name.
    pub(super) fn open_content(&self, hash: &ContentHash) -> io::Result<Option<(Content, u64)>> {
        match self {
            Self::Folder(folder) => match File::open(folder.path(hash)) {
                Ok(file) => {
                    let len = file.metadata()?.len();
                    Ok(Some((Content::File(file), len)))
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            },
            Self::Memory(all) => Ok(lock(all).get(hash).map(|bytes| {
                let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                (Content::Memory(Cursor::new(bytes.clone())), len)
            })),
        }
    }

    pub(super) fn remove(&self, hash: &ContentHash) -> io::Result<()> {
        match self {
            Self::Folder(folder) => match fs::remove_file(folder.path(hash)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            },
            Self::Memory(all) => {
                lock(all).remove(hash);
                Ok(())
            }
        }
    }

    /// Removes files that `is_known` does not name, which a process left that was killed between two steps.
    pub(super) fn remove_unknown(&self, is_known: impl Fn(&ContentHash) -> bool) -> io::Result<()> {
        let Self::Folder(folder) = self else { return Ok(()) };
        for part in fs::read_dir(folder.files())? {
            for file in fs::read_dir(part?.path())? {
                let file = file?;
                let hash = file.file_name().to_str().and_then(ContentHash::from_file_name);
                if !hash.is_some_and(|hash| is_known(&hash)) {
                    fs::remove_file(file.path())?;
                }
            }
        }
        Ok(())
    }
}

impl Folder {
    fn files(&self) -> PathBuf {
        self.root.join("files")
    }

    fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    fn path(&self, hash: &ContentHash) -> PathBuf {
        let name = hash.file_name();
        let part: String = name.chars().take(2).collect();
        self.files().join(part).join(name)
    }

    fn keep(&self, hash: ContentHash, draft: &Path) -> io::Result<()> {
        let path = self.path(&hash);
        let Some(part) = path.parent() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        if !part.exists() {
            fs::create_dir_all(part)?;
            sync_folder(&self.files())?;
        }
        fs::rename(draft, &path)?;
        sync_folder(part)
    }
}

impl Draft {
    pub(super) fn write(&mut self, part: &[u8]) -> io::Result<()> {
        match self {
            Self::File { file, .. } => file.write_all(part),
            Self::Memory(bytes) => {
                bytes.extend_from_slice(part);
                Ok(())
            }
        }
    }

    /// Waits until all of it is on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        match self {
            Self::File { file, .. } => file.sync_all(),
            Self::Memory(_) => Ok(()),
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Self::File { path, .. } = self {
            // It is not there any more once it was given its name; else the next start tries again.
            let _ = fs::remove_file(path);
        }
    }
}

impl Read for Content {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(into),
            Self::Memory(bytes) => bytes.read(into),
        }
    }
}

/// Brings the names in a folder to the disk.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(path)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds the lock.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
