//! Files beside the database, each sealed with a key of its own that only the database knows.
//!
//! A file is the XChaCha20-Poly1305 ciphertext of its bytes, under a random key that seals nothing else (so the nonce is
//! zero), with the file's own name as associated data: files cannot be swapped.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::StoreError;
use crate::disk::{self, free_bytes, sync_folder};

const NAME_LEN: usize = 16;
const KEY_LEN: usize = 32;
const UNFINISHED: &str = "part";

/// A file that no row knows may be one whose row another process is about to write; only older ones are swept.
const SWEEP_AFTER: Duration = Duration::from_secs(3_600);

/// The random name of a sealed file.
pub(crate) type FileName = [u8; NAME_LEN];

/// Name and key of one sealed file.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SealedFile {
    #[zeroize(skip)]
    pub(crate) name: FileName,
    pub(crate) key: [u8; KEY_LEN],
}

impl std::fmt::Debug for SealedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedFile(redacted)")
    }
}

/// Sealed files in a folder, or in memory.
#[derive(Debug)]
pub struct SealedFiles(Place);

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Memory(Mutex<BTreeMap<FileName, Vec<u8>>>),
}

impl SealedFiles {
    /// Files below `folder`, which is made, for its owner only, when the first file is written.
    pub(crate) fn below(folder: PathBuf) -> Self {
        Self(Place::Folder(folder))
    }

    /// Files that live as long as the value.
    pub(crate) fn in_memory() -> Self {
        Self(Place::Memory(Mutex::default()))
    }

    /// Seals bytes into a new file, which is whole on the disk when this returns, or not there. Blocks.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] or a failure of the file system.
    pub fn write(&self, bytes: &[u8]) -> Result<SealedFile, StoreError> {
        let mut file = SealedFile {
            name: [0; NAME_LEN],
            key: [0; KEY_LEN],
        };
        getrandom::fill(&mut file.name).map_err(|error| std::io::Error::other(error.to_string()))?;
        getrandom::fill(&mut file.key).map_err(|error| std::io::Error::other(error.to_string()))?;
        let sealed = cipher(&file)
            .encrypt(&XNonce::default(), payload(bytes, &file.name))
            .map_err(|_| StoreError::Damaged)?;
        match &self.0 {
            Place::Folder(folder) => write_whole(folder, &file.name, &sealed)?,
            Place::Memory(files) => drop(lock(files).insert(file.name, sealed)),
        }
        Ok(file)
    }

    /// Opens a file. Blocks.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Damaged`] when it was changed, or a failure of the file system.
    pub fn read(&self, file: &SealedFile) -> Result<Vec<u8>, StoreError> {
        let sealed = match &self.0 {
            Place::Folder(folder) => match fs::read(path(folder, &file.name)) {
                Err(error) if error.kind() == ErrorKind::NotFound => return Err(StoreError::NotFound),
                read => read?,
            },
            Place::Memory(files) => lock(files).get(&file.name).cloned().ok_or(StoreError::NotFound)?,
        };
        cipher(file)
            .decrypt(&XNonce::default(), payload(&sealed, &file.name))
            .map_err(|_| StoreError::Damaged)
    }

    /// Bytes that may still be written where the files are; `None` where nobody says. Blocks.
    pub fn free_bytes(&self) -> Option<u64> {
        match &self.0 {
            Place::Folder(folder) => free_bytes(folder.parent()?),
            Place::Memory(_) => None,
        }
    }

    /// Removes a file; one that is gone already is no error. Blocks.
    ///
    /// # Errors
    /// When the file system fails.
    pub(crate) fn remove(&self, name: &FileName) -> Result<(), StoreError> {
        match &self.0 {
            Place::Folder(folder) => disk::remove(&path(folder, name))?,
            Place::Memory(files) => drop(lock(files).remove(name)),
        }
        Ok(())
    }

    /// Removes everything but the named files: what a process left that was killed in the middle. Blocks.
    ///
    /// # Errors
    /// When the file system fails.
    pub(crate) fn sweep(&self, keep: &BTreeSet<FileName>) -> Result<(), StoreError> {
        self.sweep_older(keep, SWEEP_AFTER)
    }

