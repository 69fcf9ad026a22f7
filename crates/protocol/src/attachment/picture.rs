//! Profile pictures: a URL and a key, side by side in profiles and settings.
//!
//! The encryption that every client reads is `nonce[12] ‖ AES-256-GCM ciphertext ‖ tag[16]`, without padding and
//! associated data, under a random key. With `d` in the URL it is the deterministic [`stream`].
//!
//! Spec: attachments §7 (ATT-40 to ATT-46)

use std::fmt;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{AeadInOut, KeyInit};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{DecryptError, stream};
use crate::file_server::{FileEncryption, FileUrl, FileUrlError};
use crate::message::content::Profile;

const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// Longest URL of a picture in bytes: settings have no room for more. Spec: attachments §7 (ATT-44)
pub const LONGEST_PICTURE_URL: usize = 223;

/// The key of a picture, 32 bytes, in either encryption. Erased when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct PictureKey([u8; 32]);

impl PictureKey {
    /// Draws a key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut key = Self([0; 32]);
        rng.fill_bytes(&mut key.0);
        key
    }

    /// Takes 32 bytes; `None` for any other number.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The key itself, 32 bytes.
    pub const fn expose_secret(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<stream::Key> for PictureKey {
    fn from(key: stream::Key) -> Self {
        Self(*key.expose_secret())
    }
}

impl PartialEq for PictureKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for PictureKey {}

impl fmt::Debug for PictureKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PictureKey(redacted)")
    }
}

/// Where somebody's picture is and what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfilePicture {
    url: FileUrl,
    key: PictureKey,
}

/// Why a URL and a key are no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfilePictureError {
    /// The URL is longer than settings have room for.
    #[error("the URL is too long")]
    TooLong,
    /// The URL is none of a file.
    #[error(transparent)]
    Url(#[from] FileUrlError),
    /// The key does not have 32 bytes.
    #[error("the key does not have 32 bytes")]
    Key,
}

/// What a profile in a message says about its sender's picture. Spec: attachments §7 (ATT-45)
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureChange {
    /// It is this one.
    Set(ProfilePicture),
    /// There is none.
    Remove,
    /// It cannot be used: the one that is known stays.
    Keep,
}

impl ProfilePicture {
    /// Joins a URL and a key.
    ///
    /// # Errors
    /// [`ProfilePictureError::TooLong`]
    pub fn new(url: FileUrl, key: PictureKey) -> Result<Self, ProfilePictureError> {
        match url.to_string().len() {
            ..=LONGEST_PICTURE_URL => Ok(Self { url, key }),
            _ => Err(ProfilePictureError::TooLong),
        }
    }

    /// Reads a URL and a key as profiles and settings carry them.
    ///
    /// # Errors
    /// [`ProfilePictureError`]
    pub fn parse(url: &str, key: &[u8]) -> Result<Self, ProfilePictureError> {
        if url.len() > LONGEST_PICTURE_URL {
            return Err(ProfilePictureError::TooLong);
        }
        let key = PictureKey::from_bytes(key).ok_or(ProfilePictureError::Key)?;
        let url = FileUrl::parse(url)?;
        Ok(Self { url, key })
    }

    /// Where the encrypted picture is.
    pub const fn url(&self) -> &FileUrl {
        &self.url
    }

    /// What opens it.
    pub const fn key(&self) -> &PictureKey {
        &self.key
    }

    /// Decrypts the picture that was fetched, where it lies, after verifying it.
    ///
    /// # Errors
    /// [`DecryptError`]
    pub fn decrypt(&self, encrypted: Vec<u8>) -> Result<Vec<u8>, DecryptError> {
        match self.url.encryption() {
            FileEncryption::Legacy => decrypt(&self.key, encrypted),
            FileEncryption::Stream => {
                let key = stream::Key::from_bytes(self.key.expose_secret()).ok_or(DecryptError::Altered)?;
                stream::decrypt(&key, None, encrypted)
            }
        }
    }
}

impl PictureChange {
    /// Reads a profile and the `profileKey` beside it. An empty or missing URL or key means that there is no picture.
    pub fn of_profile(profile: &Profile, profile_key: Option<&[u8]>) -> Self {
        let url = profile.profile_picture.as_deref().unwrap_or_default();
        let key = profile_key.unwrap_or_default();
        if url.is_empty() || key.is_empty() {
            return Self::Remove;
        }
        ProfilePicture::parse(url, key).map_or(Self::Keep, Self::Set)
    }
}

/// Encrypts a picture under a key that may be kept for the same picture's next upload. Spec: attachments §7 (ATT-41)
pub fn encrypt(rng: &mut impl CryptoRng, key: &PictureKey, picture: &[u8]) -> Vec<u8> {
    let mut nonce = [0; NONCE_LEN];
    rng.fill_bytes(&mut nonce);
    let len = picture.len().saturating_add(NONCE_LEN + TAG_LEN);
    let mut encrypted = Vec::with_capacity(len);
    encrypted.extend_from_slice(&nonce);
    encrypted.extend_from_slice(picture);
    let (_, text) = encrypted.split_at_mut(NONCE_LEN);
    let tag = Aes256Gcm::new((&key.0).into())
        .encrypt_inout_detached((&nonce).into(), &[], text.into())
        .expect("pictures are shorter than 64 GiB");
    encrypted.extend_from_slice(&tag);
    encrypted
}

/// Decrypts a picture where it lies, after verifying it. Spec: attachments §7 (ATT-42)
///
/// # Errors
/// [`DecryptError::Truncated`] below 29 bytes, [`DecryptError::Altered`]
pub fn decrypt(key: &PictureKey, mut encrypted: Vec<u8>) -> Result<Vec<u8>, DecryptError> {
    if encrypted.len() <= NONCE_LEN + TAG_LEN {
        return Err(DecryptError::Truncated);
    }
    let (front, tag) = encrypted
        .split_last_chunk_mut::<TAG_LEN>()
        .ok_or(DecryptError::Truncated)?;
    let (nonce, text) = front
        .split_first_chunk_mut::<NONCE_LEN>()
        .ok_or(DecryptError::Truncated)?;
    Aes256Gcm::new((&key.0).into())
        .decrypt_inout_detached((&*nonce).into(), &[], text.into(), (&*tag).into())
        .map_err(|_| DecryptError::Altered)?;
    let len = encrypted.len().saturating_sub(TAG_LEN);
    encrypted.truncate(len);
    encrypted.drain(..NONCE_LEN);
    Ok(encrypted)
}

#[cfg(test)]
#[path = "picture/picture_tests.rs"]
mod tests;
