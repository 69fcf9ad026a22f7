//! The encryption of attachments that every client reads: AES-256-CBC, then HMAC-SHA256, under a random key.
//!
//! ```text
//! key     AES key[32] ‖ MAC key[32]
//! body    iv[16] ‖ AES-256-CBC with PKCS#7 (file ‖ zero bytes up to the padded length)
//! file    body ‖ HMAC-SHA256(body)[32]
//! digest  SHA-256 of all of it; travels in the pointer with the key and the file's true size
//! ```
//!
//! Zero bytes hide the exact size; the true size removes them. Spec: attachments §5 (ATT-20 to ATT-28)

mod decryptor;
mod encryptor;

use std::fmt;

use aes::cipher::BlockModeDecrypt;
use aes::cipher::KeyIvInit;
use aes::cipher::block_padding::Pkcs7;
use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::DecryptError;

pub use decryptor::Decryptor;
pub use encryptor::Encryptor;

const IV_LEN: usize = 16;
const BLOCK_LEN: usize = 16;
const MAC_LEN: usize = 32;
/// An IV, one block and a MAC.
const SHORTEST: usize = IV_LEN + BLOCK_LEN + MAC_LEN;
/// No file is padded to less. Spec: attachments §5 (ATT-21)
const SMALLEST_PADDED: usize = 541;
/// No file is padded beyond this.
const LARGEST_PADDED: f64 = 10_000_000.0;
/// Padded lengths are powers of this, rounded down.
const STEP: f64 = 1.05;

type Aes256CbcDecryptor = cbc::Decryptor<aes::Aes256>;
type HmacSha256 = Hmac<Sha256>;

/// The key of one file: for AES-256 (32 bytes), then for the MAC (32 bytes). Erased when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 64]);

/// What opens a file, to be sent in its pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    /// The key.
    pub key: Key,
    /// SHA-256 of the encrypted file.
    pub digest: [u8; 32],
}

impl Key {
    /// Draws a key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut key = Self([0; 64]);
        rng.fill_bytes(&mut key.0);
        key
    }

    /// Takes 64 bytes; `None` for any other number.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The key itself, 64 bytes.
    pub const fn expose_secret(&self) -> &[u8; 64] {
        &self.0
    }

    fn aes(&self) -> &[u8] {
        self.0.split_at(32).0
    }

    fn mac(&self) -> HmacSha256 {
        HmacSha256::new_from_slice(self.0.split_at(32).1).expect("HMAC takes keys of any length")
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

/// How long a file of `len` bytes is after its zero bytes: `floor(1.05^n)` for the smallest `n` that holds it, from 541
/// to 10,000,000 bytes; longer files are not padded. Spec: attachments §5 (ATT-21)
pub fn padded_len(len: usize) -> usize {
    let exponent = ((len.max(1) as f64).ln() / STEP.ln()).ceil();
    // Rounding down may end below `len`; other clients then leave the file as it is.
    let padded = STEP.powf(exponent).floor().min(LARGEST_PADDED) as usize;
    padded.max(SMALLEST_PADDED).max(len)
}

/// How long a file of `len` bytes is when it is encrypted.
pub fn encrypted_len(len: usize) -> usize {
    let blocks = padded_len(len)
        .checked_div(BLOCK_LEN)
        .unwrap_or(0)
        .saturating_add(1);
    blocks.saturating_mul(BLOCK_LEN).saturating_add(IV_LEN + MAC_LEN)
}

/// Encrypts a whole file under a fresh key. [`Encryptor`] does the same for pieces.
///
/// Other clients refuse files of 0 bytes in this encryption; they open here.
pub fn encrypt(rng: &mut impl CryptoRng, file: &[u8]) -> (Vec<u8>, Secrets) {
    let mut encrypted = Vec::with_capacity(encrypted_len(file.len()));
    let mut encryptor = Encryptor::new(rng, file.len(), &mut encrypted);
    encryptor.update(file, &mut encrypted);
    let secrets = encryptor
        .finish(&mut encrypted)
        .expect("as many bytes were given as announced");
    (encrypted, secrets)
}

/// Decrypts a whole file where it lies. `size` is the file's true size in bytes; what follows it is padding.
///
/// MAC, digest and padding are verified, in this order and in constant time, before anything is given out.
/// Spec: attachments §5 (ATT-24 to ATT-28)
///
/// # Errors
/// [`DecryptError`]
pub fn decrypt(secrets: &Secrets, size: usize, mut encrypted: Vec<u8>) -> Result<Vec<u8>, DecryptError> {
    if encrypted.len() < SHORTEST {
        return Err(DecryptError::Truncated);
    }
    let (body, mac) = encrypted
        .split_last_chunk::<MAC_LEN>()
        .ok_or(DecryptError::Truncated)?;
    secrets
        .key
        .mac()
        .chain_update(body)
        .verify_slice(mac)
        .map_err(|_| DecryptError::Altered)?;
    check_digest(Sha256::digest(&encrypted).into(), &secrets.digest)?;
    let body_len = encrypted.len().saturating_sub(MAC_LEN);
    encrypted.truncate(body_len);
    let (iv, text) = encrypted.split_at_mut(IV_LEN);
    let padded_len = Aes256CbcDecryptor::new_from_slices(secrets.key.aes(), iv)
        .expect("the lengths are those of AES-256")
        .decrypt_padded::<Pkcs7>(text)
        .map_err(|_| DecryptError::Padding)?
        .len();
    if padded_len < size {
        encrypted.zeroize();
        return Err(DecryptError::Size);
    }
    encrypted.drain(..IV_LEN);
    encrypted.truncate(size);
    Ok(encrypted)
}

fn check_digest(computed: [u8; 32], announced: &[u8; 32]) -> Result<(), DecryptError> {
    match computed.ct_eq(announced).into() {
        true => Ok(()),
        false => Err(DecryptError::Digest),
    }
}

/// The last few bytes of what came in, which are not a whole block or may be the end. Erased when dropped.
type Held = Zeroizing<Vec<u8>>;

#[cfg(test)]
#[path = "legacy/legacy_tests.rs"]
mod tests;
