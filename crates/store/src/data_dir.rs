//! A data folder: the database, its identity, and which keychain holds its key.
//!
//! | file | what it is |
//! |---|---|
//! | `store-id` | 32 random hex digits; the key is kept under the name `tern:<store-id>`; locked by whoever uses the store |
//! | `tern.db`, `tern.db-wal`, `tern.db-shm` | the database and its log |
//! | `incoming.ternbackup` | history that comes from another device, sealed, until it was brought back |
//! | `files/` | files of messages, each sealed with a key of its own that the database knows |
//! | `tern-<store-id>.key` | the key sealed with a passphrase, where no keychain answered |
//! | `erase` | the id of a store that is to be erased |

mod erasing;
mod in_use;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

use crate::backups::INCOMING;
use crate::keychain::{Keychain, KeychainError, OsKeychain, Passphrase, PassphraseKeychain};
use crate::open::FILES;
use crate::{Store, StoreError, StoreKey, Upgrade};

pub(crate) use in_use::InUse;

const DATABASE: &str = "tern.db";
const STORE_ID: &str = "store-id";
const STORE_ID_LEN: usize = 32;

/// What keeps the key of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Custody {
    /// The operating system's keychain.
    Keychain,
    /// A file sealed with a passphrase, because no keychain answered when the store was made.
    Passphrase,
    /// Memory only.
    Memory,
}

/// Why the store of a folder could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The store is there, but the keychain no longer has its key: nothing can open it.
    #[error("the keychain has lost the key of the store")]
    KeyLost,
    /// The key is sealed with a passphrase, or would have to be, and none was given.
    #[error("a passphrase is needed")]
    PassphraseNeeded,
    /// The passphrase given does not open the key.
    #[error("the passphrase is wrong")]
    PassphraseWrong,
    /// The keychain failed in another way; the same call may succeed later.
    #[error("the keychain failed")]
    Keychain(#[source] KeychainError),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<KeychainError> for OpenError {
    fn from(error: KeychainError) -> Self {
        match error {
            KeychainError::WrongPassphrase => Self::PassphraseWrong,
            KeychainError::DiskFull => Self::Store(StoreError::DiskFull),
            other => Self::Keychain(other),
        }
    }
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Store(error.into())
    }
}

/// One folder with one account's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir {
    path: PathBuf,
    store_id: String,
}

impl DataDir {
    /// Takes a folder, made for its owner's eyes only when it is missing, and gives it a store id when it has none. One
    /// that has a store id and can be read by others is closed to them.
    ///
    /// # Errors
    /// When the file system fails.
    pub fn prepare(path: &Path) -> Result<Self, OpenError> {
        create_private_folder(path)?;
        if let Some(prepared) = Self::at(path) {
            close_to_others(path);
            return Ok(prepared);
        }
        let mut random = [0; STORE_ID_LEN / 2];
        getrandom::fill(&mut random).map_err(KeychainError::from)?;
        let store_id = HEXLOWER.encode(&random);
        fs::write(path.join(STORE_ID), &store_id)?;
        Ok(Self {
            path: path.to_owned(),
            store_id,
        })
    }

    /// A folder that was prepared before.
    fn at(path: &Path) -> Option<Self> {
        let kept = fs::read_to_string(path.join(STORE_ID)).ok()?;
        let store_id = Some(kept.trim()).filter(|kept| is_store_id(kept))?.to_owned();
        Some(Self {
            path: path.to_owned(),
            store_id,
        })
    }

    /// Whether a folder has a database, without touching anything in it.
    pub fn holds_store(path: &Path) -> bool {
        is_written(&path.join(DATABASE))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name under which a keychain keeps this store's key.
    pub fn key_name(&self) -> String {
        format!("tern:{}", self.store_id)
    }

    /// Where the database lies.
    pub fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// Opens the store with the operating system's keychain where one answers, else with a passphrase. A store stays
    /// with what it was made with: one that a passphrase seals needs it even when a keychain answers later.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_store(&self, passphrase: Option<Passphrase>) -> Result<(Store, Custody), OpenError> {
        self.open_store_telling(passphrase, &|_| ())
    }

