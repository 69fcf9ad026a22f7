//! Encrypts a file that is read in pieces.

use aes::cipher::{Array, BlockModeEncrypt, KeyIvInit};
use hmac::Mac;
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{BLOCK_LEN, Held, HmacSha256, IV_LEN, Key, Secrets, padded_len};
use crate::attachment::LengthMismatch;

/// Zero bytes that are encrypted at a time.
const ZEROS: [u8; 4_096] = [0; 4_096];

/// Encrypts a file of known length in pieces.
///
/// Each call appends to the same `out`, or to several that are joined in order. Nothing of the file is kept beyond one
/// block. Call [`Encryptor::update`] with each piece, then [`Encryptor::finish`].
pub struct Encryptor {
    cbc: cbc::Encryptor<aes::Aes256>,
    mac: HmacSha256,
    digest: Sha256,
    key: Key,
    held: Held,
    file_left: usize,
    zeros_left: usize,
    excess: bool,
}

impl Encryptor {
    /// Begins a file of `len` bytes under a fresh key and IV. Spec: attachments §5 (ATT-22, ATT-23)
    pub fn new(rng: &mut impl CryptoRng, len: usize, out: &mut Vec<u8>) -> Self {
        let key = Key::generate(rng);
        let mut iv = [0; IV_LEN];
        rng.fill_bytes(&mut iv);
        Self::with_key(key, iv, len, out)
    }

    fn with_key(key: Key, iv: [u8; IV_LEN], len: usize, out: &mut Vec<u8>) -> Self {
        out.extend_from_slice(&iv);
        Self {
            cbc: cbc::Encryptor::new_from_slices(key.aes(), &iv).expect("the lengths are those of AES-256"),
            mac: key.mac().chain_update(iv),
            digest: Sha256::new_with_prefix(iv),
            key,
            held: Zeroizing::new(Vec::with_capacity(BLOCK_LEN)),
            file_left: len,
            zeros_left: padded_len(len).saturating_sub(len),
            excess: false,
        }
    }

    /// Encrypts the next piece of the file and appends it to `out`, except what does not fill a block.
    pub fn update(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        match self.file_left.checked_sub(piece.len()) {
            Some(left) => self.file_left = left,
            None => self.excess = true,
        }
        self.encrypt(piece, out);
    }

    /// Appends the padding and the MAC; gives what opens the file.
    ///
    /// # Errors
    /// [`LengthMismatch`] where the pieces did not have the announced length: what was written is worthless.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<Secrets, LengthMismatch> {
        if self.excess || self.file_left > 0 {
            return Err(LengthMismatch);
        }
        while let Some(zeros) = ZEROS
            .get(..self.zeros_left.min(ZEROS.len()))
            .filter(|zeros| !zeros.is_empty())
        {
            self.zeros_left = self.zeros_left.saturating_sub(zeros.len());
            self.encrypt(zeros, out);
        }
        let missing = BLOCK_LEN.saturating_sub(self.held.len());
        let byte = u8::try_from(missing).expect("a block has 16 bytes");
        self.encrypt(&vec![byte; missing], out);
        let mac = self.mac.finalize().into_bytes();
        out.extend_from_slice(&mac);
        Ok(Secrets {
            key: self.key,
            digest: self.digest.chain_update(mac).finalize().into(),
        })
    }

    fn encrypt(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&self.held);
        out.extend_from_slice(piece);
        let fresh = out.get_mut(start..).unwrap_or_default();
        let (blocks, rest) = Array::slice_as_chunks_mut(fresh);
        self.cbc.encrypt_blocks(blocks);
        self.held.clear();
        self.held.extend_from_slice(rest);
        out.truncate(out.len().saturating_sub(self.held.len()));
        let encrypted = out.get(start..).unwrap_or_default();
        self.mac.update(encrypted);
        self.digest.update(encrypted);
    }
}

impl std::fmt::Debug for Encryptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Encryptor(..)")
    }
}
