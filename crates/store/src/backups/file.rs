//! The file of a backup: written beside its final name and renamed when it is whole; read twice, once to verify all of it.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use backup::{BackupKey, Header, Item, Passphrase, Reader, SealedReader};
use protocol::TimestampMs;

use super::{BackupError, Checked, Watch, Watched};
use crate::disk::{create_private, remove, sync_folder};

/// What is being written ends so.
const UNFINISHED: &str = "part";

/// A backup on the disk with the key that opens it. Nothing of it is taken before all of it was read and verified once.
#[derive(Clone, Debug)]
pub struct BackupFile {
    path: PathBuf,
    key: BackupKey,
}

/// Makes the key of a file from a passphrase. Takes the time and memory that the file asks for, within bounds.
///
/// # Errors
/// [`BackupError::Open`] for what is no backup, or the file system's failure.
pub fn open_backup(path: &Path, passphrase: &Passphrase) -> Result<BackupFile, BackupError> {
    let key = Header::read(&mut File::open(path)?)?.derive(passphrase)?;
    Ok(BackupFile::new(path, key))
}

impl BackupFile {
    /// A file whose key is known.
    pub fn new(path: &Path, key: BackupKey) -> Self {
        Self {
            path: path.to_owned(),
            key,
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What opens it.
    pub const fn key(&self) -> &BackupKey {
        &self.key
    }

    /// Reads all of it and answers what it says of itself.
    ///
    /// # Errors
    /// [`BackupError::Open`] for another passphrase and for a file that is not whole, [`BackupError::Cancelled`], or the
    /// file system's failure.
    pub fn check(&self, watch: Watch<'_>) -> Result<Checked, BackupError> {
        let mut watched = Watched::new(self.len()?, watch);
        let mut reader = self.read()?;
        let mut identity = None;
        while let Some(item) = reader.next_item()? {
            watched.add(rough_len(&item))?;
            if let Item::Identity(found) = item {
                identity = Some(found);
            }
        }
        Ok(Checked {
            account: reader.head().account,
            made_at: TimestampMs(reader.head().made_at),
            identity,
            totals: reader.seen(),
        })
    }

    pub(super) fn len(&self) -> Result<u64, BackupError> {
        Ok(fs::metadata(&self.path)?.len())
    }

    pub(super) fn read(&self) -> Result<Reader<impl Read + use<>>, BackupError> {
        let mut file = BufReader::new(File::open(&self.path)?);
        let header = Header::read(&mut file)?;
        Ok(Reader::new(SealedReader::new(file, &self.key, &header)?)?)
    }
}

/// About how many bytes of a file an item takes.
pub(super) fn rough_len(item: &Item) -> u64 {
    const OF_A_RECORD: u64 = 200;
    let len = match item {
        Item::Content(content) => content.bytes.len(),
        Item::Message(message) => message.body.len(),
        Item::Contact(contact) => contact.picture.as_ref().map_or(0, |picture| picture.bytes.len()),
        _ => 0,
    };
    u64::try_from(len).unwrap_or(u64::MAX).saturating_add(OF_A_RECORD)
}

/// Writes a file under another name, to the disk, and gives it its own when `work` has succeeded. A file of that name is
/// replaced. Whatever happens in the middle, there is nothing half under the final name.
pub(super) fn write_whole<T>(
    path: &Path,
    work: impl FnOnce(&mut BufWriter<File>) -> Result<T, BackupError>,
) -> Result<T, BackupError> {
    let folder = path
        .parent()
        .ok_or_else(|| io::Error::from(ErrorKind::NotFound))?;
    let draft = draft_of(path)?;
    // What a killed process left there.
    remove(&draft)?;
    let mut out = BufWriter::new(create_private(&draft)?);
    let written = work(&mut out).and_then(|value| {
        out.flush()?;
        out.get_ref().sync_all()?;
        fs::rename(&draft, path)?;
        sync_folder(folder)?;
        Ok(value)
    });
    if written.is_err() {
        // What cannot be removed is replaced by the next try.
        let _ = fs::remove_file(&draft);
    }
    written
}

/// `.name.part` beside the file.
fn draft_of(path: &Path) -> Result<PathBuf, BackupError> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::from(ErrorKind::InvalidInput))?;
    let mut draft = std::ffi::OsString::from(".");
    draft.push(name);
    draft.push(".");
    draft.push(UNFINISHED);
    Ok(path.with_file_name(draft))
}
