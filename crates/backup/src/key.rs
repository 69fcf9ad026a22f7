//! From a passphrase to the key of one file, and the head of the file that says how.

use std::io::Read;

use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{OpenError, Passphrase};

const MAGIC: &[u8; 7] = b"TERNBAK";
const VERSION: u8 = 1;
const SALT_LEN: usize = 16;
const FILE_SALT_LEN: usize = 32;
const KEY_LEN: usize = 32;
/// What the key of a file is for.
const PURPOSE: &[u8] = b"tern backup file 1";

/// What turning a passphrase into a key costs (Argon2id, RFC 9106).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// What is written: 64 MiB, three passes, one lane; about the second recommendation of RFC 9106 §4, on one core.
    pub const STANDARD: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };
    /// What a file may ask for at most, so that a forged one takes neither all memory nor minutes.
    pub const MOST: Self = Self {
        memory_kib: 256 * 1024,
        passes: 8,
        lanes: 4,
    };

    const fn is_bounded(self) -> bool {
        self.memory_kib <= Self::MOST.memory_kib
            && self.passes <= Self::MOST.passes
            && self.lanes <= Self::MOST.lanes
    }
}

/// A key made from a passphrase, with what is needed to make it again. One key may seal many files: each has a key of its
/// own that follows from this one. Erased when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct BackupKey {
    key: [u8; KEY_LEN],
    #[zeroize(skip)]
    salt: [u8; SALT_LEN],
    #[zeroize(skip)]
    cost: Cost,
}

impl std::fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BackupKey(redacted)")
    }
}

impl BackupKey {
    /// Bytes of [`Self::to_bytes`].
    pub const LEN: usize = KEY_LEN + SALT_LEN + 12;

    /// Makes a key under a new salt. Takes the time and memory that `cost` says.
    ///
    /// # Errors
    /// [`OpenError::Cost`] when Argon2 does not allow these costs.
    pub fn create(passphrase: &Passphrase, cost: Cost, rng: &mut impl CryptoRng) -> Result<Self, OpenError> {
        let mut salt = [0; SALT_LEN];
        rng.fill_bytes(&mut salt);
        Self::derive(passphrase, salt, cost)
    }

    /// A key that follows from no passphrase: for a backup that is opened with [`Self::to_bytes`] once, and never again.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        let mut made = Self {
            key: [0; KEY_LEN],
            salt: [0; SALT_LEN],
            cost: Cost::STANDARD,
        };
        rng.fill_bytes(&mut made.key);
        rng.fill_bytes(&mut made.salt);
        made
    }

    fn derive(passphrase: &Passphrase, salt: [u8; SALT_LEN], cost: Cost) -> Result<Self, OpenError> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(KEY_LEN))
            .ok()
            .filter(|_| cost.is_bounded())
            .ok_or(OpenError::Cost)?;
        let mut made = Self {
            key: [0; KEY_LEN],
            salt,
            cost,
        };
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), &salt, &mut made.key)
            .map_err(|_| OpenError::Cost)?;
        Ok(made)
    }

    /// The key with its salt and costs, to be kept where it is safe: `key (32) || salt (16) || memory in KiB (4) ||
    /// passes (4) || lanes (4)`, numbers little-endian.
    pub fn to_bytes(&self) -> Zeroizing<[u8; Self::LEN]> {
        let mut bytes = Zeroizing::new([0; Self::LEN]);
        let numbers = [self.cost.memory_kib, self.cost.passes, self.cost.lanes].map(u32::to_le_bytes);
        let parts = self.key.iter().chain(&self.salt).chain(numbers.as_flattened());
        for (to, from) in bytes.iter_mut().zip(parts) {
            *to = *from;
        }
        bytes
    }

    /// Reads [`Self::to_bytes`]; `None` for what it never gives.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (key, rest) = bytes.split_first_chunk()?;
        let (salt, rest) = rest.split_first_chunk()?;
        let cost = parse_cost(rest.first_chunk()?);
        (rest.len() == 12 && cost.is_bounded()).then_some(Self {
            key: *key,
            salt: *salt,
            cost,
        })
    }

    /// The head of a new file.
    pub fn header(&self, rng: &mut impl CryptoRng) -> Header {
        let mut file_salt = [0; FILE_SALT_LEN];
        rng.fill_bytes(&mut file_salt);
        Header {
            cost: self.cost,
            salt: self.salt,
            file_salt,
        }
    }

    /// The key of one file: HMAC-SHA256 under this key of the purpose and the whole head, so that no part of the head
    /// can be changed without changing the key.
    pub(crate) fn of_file(&self, header: &Header) -> Option<Zeroizing<[u8; KEY_LEN]>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        mac.update(PURPOSE);
        mac.update(&header.to_bytes());
        Some(Zeroizing::new(mac.finalize().into_bytes().into()))
    }
}

