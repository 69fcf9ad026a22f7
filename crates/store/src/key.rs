//! The key of the database.

use data_encoding::HEXLOWER;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The 32-byte key that encrypts one store. Erased when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct StoreKey([u8; 32]);

impl StoreKey {
    /// Length in bytes.
    pub const LEN: usize = 32;

    /// Draws a key from the operating system's randomness.
    ///
    /// # Errors
    /// When the operating system gives none.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut key = Self([0; Self::LEN]);
        getrandom::fill(&mut key.0)?;
        Ok(key)
    }

    /// Takes the bytes of a key. The caller erases its own copy.
    pub const fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// Takes the bytes of a key from a slice; `None` unless it has 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The secret itself.
    pub const fn expose_secret(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// The statement that hands the raw key to SQLCipher: no key derivation, as the key is random already.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let hex = Zeroizing::new(HEXLOWER.encode(&self.0));
        Zeroizing::new(format!("PRAGMA key = \"x'{}'\";", hex.as_str()))
    }
}

impl std::fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreKey(redacted)")
    }
}