    fn sweep_older(&self, keep: &BTreeSet<FileName>, age: Duration) -> Result<(), StoreError> {
        let Place::Folder(folder) = &self.0 else {
            return Ok(());
        };
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let name = HEXLOWER.decode(entry.file_name().as_encoded_bytes());
            let kept = name.is_ok_and(|name| FileName::try_from(name).is_ok_and(|name| keep.contains(&name)));
            let about = entry.metadata()?;
            // A time in the future, after the clock was set back, is no reason to keep it for ever.
            let old = about.modified()?.elapsed().unwrap_or(age) >= age;
            if !kept && old && about.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

fn cipher(file: &SealedFile) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&file.key.into())
}

fn payload<'a>(msg: &'a [u8], name: &'a FileName) -> Payload<'a, 'a> {
    Payload { msg, aad: name }
}

fn path(folder: &Path, name: &FileName) -> PathBuf {
    folder.join(HEXLOWER.encode(name))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_whole(folder: &Path, name: &FileName, sealed: &[u8]) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    if !folder.is_dir() {
        builder.create(folder)?;
        sync_folder(folder.parent().unwrap_or(folder))?;
    }
    let path = path(folder, name);
    let unfinished = path.with_extension(UNFINISHED);
    let written = write_through(&unfinished, sealed).and_then(|()| fs::rename(&unfinished, &path));
    if written.is_err() {
        // What is left of it is swept later.
        let _ = fs::remove_file(&unfinished);
    }
    // A row must not name a file whose name a power cut takes back.
    written.and_then(|()| sync_folder(folder))
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = disk::create_private(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> (tempfile::TempDir, PathBuf, SealedFiles) {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("files");
        let files = SealedFiles::below(below.clone());
        (folder, below, files)
    }

    #[test]
    fn what_is_written_is_read_and_the_disk_holds_none_of_it() {
        let (_temporary, folder, files) = files();
        for bytes in [&b""[..], b"holiday", &[7; 100_000]] {
            let file = files.write(bytes).unwrap();
            assert_eq!(files.read(&file).unwrap(), bytes);
            let raw = fs::read(path(&folder, &file.name)).unwrap();
            assert_eq!(raw.len(), bytes.len() + 16);
            assert!(bytes.is_empty() || !raw.windows(bytes.len()).any(|window| window == bytes));
        }
    }

    #[test]
    fn a_changed_a_swapped_and_a_missing_file_are_told_apart_from_whole_ones() {
        let (_temporary, folder, files) = files();
        let (first, second) = (files.write(b"first").unwrap(), files.write(b"second").unwrap());
        fs::copy(path(&folder, &second.name), path(&folder, &first.name)).unwrap();
        assert!(matches!(files.read(&first), Err(StoreError::Damaged)));
        fs::write(path(&folder, &second.name), b"cut").unwrap();
        assert!(matches!(files.read(&second), Err(StoreError::Damaged)));
        files.remove(&second.name).unwrap();
        files.remove(&second.name).unwrap();
        assert!(matches!(files.read(&second), Err(StoreError::NotFound)));
    }

    #[cfg(unix)]
    #[test]
    fn a_disk_says_how_much_room_it_has() {
        let (_temporary, _, files) = files();
        assert!(files.free_bytes().unwrap() > 0, "before the first file, too");
    }

    #[test]
    fn sweeping_leaves_what_is_known() {
        let (_temporary, folder, files) = files();
        files.sweep(&BTreeSet::new()).unwrap();
        let kept = files.write(b"kept").unwrap();
        files.write(b"forgotten").unwrap();
        fs::write(folder.join("0011.part"), b"unfinished").unwrap();
        let keep = BTreeSet::from([kept.name]);
        files.sweep(&keep).unwrap();
        assert_eq!(
            fs::read_dir(&folder).unwrap().count(),
            3,
            "they may be another process's"
        );
        files.sweep_older(&keep, Duration::ZERO).unwrap();
        let left = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        assert_eq!(left.collect::<Vec<_>>(), [path(&folder, &kept.name)]);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_look() {
        use std::os::unix::fs::PermissionsExt;
        let (_temporary, folder, files) = files();
        let file = files.write(b"mine").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&path(&folder, &file.name))), (0o700, 0o600));
    }
}