/// The first 68 bytes of a backup, the only ones that are not encrypted.
///
/// `"TERNBAK" (7) || version (1) || memory in KiB (4) || passes (4) || lanes (4) || salt (16) || salt of the file (32)`,
/// numbers little-endian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    cost: Cost,
    salt: [u8; SALT_LEN],
    file_salt: [u8; FILE_SALT_LEN],
}

impl Header {
    /// Bytes of a head.
    pub const LEN: usize = MAGIC.len() + 1 + 12 + SALT_LEN + FILE_SALT_LEN;

    /// Reads the head of a file.
    ///
    /// # Errors
    /// [`OpenError::NotABackup`], [`OpenError::TooNew`], [`OpenError::Cost`] when the file asks for more than
    /// [`Cost::MOST`], or the reader's failure.
    pub fn read(input: &mut impl Read) -> Result<Self, OpenError> {
        let mut bytes = [0; Self::LEN];
        input.read_exact(&mut bytes).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => OpenError::NotABackup,
            _ => OpenError::Io(error),
        })?;
        let rest = bytes.strip_prefix(MAGIC).ok_or(OpenError::NotABackup)?;
        let (version, rest) = rest.split_first().ok_or(OpenError::NotABackup)?;
        if *version != VERSION {
            return Err(OpenError::TooNew(*version));
        }
        let (cost, rest) = rest.split_first_chunk().ok_or(OpenError::NotABackup)?;
        let (salt, rest) = rest.split_first_chunk().ok_or(OpenError::NotABackup)?;
        let file_salt = rest.first_chunk().ok_or(OpenError::NotABackup)?;
        let cost = parse_cost(cost);
        if !cost.is_bounded() {
            return Err(OpenError::Cost);
        }
        Ok(Self {
            cost,
            salt: *salt,
            file_salt: *file_salt,
        })
    }

    /// Makes the key that this file was sealed with. Takes the time and memory that the file asks for.
    ///
    /// # Errors
    /// [`OpenError::Cost`] when Argon2 does not allow the file's costs.
    pub fn derive(&self, passphrase: &Passphrase) -> Result<BackupKey, OpenError> {
        BackupKey::derive(passphrase, self.salt, self.cost)
    }

    pub(crate) fn to_bytes(&self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        let numbers = [self.cost.memory_kib, self.cost.passes, self.cost.lanes].map(u32::to_le_bytes);
        let parts = MAGIC.iter().chain(&[VERSION]).chain(numbers.as_flattened());
        let parts = parts.chain(&self.salt).chain(&self.file_salt);
        for (to, from) in bytes.iter_mut().zip(parts) {
            *to = *from;
        }
        bytes
    }
}

