//! Decrypts a file that arrives in pieces.

use aes::cipher::block_padding::{Padding, Pkcs7};
use aes::cipher::{Array, BlockModeDecrypt, KeyIvInit};
use hmac::Mac;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Aes256CbcDecryptor, BLOCK_LEN, Held, HmacSha256, IV_LEN, MAC_LEN, Secrets, check_digest};
use crate::attachment::{Complete, DecryptError};

/// Every piece may be the last, so this much is kept back.
const TAIL_LEN: usize = BLOCK_LEN + MAC_LEN;

/// Decrypts a file in pieces; see [`crate::attachment::Decryptor`] for what must not be done with what it writes.
pub struct Decryptor {
    cbc: Option<Aes256CbcDecryptor>,
    mac: HmacSha256,
    digest: Sha256,
    secrets: Secrets,
    held: Held,
    size_left: usize,
    size: usize,
}

impl Decryptor {
    /// Begins a file with a true size of `size` bytes.
    pub fn new(secrets: Secrets, size: usize) -> Self {
        Self {
            cbc: None,
            mac: secrets.key.mac(),
            digest: Sha256::new(),
            secrets,
            held: Zeroizing::new(Vec::new()),
            size_left: size,
            size,
        }
    }

    /// Decrypts the next piece and appends what belongs to the file to `out`. Nothing is verified before the end.
    pub fn update(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        self.held.extend_from_slice(piece);
        if self.cbc.is_none()
            && let Some((iv, _)) = self.held.split_first_chunk::<IV_LEN>()
        {
            let cbc = Aes256CbcDecryptor::new_from_slices(self.secrets.key.aes(), iv);
            self.cbc = Some(cbc.expect("the lengths are those of AES-256"));
            self.mac.update(iv);
            self.digest.update(iv);
            self.held.drain(..IV_LEN);
        }
        let Some(cbc) = &mut self.cbc else { return };
        let free = self.held.len().saturating_sub(TAIL_LEN);
        let whole = free.saturating_sub(free.checked_rem(BLOCK_LEN).unwrap_or(0));
        let text = self.held.get_mut(..whole).unwrap_or_default();
        self.mac.update(text);
        self.digest.update(&*text);
        let (blocks, _) = Array::slice_as_chunks_mut(text);
        cbc.decrypt_blocks(blocks);
        let wanted = text.get(..self.size_left.min(whole)).unwrap_or_default();
        out.extend_from_slice(wanted);
        self.size_left = self.size_left.saturating_sub(wanted.len());
        self.held.drain(..whole);
    }

    /// Verifies MAC, digest, padding and size, and appends what is left of the file to `out`.
    ///
    /// # Errors
    /// [`DecryptError`]
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<Complete, DecryptError> {
        let mut cbc = self.cbc.take().ok_or(DecryptError::Truncated)?;
        let (text, mac) = self
            .held
            .split_last_chunk_mut::<MAC_LEN>()
            .ok_or(DecryptError::Truncated)?;
        if text.len() < BLOCK_LEN {
            return Err(DecryptError::Truncated);
        }
        self.mac.update(text);
        self.digest.update(&*text);
        self.mac.verify_slice(mac).map_err(|_| DecryptError::Altered)?;
        self.digest.update(mac);
        check_digest(self.digest.finalize().into(), &self.secrets.digest)?;
        let (blocks, odd) = Array::slice_as_chunks_mut(text);
        let [block] = blocks else {
            return Err(DecryptError::Padding);
        };
        if !odd.is_empty() {
            return Err(DecryptError::Padding);
        }
        cbc.decrypt_block(block);
        let last = Pkcs7::unpad(block).map_err(|_| DecryptError::Padding)?;
        let wanted = last.get(..self.size_left).ok_or(DecryptError::Size)?;
        out.extend_from_slice(wanted);
        Ok(Complete {
            len: u64::try_from(self.size).unwrap_or(u64::MAX),
        })
    }
}

impl std::fmt::Debug for Decryptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Decryptor(..)")
    }
}
