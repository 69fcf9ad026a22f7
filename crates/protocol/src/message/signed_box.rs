//! Sign, then seal: proves to the recipient, and to nobody else, who wrote a message.
//!
//! With `M` the padded content, `A` the author's Ed25519 key and `Y` the recipient's X25519 key:
//! - `SIG` = Ed25519 over `M || A (32) || Y (32)`,
//! - text of the sealed box = `M || A (32) || SIG (64)`.
//!
//! Spec: messages §4 (BOX-03 to BOX-06).

use blake2::Blake2bMac;
use blake2::digest::{KeyInit, Mac};
use rand_core::CryptoRng;
use salsa20::cipher::consts::U32;
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, Zeroizing};

use super::sealed_box::{self, EphemeralSecret, SealedBoxError};
use crate::account::{AccountId, AccountKeys, ForeignKey, ForeignKeyError};

/// Bytes that a signed box is longer than its content: key, signature and the box's own overhead.
pub const OVERHEAD: usize = sealed_box::OVERHEAD + TRAILER;

const TRAILER: usize = 96;

/// An opened box whose signature was verified.
#[derive(Debug, PartialEq, Eq)]
pub struct OpenedBox {
    /// Who signed it.
    pub author: AccountId,
    /// The author's Ed25519 key, 32 bytes.
    pub author_ed25519: [u8; 32],
    /// The content, still padded.
    pub content: Zeroizing<Vec<u8>>,
}

/// Why a signed box is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignedBoxError {
    /// The sealed box does not open.
    #[error(transparent)]
    Sealed(#[from] SealedBoxError),
    /// The opened text has no room for a key and a signature.
    #[error("the opened box is too short for a signature")]
    TooShort,
    /// The author's key is none that an honest client makes.
    #[error("the author's key is refused: {0}")]
    AuthorKey(#[from] ForeignKeyError),
    /// The signature is not by that key over this content for this recipient.
    #[error("the signature does not match")]
    Signature,
}

/// Signs and seals a padded content for the account with the X25519 key `recipient`. Spec: messages §4 (BOX-03).
///
/// # Errors
/// [`SealedBoxError::WeakKey`].
pub fn seal(
    rng: &mut impl CryptoRng,
    author: &AccountKeys,
    recipient: &[u8; 32],
    padded: &[u8],
) -> Result<Vec<u8>, SealedBoxError> {
    seal_with(&EphemeralSecret::generate(rng), author, recipient, padded)
}

/// As [`seal`], with a given throw-away key.
///
/// # Errors
/// [`SealedBoxError::WeakKey`].
pub fn seal_with(
    ephemeral: &EphemeralSecret,
    author: &AccountKeys,
    recipient: &[u8; 32],
    padded: &[u8],
) -> Result<Vec<u8>, SealedBoxError> {
    let author_key = author.ed25519_public();
    let mut text = Zeroizing::new(Vec::with_capacity(padded.len().saturating_add(TRAILER)));
    text.extend_from_slice(padded);
    text.extend_from_slice(&author_key);
    text.extend_from_slice(recipient);
    let signature = author.sign(&text);
    text.truncate(padded.len().saturating_add(author_key.len()));
    text.extend_from_slice(&signature);
    sealed_box::seal(ephemeral, recipient, &text)
}

/// The throw-away key that follows from author, recipient and content, so that equal contents give equal boxes:
/// BLAKE2b-256 keyed with `SessionBoxEphemeralHashKey` over `seed32 || Y || M`, then the first half of its SHA-512.
/// Old clients used it for config messages. Spec: messages §4 (BOX-06).
pub fn deterministic_ephemeral(author: &AccountKeys, recipient: &[u8; 32], padded: &[u8]) -> EphemeralSecret {
    const KEY: &[u8] = b"SessionBoxEphemeralHashKey";
    let secret = author.expose_ed25519_secret();
    let hash =
        <Blake2bMac<U32> as KeyInit>::new_from_slice(KEY).expect("26 bytes are within BLAKE2b's key length");
    let (seed, _) = secret.split_at(32);
    let mut seed = hash
        .chain_update(seed)
        .chain_update(recipient)
        .chain_update(padded)
        .finalize()
        .into_bytes();
    let mut wide: [u8; 64] = Sha512::digest(seed).into();
    seed.as_mut_slice().zeroize();
    let (half, _) = wide.split_at(32);
    let half: [u8; 32] = half.try_into().unwrap_or_default();
    wide.zeroize();
    EphemeralSecret::from_bytes(half)
}

/// Opens a box that was sealed for this account and verifies who signed it. Spec: messages §4 (BOX-04, BOX-05).
///
/// # Errors
/// [`SignedBoxError`].
pub fn open(keys: &AccountKeys, sealed: &[u8]) -> Result<OpenedBox, SignedBoxError> {
    let mut text = sealed_box::open(keys, sealed)?;
    let (head, signature) = text.split_last_chunk::<64>().ok_or(SignedBoxError::TooShort)?;
    let (content, author_ed25519) = head.split_last_chunk::<32>().ok_or(SignedBoxError::TooShort)?;
    let (length, signature, author_ed25519) = (content.len(), *signature, *author_ed25519);
    let author_key = ForeignKey::parse(&author_ed25519)?;

    // What was signed begins as the opened text does; the recipient's key stands where the signature is.
    text.truncate(length.saturating_add(32));
    text.extend_from_slice(keys.x25519_public());
    if !author_key.verify(&text, &signature) {
        return Err(SignedBoxError::Signature);
    }
    text.truncate(length);
    Ok(OpenedBox {
        author: AccountId::account(author_key.to_x25519()),
        author_ed25519,
        content: text,
    })
}