fn parse_cost(bytes: &[u8; 12]) -> Cost {
    let (numbers, _) = bytes.as_chunks::<4>();
    let number = |index: usize| numbers.get(index).map_or(0, |bytes| u32::from_le_bytes(*bytes));
    Cost {
        memory_kib: number(0),
        passes: number(1),
        lanes: number(2),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    /// As cheap as Argon2 allows.
    pub(crate) const CHEAP: Cost = Cost {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };

    pub(crate) fn rng() -> ChaCha20Rng {
        ChaCha20Rng::from_seed([7; 32])
    }

    pub(crate) fn key() -> BackupKey {
        let passphrase = Passphrase::parse("abbey zoom amount fading tossed vector").unwrap();
        BackupKey::create(&passphrase, CHEAP, &mut rng()).unwrap()
    }

    #[test]
    fn a_head_is_read_as_it_was_written_and_gives_the_same_key() {
        let key = key();
        let header = key.header(&mut rng());
        let bytes = header.to_bytes();
        assert_eq!((bytes.len(), &bytes[..8]), (68, &b"TERNBAK\x01"[..]));
        let read = Header::read(&mut bytes.as_slice()).unwrap();
        assert_eq!(read, header);
        let passphrase = Passphrase::parse("Abbey Zoom amount fading tossed vector").unwrap();
        assert_eq!(read.derive(&passphrase).unwrap(), key);
        let other = Passphrase::parse("abbey zoom amount fading tossed abbey").unwrap();
        assert_ne!(read.derive(&other).unwrap(), key);
    }

    #[test]
    fn a_kept_key_is_the_same_key() {
        let key = key();
        let bytes = key.to_bytes();
        assert_eq!(BackupKey::from_bytes(bytes.as_slice()), Some(key));
        assert_eq!(BackupKey::from_bytes(&bytes[1..]), None);
        assert_eq!(BackupKey::from_bytes(&[255; BackupKey::LEN]), None);
    }

    #[test]
    fn two_drawn_keys_differ_and_can_be_kept() {
        let mut rng = rng();
        let (one, other) = (BackupKey::random(&mut rng), BackupKey::random(&mut rng));
        assert_ne!(one, other);
        assert_eq!(BackupKey::from_bytes(one.to_bytes().as_slice()), Some(one));
    }

    #[test]
    fn every_part_of_the_head_changes_the_key_of_the_file() {
        let key = key();
        let header = key.header(&mut rng());
        let own = key.of_file(&header).unwrap();
        for at in 8..Header::LEN {
            let mut bytes = header.to_bytes();
            bytes[at] ^= 1;
            if let Ok(changed) = Header::read(&mut bytes.as_slice()) {
                assert_ne!(key.of_file(&changed).unwrap(), own, "byte {at}");
            }
        }
    }

    #[test]
    fn a_head_that_is_short_foreign_newer_or_greedy_is_refused() {
        let bytes = key().header(&mut rng()).to_bytes();
        for len in 0..Header::LEN {
            assert!(matches!(
                Header::read(&mut &bytes[..len]),
                Err(OpenError::NotABackup)
            ));
        }
        let with = |at: usize, number: &[u8]| {
            let mut changed = bytes;
            changed[at..at + number.len()].copy_from_slice(number);
            Header::read(&mut changed.as_slice())
        };
        assert!(matches!(with(0, b"t"), Err(OpenError::NotABackup)));
        assert!(matches!(with(7, &[2]), Err(OpenError::TooNew(2))));
        for (at, most) in [
            (8, Cost::MOST.memory_kib),
            (12, Cost::MOST.passes),
            (16, Cost::MOST.lanes),
        ] {
            for greedy in [most + 1, u32::MAX] {
                assert!(matches!(with(at, &greedy.to_le_bytes()), Err(OpenError::Cost)));
            }
        }
    }

    #[test]
    fn costs_that_argon2_does_not_allow_are_refused() {
        let passphrase = Passphrase::parse("abbey").unwrap();
        for cost in [
            Cost {
                memory_kib: 0,
                ..CHEAP
            },
            Cost { passes: 0, ..CHEAP },
            Cost { lanes: 0, ..CHEAP },
        ] {
            let refused = BackupKey::create(&passphrase, cost, &mut rng());
            assert!(matches!(refused, Err(OpenError::Cost)), "{cost:?}");
        }
    }
}
