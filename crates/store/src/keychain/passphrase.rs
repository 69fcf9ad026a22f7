//! A key in a file, sealed with a passphrase.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{Keychain, KeychainError};
use crate::StoreKey;
use crate::disk::{remove, sync_folder};

const MAGIC: &[u8; 8] = b"ternkey1";
const SALT_LEN: usize = 16;
const NONCE_LEN: usize = 24;
const HEADER_LEN: usize = MAGIC.len() + 3 * 4 + SALT_LEN + NONCE_LEN;
const FILE_LEN: usize = HEADER_LEN + StoreKey::LEN + 16;

/// Argon2id: 64 MiB, three passes, four lanes, which are computed beside each other; the second recommendation of RFC 9106
/// §4.
const COST: Cost = Cost {
    memory_kib: 64 * 1024,
    passes: 3,
    lanes: 4,
};
/// What a file may ask for at most, so that a forged one cannot exhaust the machine.
const MOST: Cost = Cost {
    memory_kib: 1024 * 1024,
    passes: 16,
    lanes: 16,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// What a person types to open the store. Erased when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Passphrase(String);

impl Passphrase {
    /// Takes a passphrase; line breaks at its end, as editors leave them in files, do not belong to it. `None` when
    /// nothing is left.
    pub fn new(text: String) -> Option<Self> {
        let text = Zeroizing::new(text);
        let kept = text.trim_end_matches(['\r', '\n']);
        (!kept.is_empty()).then(|| Self(kept.to_owned()))
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(redacted)")
    }
}

/// Keeps keys in files of one folder, each sealed with the passphrase.
///
/// The file `<name>.key` has 108 bytes: `"ternkey1" (8) || memory in KiB (4) || passes (4) || lanes (4) || salt (16) ||
/// nonce (24) || sealed key (48)`, numbers little-endian. The sealing key is Argon2id(passphrase, salt) of 32 bytes with
/// those costs; the sealed key is XChaCha20-Poly1305 of the 32-byte store key, with the 60 bytes before it as associated
/// data. Changing the passphrase seals the same store key anew, so the database stays as it is.
pub struct PassphraseKeychain {
    folder: PathBuf,
    passphrase: Passphrase,
}

impl PassphraseKeychain {
    /// A keychain whose files lie in `folder`.
    pub fn new(folder: &Path, passphrase: Passphrase) -> Self {
        Self {
            folder: folder.to_owned(),
            passphrase,
        }
    }

    /// Whether a key of that name lies in `folder`, whatever its passphrase.
    pub fn holds(folder: &Path, name: &str) -> bool {
        file_path(folder, name).exists()
    }

    /// Removes the key of that name from `folder`, whatever its passphrase; nothing happens when there is none.
    ///
    /// # Errors
    /// When the file system fails.
    pub fn forget(folder: &Path, name: &str) -> Result<(), KeychainError> {
        Ok(remove(&file_path(folder, name))?)
    }

    /// Seals the key of that name with another passphrase, which replaces the one of this value.
    ///
    /// # Errors
    /// [`KeychainError::WrongPassphrase`] when this value's passphrase is not the one in use;
    /// [`KeychainError::Damaged`] when there is no whole file; failures of the disk. The old file stays then.
    pub fn change_passphrase(&mut self, name: &str, new: Passphrase) -> Result<(), KeychainError> {
        let key = self.load(name)?.ok_or(KeychainError::Damaged)?;
        let changed = Self {
            folder: self.folder.clone(),
            passphrase: new,
        };
        changed.save(name, &key)?;
        *self = changed;
        Ok(())
    }
}

impl Keychain for PassphraseKeychain {
    fn load(&self, name: &str) -> Result<Option<StoreKey>, KeychainError> {
        match fs::read(file_path(&self.folder, name)) {
            Ok(file) => open(&self.passphrase, &file).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn save(&self, name: &str, key: &StoreKey) -> Result<(), KeychainError> {
        let path = file_path(&self.folder, name);
        write_whole(&path, &seal(&self.passphrase, key)?)?;
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), KeychainError> {
        Self::forget(&self.folder, name)
    }
}

/// Names hold letters, digits and `-` only, but for `:`, which some file systems refuse.
fn file_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{}.key", name.replace(':', "-")))
}

fn seal(passphrase: &Passphrase, key: &StoreKey) -> Result<Vec<u8>, KeychainError> {
    let (mut salt, mut nonce) = ([0; SALT_LEN], [0; NONCE_LEN]);
    getrandom::fill(&mut salt)?;
    getrandom::fill(&mut nonce)?;
    let mut file = Vec::with_capacity(FILE_LEN);
    file.extend_from_slice(MAGIC);
    for number in [COST.memory_kib, COST.passes, COST.lanes] {
        file.extend_from_slice(&number.to_le_bytes());
    }
    file.extend_from_slice(&salt);
    file.extend_from_slice(&nonce);
    let payload = Payload {
        msg: key.expose_secret(),
        aad: &file,
    };
    let cipher = cipher(passphrase, &salt, COST).ok_or(KeychainError::Damaged)?;
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| KeychainError::Damaged)?;
    file.extend_from_slice(&sealed);
    Ok(file)
}

fn open(passphrase: &Passphrase, file: &[u8]) -> Result<StoreKey, KeychainError> {
    let (header, sealed) = file.split_at_checked(HEADER_LEN).ok_or(KeychainError::Damaged)?;
    let parsed = parse_header(header)
        .filter(|_| file.len() == FILE_LEN)
        .ok_or(KeychainError::Damaged)?;
    let (cost, salt, nonce) = parsed;
    let cipher = cipher(passphrase, &salt, cost).ok_or(KeychainError::Damaged)?;
    let payload = Payload {
        msg: sealed,
        aad: header,
    };
    let key = cipher
        .decrypt(&XNonce::from(nonce), payload)
        .map_err(|_| KeychainError::WrongPassphrase)?;
    StoreKey::from_slice(&Zeroizing::new(key)).ok_or(KeychainError::Damaged)
}

fn parse_header(header: &[u8]) -> Option<(Cost, [u8; SALT_LEN], [u8; NONCE_LEN])> {
    let (memory_kib, rest) = header.strip_prefix(MAGIC)?.split_first_chunk()?;
    let (passes, rest) = rest.split_first_chunk()?;
    let (lanes, rest) = rest.split_first_chunk()?;
    let (salt, rest) = rest.split_first_chunk()?;
    let number = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
    let cost = Cost {
        memory_kib: number(memory_kib),
        passes: number(passes),
        lanes: number(lanes),
    };
    let bounded =
        cost.memory_kib <= MOST.memory_kib && cost.passes <= MOST.passes && cost.lanes <= MOST.lanes;
    bounded.then_some((cost, *salt, rest.try_into().ok()?))
}

/// The cipher of a passphrase; `None` when the costs are not ones that Argon2 allows.
fn cipher(passphrase: &Passphrase, salt: &[u8; SALT_LEN], cost: Cost) -> Option<XChaCha20Poly1305> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).ok()?;
    // The system gives memory page by page, when it is first written to, and takes it back so: with 64 MiB a quarter of the
    // whole wait. All threads take part in the one, and nobody waits for the other.
    let mut memory: Vec<Block> = Vec::new();
    memory.try_reserve_exact(params.block_count()).ok()?;
    (0..params.block_count())
        .into_par_iter()
        .map(|_| Block::new())
        .collect_into_vec(&mut memory);
    let mut key = Zeroizing::new([0; 32]);
    let hashed = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
        passphrase.0.as_bytes(),
        salt,
        key.as_mut_slice(),
        memory.as_mut_slice(),
    );
    rayon::spawn(move || drop(memory));
    hashed.ok()?;
    XChaCha20Poly1305::new_from_slice(key.as_slice()).ok()
}

/// Replaces a file as a whole: after a power cut there is the old one or the new one.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("key-draft");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

#[cfg(test)]
#[path = "passphrase_tests.rs"]
mod tests;
