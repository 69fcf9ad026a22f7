//! Erasing a store for good, also when the process that began it did not live to its end.
//!
//! A file `erase` beside the database condemns the store. It is written before anything goes and removed last; whoever
//! closes the store or opens the folder next finishes the work. It holds the store's id, so that a store made later in the
//! same folder is not taken for the condemned one, and a second line, `sealed`, when a passphrase seals the key.

use std::fs;
use std::io;
use std::path::Path;

use super::{DATABASE, DataDir, FILES, INCOMING, OpenError, STORE_ID, is_store_id, system_keychain};
use crate::disk::{remove, sync_folder};
use crate::keychain::{Keychain, KeychainError, PassphraseKeychain};
use crate::{Store, StoreError};

/// Condemns the store whose id is in it.
pub(super) const MARK: &str = "erase";

/// The second line of a mark whose store's key is in no keychain.
const SEALED: &str = "sealed";

impl Store {
    /// Condemns the store: it is erased once it is closed, by [`DataDir::erase_condemned`], at the latest when its folder is
    /// opened again. On the disk when this returns. A store outside of a data folder is its maker's to remove.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] or a failure of the file system; then nothing is condemned.
    pub fn condemn(&self) -> Result<(), StoreError> {
        let Some(folder) = self.path().and_then(Path::parent) else {
            return Ok(());
        };
        let Some(data) = DataDir::at(folder) else {
            return Ok(());
        };
        let sealed = PassphraseKeychain::holds(folder, &data.key_name());
        let mark = match sealed {
            true => format!("{}\n{SEALED}\n", data.store_id),
            false => format!("{}\n", data.store_id),
        };
        // Whole or not there: half an id condemns nothing.
        let draft = folder.join(format!("{MARK}-draft"));
        fs::write(&draft, mark)?;
        fs::File::open(&draft)?.sync_all()?;
        fs::rename(&draft, folder.join(MARK))?;
        sync_folder(folder)?;
        Ok(())
    }
}

impl DataDir {
    /// Erases the condemned store of a folder, if there is one: first its key, without which the rest is noise, then its
    /// files. While another process has the store open only the key goes; the last one that closes it erases the rest. A
    /// keychain that does not answer keeps no file from going: the key is removed when the folder is opened next. Answers whether a store
    /// was erased.
    ///
    /// # Errors
    /// When the file system fails; the store stays condemned.
    pub fn erase_condemned(folder: &Path) -> Result<bool, OpenError> {
        Self::erase_condemned_with(folder, system_keychain)
    }

    /// [`DataDir::erase_condemned`] with the system's keychain as a parameter; `system` is called only when it is needed.
    ///
    /// # Errors
    /// As [`DataDir::erase_condemned`].
    pub fn erase_condemned_with(
        folder: &Path,
        system: impl FnOnce() -> Result<Box<dyn Keychain>, KeychainError>,
    ) -> Result<bool, OpenError> {
        let mark = match fs::read_to_string(folder.join(MARK)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            mark => mark?,
        };
        let mut lines = mark.lines();
        let Some(store_id) = lines.next().filter(|line| is_store_id(line)) else {
            remove(&folder.join(MARK))?;
            return Ok(false);
        };
        let condemned = Self {
            path: folder.to_owned(),
            store_id: store_id.to_owned(),
        };
        let name = condemned.key_name();
        PassphraseKeychain::forget(folder, &name)?;
        let forgotten = match lines.next() {
            Some(SEALED) => Ok(()),
            _ => system().and_then(|keychain| keychain.delete(&name)),
        };
        let there = Self::at(folder).as_ref() == Some(&condemned);
        let alone = if there { condemned.claim_alone()? } else { None };
        if there && alone.is_none() {
            tracing::info!("what is to be erased is open in another process");
            return Ok(false);
        }
        if there {
            condemned.erase_files()?;
        }
        match forgotten {
            Ok(()) => remove(&folder.join(MARK))?,
            Err(error) => tracing::warn!(%error, "the keychain keeps the key of a store that is gone"),
        }
        Ok(there)
    }

    /// Erases the store of a folder for good, whether it opens or not: first its key, then its files. A keychain that does
    /// not answer keeps no file from going: without them the key opens nothing.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when a process has it open; when the file system fails; what was to go after that is still there.
    pub fn erase(folder: &Path) -> Result<(), OpenError> {
        Self::erase_with(folder, system_keychain)
    }

    /// [`DataDir::erase`] with the system's keychain as a parameter; `system` is called only when it is needed.
    ///
    /// # Errors
    /// As [`DataDir::erase`].
    pub fn erase_with(
        folder: &Path,
        system: impl FnOnce() -> Result<Box<dyn Keychain>, KeychainError>,
    ) -> Result<(), OpenError> {
        let data = Self::prepare(folder)?;
        let _alone = data.claim_alone()?.ok_or(StoreError::Busy)?;
        let name = data.key_name();
        if PassphraseKeychain::holds(folder, &name) {
            PassphraseKeychain::forget(folder, &name)?;
        } else if let Err(error) = system().and_then(|keychain| keychain.delete(&name)) {
            tracing::warn!(%error, "the keychain keeps the key of a store that is gone");
        }
        data.erase_files()
    }

    /// The id goes last: until then the files are known to be the condemned store's.
    fn erase_files(&self) -> Result<(), OpenError> {
        for suffix in ["", "-wal", "-shm"] {
            remove(&self.path.join(format!("{DATABASE}{suffix}")))?;
        }
        match fs::remove_dir_all(self.path.join(FILES)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        remove(&self.path.join(INCOMING))?;
        remove(&self.path.join(STORE_ID))?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "erasing_tests.rs"]
mod tests;
