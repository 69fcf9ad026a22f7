//! Anonymous public-key encryption, as libsodium's `crypto_box_seal`.
//!
//! A throw-away X25519 key pair `(e, E)` is made for each message. With the recipient's X25519 key `Y`:
//! - `nonce` = BLAKE2b with 24 bytes of output over `E || Y`,
//! - `key` = HSalsa20 of the shared secret of `e` and `Y`, with a zero input block,
//! - box = `E (32) || tag (16) || XSalsa20-Poly1305(key, nonce, text)`, 48 bytes longer than the text.
//!
//! The box hides who sealed it and proves nothing about them; [`signed_box`](super::signed_box) adds that.
//! Spec: messages §4 (BOX-01, BOX-02).

use blake2::{Blake2b, Digest};
use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit;
use rand_core::CryptoRng;
use salsa20::XSalsa20;
use salsa20::cipher::consts::{U10, U24};
use salsa20::cipher::{KeyIvInit, StreamCipher};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::account::AccountKeys;

/// Bytes that a box is longer than its text: the ephemeral key and the tag.
pub const OVERHEAD: usize = 48;

/// Why a box cannot be made or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealedBoxError {
    /// The other key is of small order, so that the shared secret would be known to everyone.
    #[error("the other key is weak")]
    WeakKey,
    /// The box is shorter than its overhead.
    #[error("the box is too short")]
    TooShort,
    /// The tag does not match: another recipient, or changed bytes.
    #[error("the tag does not match")]
    TagMismatch,
}

/// A throw-away X25519 secret key, erased when dropped.
///
/// # Security
/// Never use one for two messages.
pub struct EphemeralSecret(Zeroizing<[u8; 32]>);

impl EphemeralSecret {
    /// Draws a key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *secret);
        Self(secret)
    }

    /// Takes 32 secret bytes that follow from the message itself; clamped when used.
    pub fn from_bytes(secret: [u8; 32]) -> Self {
        Self(Zeroizing::new(secret))
    }
}

/// Seals `text` for the holder of `recipient` (an X25519 public key, 32 bytes). Spec: messages §4 (BOX-01).
///
/// # Errors
/// [`SealedBoxError::WeakKey`].
pub fn seal(
    ephemeral: &EphemeralSecret,
    recipient: &[u8; 32],
    text: &[u8],
) -> Result<Vec<u8>, SealedBoxError> {
    let public = x25519_dalek::x25519(*ephemeral.0, x25519_dalek::X25519_BASEPOINT_BYTES);
    let shared = Zeroizing::new(x25519_dalek::x25519(*ephemeral.0, *recipient));
    let (mut cipher, authenticator) = keyed(&shared, &public, recipient)?;
    let mut sealed = Vec::with_capacity(text.len().saturating_add(OVERHEAD));
    sealed.extend_from_slice(&public);
    sealed.extend_from_slice(&[0; 16]);
    sealed.extend_from_slice(text);
    if let Some((head, body)) = sealed.split_at_mut_checked(OVERHEAD) {
        cipher.apply_keystream(body);
        let tag = authenticator.compute_unpadded(body);
        if let Some(space) = head.last_chunk_mut::<16>() {
            space.copy_from_slice(&tag);
        }
    }
    Ok(sealed)
}

/// Opens a box that was sealed for this account. Spec: messages §4 (BOX-01, BOX-02).
///
/// # Errors
/// [`SealedBoxError`].
pub fn open(keys: &AccountKeys, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealedBoxError> {
    let (public, rest) = sealed.split_first_chunk::<32>().ok_or(SealedBoxError::TooShort)?;
    let (tag, body) = rest.split_first_chunk::<16>().ok_or(SealedBoxError::TooShort)?;
    let (mut cipher, authenticator) = keyed(&keys.shared_secret(public), public, keys.x25519_public())?;
    let expected = authenticator.compute_unpadded(body);
    if !bool::from(expected.as_slice().ct_eq(tag)) {
        return Err(SealedBoxError::TagMismatch);
    }
    let mut text = Zeroizing::new(body.to_vec());
    cipher.apply_keystream(&mut text);
    Ok(text)
}

/// The cipher behind its first 32 bytes of key stream, which key the authenticator.
fn keyed(
    shared: &[u8; 32],
    ephemeral_public: &[u8; 32],
    recipient: &[u8; 32],
) -> Result<(XSalsa20, Poly1305), SealedBoxError> {
    if bool::from(shared.ct_eq(&[0; 32])) {
        return Err(SealedBoxError::WeakKey);
    }
    let nonce = Blake2b::<U24>::new()
        .chain_update(ephemeral_public)
        .chain_update(recipient)
        .finalize();
    let mut key = salsa20::hsalsa::<U10>(&(*shared).into(), &[0; 16].into());
    let mut cipher = XSalsa20::new(&key, &nonce);
    key.as_mut_slice().zeroize();
    let mut block = Zeroizing::new([0_u8; 32]);
    cipher.apply_keystream(&mut *block);
    Ok((cipher, Poly1305::new(&(*block).into())))
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;
    use crate::account::Seed;

    fn keys(byte: u8) -> AccountKeys {
        AccountKeys::from_seed(&Seed::from_bytes(&[byte; 16]).unwrap())
    }

    #[test]
    fn box_01_a_box_opens_for_its_recipient_only() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let sealed = seal(
            &EphemeralSecret::generate(&mut rng),
            keys(1).x25519_public(),
            b"text",
        )
        .unwrap();
        assert_eq!(sealed.len(), 4 + OVERHEAD);
        assert_eq!(open(&keys(1), &sealed).unwrap().as_slice(), b"text");
        assert_eq!(open(&keys(2), &sealed), Err(SealedBoxError::TagMismatch));
    }

    #[test]
    fn box_01_two_boxes_of_one_text_have_nothing_in_common() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let mut sealed = || {
            seal(
                &EphemeralSecret::generate(&mut rng),
                keys(1).x25519_public(),
                b"text",
            )
            .unwrap()
        };
        assert_ne!(sealed()[..32], sealed()[..32]);
    }

    #[test]
    fn box_02_weak_keys_are_refused_both_ways() {
        let ephemeral = EphemeralSecret::from_bytes([3; 32]);
        assert_eq!(seal(&ephemeral, &[0; 32], b"text"), Err(SealedBoxError::WeakKey));
        assert_eq!(open(&keys(1), &[0; 60]), Err(SealedBoxError::WeakKey));
    }

    #[test]
    fn box_01_short_boxes_and_changed_bits_are_refused() {
        let sealed = seal(
            &EphemeralSecret::from_bytes([3; 32]),
            keys(1).x25519_public(),
            b"text",
        )
        .unwrap();
        for length in 0..OVERHEAD {
            assert_eq!(
                open(&keys(1), &sealed[..length]),
                Err(SealedBoxError::TooShort),
                "{length}"
            );
        }
        // Bit 255 of the ephemeral key is not part of the point, but the nonce covers it.
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&keys(1), &changed).is_err(), "bit {bit}");
        }
    }
}