    /// [`DataDir::open_store`], telling how far a store of an earlier version is.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_store_telling(
        &self,
        passphrase: Option<Passphrase>,
        tell: &dyn Fn(Upgrade),
    ) -> Result<(Store, Custody), OpenError> {
        let (keychain, custody) = self.keychain(system_keychain, passphrase)?;
        Ok((self.open_keyed(keychain.as_ref(), tell)?, custody))
    }

    /// [`DataDir::open_store`] with the system's keychain as a parameter; `system` is called only when it is needed.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_store_with(
        &self,
        system: impl FnOnce() -> Result<Box<dyn Keychain>, KeychainError>,
        passphrase: Option<Passphrase>,
    ) -> Result<(Store, Custody), OpenError> {
        let (keychain, custody) = self.keychain(system, passphrase)?;
        Ok((self.open_with(keychain.as_ref())?, custody))
    }

    fn keychain(
        &self,
        system: impl FnOnce() -> Result<Box<dyn Keychain>, KeychainError>,
        passphrase: Option<Passphrase>,
    ) -> Result<(Box<dyn Keychain>, Custody), OpenError> {
        let sealed = PassphraseKeychain::holds(&self.path, &self.key_name());
        Ok(match (sealed, passphrase) {
            (true, Some(passphrase)) => (self.passphrase_keychain(passphrase), Custody::Passphrase),
            (true, None) => return Err(OpenError::PassphraseNeeded),
            (false, passphrase) => match (system(), passphrase) {
                (Ok(system), _) => (system, Custody::Keychain),
                // A store without a sealed key was made with the keychain that does not answer at the moment.
                (Err(error), _) if self.database_exists() => return Err(error.into()),
                (Err(_), Some(passphrase)) => (self.passphrase_keychain(passphrase), Custody::Passphrase),
                (Err(_), None) => return Err(OpenError::PassphraseNeeded),
            },
        })
    }

    /// Opens the store with the key of this keychain; a folder without a database gets a fresh key.
    ///
    /// # Errors
    /// [`OpenError::KeyLost`] when there is a database but no key, [`StoreError::Busy`] when another process is erasing it,
    /// and the failures of both sides.
    pub fn open_with(&self, keychain: &dyn Keychain) -> Result<Store, OpenError> {
        self.open_keyed(keychain, &|_| ())
    }

    fn open_keyed(&self, keychain: &dyn Keychain, tell: &dyn Fn(Upgrade)) -> Result<Store, OpenError> {
        let in_use = self.claim()?;
        let key = match keychain.load(&self.key_name())? {
            Some(key) => key,
            None if self.database_exists() => return Err(OpenError::KeyLost),
            None => {
                let key = StoreKey::generate().map_err(KeychainError::from)?;
                keychain.save(&self.key_name(), &key)?;
                key
            }
        };
        Ok(Store::open_telling(&self.database(), &key, tell)?.in_use(in_use))
    }

    fn passphrase_keychain(&self, passphrase: Passphrase) -> Box<dyn Keychain> {
        Box::new(PassphraseKeychain::new(&self.path, passphrase))
    }

    fn database_exists(&self) -> bool {
        is_written(&self.database())
    }
}

/// The operating system's keychain, as the store takes any.
fn system_keychain() -> Result<Box<dyn Keychain>, KeychainError> {
    OsKeychain::connect().map(|os| Box::new(os) as Box<dyn Keychain>)
}

fn is_store_id(text: &str) -> bool {
    text.len() == STORE_ID_LEN && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// An empty file is what a process leaves that was killed before the first page was written.
fn is_written(database: &Path) -> bool {
    fs::metadata(database).is_ok_and(|file| file.len() > 0)
}

fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Takes the rights of everybody but the owner away from a folder. Folders with the sticky bit are shared on purpose, as
/// `/tmp` is, and not ours to change.
#[cfg(unix)]
fn close_to_others(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;

    const STICKY: u32 = 0o1000;
    let Ok(mode) = fs::metadata(folder).map(|folder| folder.permissions().mode()) else {
        return;
    };
    if mode & OTHERS == 0 {
        return;
    }
    let closed = match mode & STICKY {
        0 => fs::set_permissions(folder, fs::Permissions::from_mode(mode & 0o700)),
        _ => Err(io::ErrorKind::PermissionDenied.into()),
    };
    match closed {
        Ok(()) => tracing::info!("the data folder was open to other users and is closed to them"),
        Err(_) => tracing::warn!("the data folder is open to other users of this machine"),
    }
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) {}

/// Rights of the group and of everybody.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// Whether users besides its owner may read or change a file, as far as the system tells: by its own rights, and because
/// no folder above it keeps them out.
#[cfg(unix)]
pub fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    const PASS: u32 = 0o011;
    let mode = |path: &Path| fs::metadata(path).map_or(0, |found| found.permissions().mode());
    let Ok(file) = file.canonicalize() else {
        return false;
    };
    file.is_file()
        && mode(&file) & OTHERS != 0
        && file.ancestors().skip(1).all(|folder| mode(folder) & PASS != 0)
}

/// Whether users besides its owner may read or change a file, as far as the system tells.
#[cfg(not(unix))]
pub fn is_open_to_others(_: &Path) -> bool {
    false
}

#[cfg(test)]
#[path = "data_dir_tests.rs"]
mod tests;
