//! The deterministic encryption of files: the same file by the same account gives the same bytes.
//!
//! ```text
//! header[24] ‖ key[32]   BLAKE2b-56 of the file, keyed with the account's 32-byte seed, personalised by its use
//! file                   53 ‖ header[24] ‖ chunks
//! chunks                 zero bytes ‖ 01 ‖ data, in pieces of 32,768 bytes, each 17 bytes longer when encrypted
//! ```
//!
//! The number of zero bytes rounds the file's length up (see [`padding_len`]). There is no digest: each chunk carries a
//! code, and the last one says that it is the last. A server sees when one account uploads the same file again, which
//! is what the encryption is for. Spec: attachments §6 (ATT-30 to ATT-39)

mod decryptor;
mod encryptor;

use std::fmt;

use blake2::Blake2bMac;
use blake2::digest::consts::U56;
use blake2::digest::{FixedOutput, Update};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::secretstream::{HEADER_LEN, MAC_LEN, OVERHEAD, SecretStream, TAG_LEN, Tag};
use super::{Complete, DecryptError};
use crate::account::Seed;

pub use decryptor::Decryptor;
use decryptor::Unpadder;
pub use encryptor::Encryptor;

/// First byte of a file.
const MARK: u8 = 0x53;
/// Mark and header.
const PREFIX_LEN: usize = 1 + HEADER_LEN;
/// Length of a chunk's text.
const TEXT_LEN: usize = 32_768;
/// Length of an encrypted chunk.
const CHUNK_LEN: usize = TEXT_LEN + OVERHEAD;
/// Ends the zero bytes.
const PADDING_END: u8 = 1;
/// Lengths below this are rounded as this one is.
const SMALLEST_ROUNDED: usize = 131_072;
/// One in so many bytes may be padding.
const ROUNDING: usize = 32;

/// The key of one file, 32 bytes. Erased when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

/// What a file is for; the same bytes have another key in each use. Spec: attachments §6 (ATT-31)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// An attachment of a message.
    Attachment,
    /// A profile picture.
    ProfilePicture,
}

impl Use {
    const fn personal(self) -> &'static [u8; 16] {
        match self {
            Self::Attachment => b"SessionAttachmnt",
            Self::ProfilePicture => b"Session_Prof_Pic",
        }
    }
}

/// A file's key and header, which follow from its content.
///
/// # Security
/// One pair must never encrypt two different files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    /// Goes into the pointer.
    pub key: Key,
    /// Goes into the file.
    pub header: [u8; HEADER_LEN],
}

impl Key {
    /// Takes 32 bytes; `None` for any other number.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The key itself, 32 bytes.
    pub const fn expose_secret(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Key {}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(redacted)")
    }
}

/// Derives a file's [`Secrets`] from all of its bytes, before any of them is encrypted.
pub struct SecretsHasher(Blake2bMac<U56>);

impl SecretsHasher {
    /// Begins a file of an account. Spec: attachments §6 (ATT-31)
    pub fn new(seed: &Seed, usage: Use) -> Self {
        let hash = Blake2bMac::new_with_salt_and_personal(Some(seed.expose_seed32()), &[], usage.personal());
        Self(hash.expect("key and personalisation have allowed lengths"))
    }

    /// Adds the next bytes of the file.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The secrets of everything that was added.
    pub fn finish(self) -> Secrets {
        let mut hash = self.0.finalize_fixed();
        let mut secrets = Secrets {
            key: Key([0; 32]),
            header: [0; HEADER_LEN],
        };
        let (header, key) = hash.split_at(HEADER_LEN);
        secrets.header.copy_from_slice(header);
        secrets.key.0.copy_from_slice(key);
        hash.as_mut_slice().zeroize();
        secrets
    }
}

impl fmt::Debug for SecretsHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretsHasher(..)")
    }
}

/// How many bytes of padding (zero bytes and the byte that ends them) a file of `len` bytes gets; at least 1.
///
/// With `e` the length of the file encrypted with the least padding: `e` is rounded up to a multiple of a 32nd of the
/// largest power of two that is not above it (of 131,072 where `e` is smaller). Of what that adds, 17 bytes go into
/// each chunk that it begins. Spec: attachments §6 (ATT-34)
pub fn padding_len(len: usize) -> usize {
    let chunks = len.div_ceil(TEXT_LEN);
    let least = PREFIX_LEN
        .saturating_add(PADDING_END.into())
        .saturating_add(len)
        .saturating_add(chunks.saturating_mul(OVERHEAD));
    let unit = floor_power_of_two(least.max(SMALLEST_ROUNDED)) / ROUNDING;
    let total = least.div_ceil(unit).saturating_mul(unit);
    let room = total.saturating_sub(least).saturating_add(1);
    let room_left = chunks.saturating_mul(TEXT_LEN).saturating_sub(len);
    let whole_chunks = room / CHUNK_LEN;
    let begun = usize::from(room.checked_rem(CHUNK_LEN).unwrap_or(0) > room_left);
    room.saturating_sub(whole_chunks.saturating_add(begun).saturating_mul(OVERHEAD))
}

