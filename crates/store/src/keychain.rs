//! Where the key of the database is kept.
//!
//! A [`Keychain`] keeps keys by name. There is the operating system's ([`OsKeychain`]), a file sealed with a passphrase
//! ([`PassphraseKeychain`]), and plain memory for tests and throw-away accounts ([`MemoryKeychain`]). All of them pass
//! one suite of tests.

mod memory;
mod os;
mod passphrase;

use crate::StoreKey;

pub use memory::MemoryKeychain;
pub use os::OsKeychain;
pub use passphrase::{Passphrase, PassphraseKeychain};

/// Keeps store keys by name. Calls block, those of the operating system's keychain possibly for as long as a person
/// needs to unlock it.
pub trait Keychain: Send + Sync {
    /// The key of that name; `None` when there is none.
    ///
    /// # Errors
    /// [`KeychainError`].
    fn load(&self, name: &str) -> Result<Option<StoreKey>, KeychainError>;

    /// Keeps a key, also after a restart, and replaces an older one of the same name.
    ///
    /// # Errors
    /// [`KeychainError`].
    fn save(&self, name: &str, key: &StoreKey) -> Result<(), KeychainError>;

    /// Removes the key of that name; nothing happens when there is none.
    ///
    /// # Errors
    /// [`KeychainError`].
    fn delete(&self, name: &str) -> Result<(), KeychainError>;
}

/// Why a keychain did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeychainError {
    /// There is no keychain, or it does not answer.
    #[error("no keychain answers")]
    Unavailable,
    /// There is a keychain, but it did not let us in: locked, and nobody unlocked it.
    #[error("the keychain is locked")]
    Locked,
    /// The passphrase is not the one that the key was sealed with.
    #[error("the passphrase does not open the key")]
    WrongPassphrase,
    /// What is kept under the name is not a key.
    #[error("the kept key is damaged")]
    Damaged,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The file system failed.
    #[error("the file system failed")]
    Io(#[source] std::io::Error),
    /// The operating system gave no randomness.
    #[error("no randomness")]
    Randomness(#[source] getrandom::Error),
}

impl From<std::io::Error> for KeychainError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

impl From<getrandom::Error> for KeychainError {
    fn from(error: getrandom::Error) -> Self {
        Self::Randomness(error)
    }
}

#[cfg(test)]
#[path = "keychain_tests.rs"]
mod tests;
