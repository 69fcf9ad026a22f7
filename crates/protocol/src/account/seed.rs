//! The one secret of an account.

use data_encoding::HEXLOWER_PERMISSIVE;
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The secret from which everything of an account follows: 16 bytes, or 32 for very old accounts.
///
/// Erased when dropped. Spec: identity §1 (IDN-01, IDN-02).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Seed {
    bytes: [u8; 32],
    legacy: bool,
}

/// Why bytes are not a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// It has neither 16 nor 32 bytes.
    #[error("a seed has 16 or 32 bytes, not {0}")]
    Length(usize),
    /// A character is not a hex digit.
    #[error("not hex")]
    NotHex,
}

impl Seed {
    /// Draws a seed of 16 random bytes.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut seed = Self {
            bytes: [0; 32],
            legacy: false,
        };
        if let Some(secret) = seed.bytes.get_mut(..16) {
            rng.fill_bytes(secret);
        }
        seed
    }

    /// Takes 16 bytes, or the 32 of an old account.
    ///
    /// # Errors
    /// [`SeedError::Length`].
    pub fn from_bytes(secret: &[u8]) -> Result<Self, SeedError> {
        let mut seed = Self {
            bytes: [0; 32],
            legacy: secret.len() == 32,
        };
        match (secret.len(), seed.bytes.get_mut(..secret.len())) {
            (16 | 32, Some(target)) => target.copy_from_slice(secret),
            (length, _) => return Err(SeedError::Length(length)),
        }
        Ok(seed)
    }

    /// Parses 32 or 64 hex digits.
    ///
    /// # Errors
    /// [`SeedError`].
    pub fn from_hex(text: &str) -> Result<Self, SeedError> {
        let bytes = Zeroizing::new(
            HEXLOWER_PERMISSIVE
                .decode(text.as_bytes())
                .map_err(|_| SeedError::NotHex)?,
        );
        Self::from_bytes(&bytes)
    }

    /// The secret itself, 16 or 32 bytes.
    pub fn expose_secret(&self) -> &[u8] {
        match self.legacy {
            true => &self.bytes,
            false => self.bytes.split_at(16).0,
        }
    }

    /// The Ed25519 seed: 16-byte secrets are followed by 16 zero bytes. Spec: identity §1 (IDN-02).
    pub fn expose_seed32(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl PartialEq for Seed {
    fn eq(&self, other: &Self) -> bool {
        self.legacy == other.legacy && bool::from(self.bytes.ct_eq(&other.bytes))
    }
}

impl Eq for Seed {}

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idn_02_short_seeds_are_followed_by_zeros() {
        let seed = Seed::from_bytes(&[7; 16]).unwrap();
        assert_eq!(seed.expose_secret(), [7; 16]);
        assert_eq!(seed.expose_seed32()[16..], [0; 16]);
        assert_eq!(Seed::from_bytes(&[7; 32]).unwrap().expose_secret(), [7; 32]);
    }

    #[test]
    fn other_lengths_are_refused() {
        for length in [0, 15, 17, 31, 33] {
            assert_eq!(Seed::from_bytes(&vec![1; length]), Err(SeedError::Length(length)));
        }
        assert_eq!(Seed::from_hex("zz"), Err(SeedError::NotHex));
    }

    #[test]
    fn a_padded_short_seed_is_not_the_legacy_seed_of_the_same_bytes() {
        let mut long = [0; 32];
        long[..16].copy_from_slice(&[7; 16]);
        assert_ne!(
            Seed::from_bytes(&[7; 16]).unwrap(),
            Seed::from_bytes(&long).unwrap()
        );
    }

    #[test]
    fn debug_does_not_show_the_secret() {
        assert_eq!(
            format!("{:?}", Seed::from_bytes(&[7; 16]).unwrap()),
            "Seed(redacted)"
        );
    }
}