/// How long a file of `len` bytes is when it is encrypted.
pub fn encrypted_len(len: usize) -> usize {
    let text = len.saturating_add(padding_len(len));
    PREFIX_LEN
        .saturating_add(text)
        .saturating_add(text.div_ceil(TEXT_LEN).saturating_mul(OVERHEAD))
}

fn floor_power_of_two(number: usize) -> usize {
    1 << number.checked_ilog2().unwrap_or(0)
}

/// Encrypts a whole file. [`SecretsHasher`] and [`Encryptor`] do the same for pieces.
pub fn encrypt(seed: &Seed, usage: Use, file: &[u8]) -> (Vec<u8>, Key) {
    let mut hasher = SecretsHasher::new(seed, usage);
    hasher.update(file);
    let mut encrypted = Vec::with_capacity(encrypted_len(file.len()));
    let mut encryptor = Encryptor::new(&hasher.finish(), file.len(), &mut encrypted);
    encryptor.update(file, &mut encrypted);
    let key = encryptor
        .finish(&mut encrypted)
        .expect("as many bytes were given as announced");
    (encrypted, key)
}

/// Decrypts a whole file where it lies, and gives it out after its last chunk was verified. With `size`, what follows
/// that many bytes is cut. Spec: attachments §6 (ATT-35 to ATT-39)
///
/// # Errors
/// [`DecryptError`]
pub fn decrypt(key: &Key, size: Option<usize>, mut encrypted: Vec<u8>) -> Result<Vec<u8>, DecryptError> {
    let outcome = decrypt_in_place(key, size, &mut encrypted);
    match outcome {
        Ok(len) => {
            encrypted.truncate(len);
            Ok(encrypted)
        }
        Err(error) => {
            encrypted.zeroize();
            Err(error)
        }
    }
}

/// Moves the plaintext to the beginning of `file`; gives its length.
fn decrypt_in_place(key: &Key, size: Option<usize>, file: &mut [u8]) -> Result<usize, DecryptError> {
    let mut stream = open_prefix(key, file.get(..PREFIX_LEN).ok_or(prefix_error(file))?)?;
    let mut unpadder = Unpadder::new(size);
    let (mut read, mut written) = (PREFIX_LEN, 0_usize);
    loop {
        let end = read.saturating_add(CHUNK_LEN).min(file.len());
        let chunk = file.get_mut(read..end).unwrap_or_default();
        let (tag, text) = open_chunk(&mut stream, chunk)?;
        let skipped = unpadder.take(text)?;
        let from = read.saturating_add(TAG_LEN).saturating_add(skipped.start);
        file.copy_within(from..from.saturating_add(skipped.len()), written);
        written = written.saturating_add(skipped.len());
        read = end;
        match tag {
            Tag::Message => {}
            Tag::Final if read == file.len() => break,
            Tag::Final => return Err(DecryptError::TrailingBytes),
        }
    }
    let Complete { .. } = unpadder.finish()?;
    Ok(written)
}

fn prefix_error(file: &[u8]) -> DecryptError {
    match file.first() {
        None | Some(&MARK) => DecryptError::Truncated,
        Some(_) => DecryptError::Format,
    }
}

/// Begins a stream by a file's first 25 bytes.
fn open_prefix(key: &Key, prefix: &[u8]) -> Result<SecretStream, DecryptError> {
    match prefix.split_first() {
        Some((&MARK, header)) => {
            let header = header.try_into().map_err(|_| DecryptError::Truncated)?;
            Ok(SecretStream::new(&key.0, header))
        }
        _ => Err(prefix_error(prefix)),
    }
}

/// Opens a chunk where it lies; gives its text.
fn open_chunk<'a>(
    stream: &mut SecretStream,
    chunk: &'a mut [u8],
) -> Result<(Tag, &'a mut [u8]), DecryptError> {
    let (tag, rest) = chunk.split_first_mut().ok_or(DecryptError::Truncated)?;
    let (text, mac) = rest
        .split_last_chunk_mut::<MAC_LEN>()
        .ok_or(DecryptError::Truncated)?;
    let tag = stream.pull(*tag, text, mac).map_err(|_| DecryptError::Altered)?;
    Ok((tag, text))
}

#[cfg(test)]
#[path = "stream/stream_tests.rs"]
mod tests;
