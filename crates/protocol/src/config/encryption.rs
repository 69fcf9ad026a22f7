//! The deterministic encryption of configs: the same state gives the same bytes, and so the same storage hash.
//!
//! ```text
//! key   = BLAKE2b-256(base key (32) || length of the text (8, big-endian) || domain)
//! nonce = BLAKE2b-192 keyed with "libsessionutil-config-encrypted-" || domain, over the text
//! out   = XChaCha20-Poly1305(key, nonce, text) || nonce (24)
//! ```
//!
//! The text is padded in front with zero bytes, so that its length says little. Spec: config §5 (CFG-18, CFG-19)

use blake2::digest::consts::{U24, U32};
use blake2::digest::{KeyInit as _, Mac};
use blake2::{Blake2b, Blake2bMac, Digest};
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// Bytes that encryption adds: tag and nonce.
pub(super) const OVERHEAD: usize = 40;

const NONCE_DOMAIN: &str = "libsessionutil-config-encrypted-";

/// The text does not open with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a config message does not open with this key")]
pub struct DecryptError;

/// Encrypts `text` under the 32-byte `base` key for `domain`, 1 to 24 bytes of ASCII.
///
/// # Errors
/// [`DecryptError`] when `domain` or `text` is longer than the ciphers take.
pub fn encrypt(text: &[u8], base: &[u8; 32], domain: &str) -> Result<Vec<u8>, DecryptError> {
    let nonce = nonce(text, domain)?;
    let cipher = cipher(text.len(), base, domain);
    let mut out = cipher.encrypt(&nonce, text).map_err(|_| DecryptError)?;
    out.extend_from_slice(&nonce);
    Ok(out)
}

/// Undoes [`encrypt`].
///
/// # Errors
/// [`DecryptError`].
pub fn decrypt(sealed: &[u8], base: &[u8; 32], domain: &str) -> Result<Vec<u8>, DecryptError> {
    let (body, nonce) = sealed.split_last_chunk::<24>().ok_or(DecryptError)?;
    let len = sealed.len().checked_sub(OVERHEAD).ok_or(DecryptError)?;
    cipher(len, base, domain)
        .decrypt(&XNonce::from(*nonce), body)
        .map_err(|_| DecryptError)
}

fn cipher(len: usize, base: &[u8; 32], domain: &str) -> XChaCha20Poly1305 {
    let key: Zeroizing<[u8; 32]> = Zeroizing::new(
        Blake2b::<U32>::new()
            .chain_update(base)
            .chain_update(u64::try_from(len).unwrap_or(u64::MAX).to_be_bytes())
            .chain_update(domain)
            .finalize()
            .into(),
    );
    XChaCha20Poly1305::new((&*key).into())
}

fn nonce(text: &[u8], domain: &str) -> Result<XNonce, DecryptError> {
    let key = [NONCE_DOMAIN, domain].concat();
    let mac = Blake2bMac::<U24>::new_from_slice(key.as_bytes()).map_err(|_| DecryptError)?;
    let nonce: [u8; 24] = mac.chain_update(text).finalize().into_bytes().into();
    Ok(XNonce::from(nonce))
}

/// How long a text of `len` bytes is after padding, so that it has a round length once `overhead` bytes were added.
pub fn padded_len(len: usize, overhead: usize) -> usize {
    let total = len.saturating_add(overhead);
    let step = match total {
        0..5_120 => 256,
        5_120..20_480 => 1_024,
        20_480..40_960 => 2_048,
        _ => 5_120,
    };
    total.div_ceil(step).saturating_mul(step).saturating_sub(overhead)
}

/// Puts zero bytes in front.
pub(super) fn pad(text: &[u8]) -> Vec<u8> {
    let len = padded_len(text.len(), OVERHEAD);
    let mut out = vec![0; len.saturating_sub(text.len())];
    out.extend_from_slice(text);
    out
}

/// Takes the zero bytes in front away.
pub(super) fn unpad(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| *byte != 0).unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cfg_18_a_box_opens_with_its_key_and_domain_only() {
        let sealed = encrypt(b"text", &[1; 32], "UserProfile").unwrap();
        assert_eq!(sealed.len(), 4 + OVERHEAD);
        assert_eq!(decrypt(&sealed, &[1; 32], "UserProfile").unwrap(), b"text");
        assert_eq!(decrypt(&sealed, &[2; 32], "UserProfile"), Err(DecryptError));
        assert_eq!(decrypt(&sealed, &[1; 32], "Contacts"), Err(DecryptError));
        for len in 0..sealed.len() {
            assert!(decrypt(&sealed[..len], &[1; 32], "UserProfile").is_err());
        }
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(decrypt(&changed, &[1; 32], "UserProfile").is_err(), "bit {bit}");
        }
    }

    #[test]
    fn cfg_19_padding_is_undone() {
        for len in [1, 216, 217, 5_000, 5_080, 76_760] {
            let text = vec![b'd'; len];
            let padded = pad(&text);
            assert_eq!(padded.len(), padded_len(len, OVERHEAD));
            assert_eq!(unpad(&padded), text);
        }
        assert_eq!(unpad(&[0; 10]), b"");
    }
}
