//! What an attachment's pointer says about its file: where it is, how long it is and what opens it.
//!
//! Name, media type and measures stay in the pointer; they are for show and not believed here.
//! Spec: attachments §4 (ATT-47 to ATT-49)

use super::{DecryptError, Decryptor, legacy, stream};
use crate::file_server::{FileEncryption, FileUrl, FileUrlError, LARGEST_UPLOAD};
use crate::message::content::AttachmentPointer;

/// No server keeps more, [`LARGEST_UPLOAD`], so no file is larger.
const LARGEST_SIZE: u32 = 10_223_616;

/// What another client's padding may add to ours, besides a quarter.
const PADDING_ROOM: usize = 65_536;

/// A file that can be fetched and opened. Invariant: the URL's flag agrees with the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteFile {
    url: FileUrl,
    secret: FileSecret,
}

/// What opens a file, and its true size in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileSecret {
    /// The encryption that every client reads; its padding cannot be removed without the size.
    Legacy {
        /// Key and digest.
        secrets: legacy::Secrets,
        /// Above 0.
        size: u32,
    },
    /// The deterministic stream, which knows its own length.
    Stream {
        /// Its key.
        key: stream::Key,
        /// `None` where the pointer leaves it out.
        size: Option<u32>,
    },
}

/// Why a pointer leads to no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PointerError {
    /// Neither a URL nor a number.
    #[error("the pointer names no file")]
    NoFile,
    /// The URL is none of a file.
    #[error(transparent)]
    Url(#[from] FileUrlError),
    /// The key does not have the length that the URL's encryption needs.
    #[error("the key has another length")]
    Key,
    /// The digest is missing or does not have 32 bytes.
    #[error("the digest is missing or malformed")]
    Digest,
    /// The size is missing or 0.
    #[error("the size is missing")]
    NoSize,
    /// The size is more than any server keeps.
    #[error("the file is too large")]
    TooLarge,
}

impl RemoteFile {
    /// A file that was uploaded to `url`; the URL's flag is set by the secret.
    pub fn new(url: FileUrl, secret: FileSecret) -> Self {
        let encryption = match secret {
            FileSecret::Legacy { .. } => FileEncryption::Legacy,
            FileSecret::Stream { .. } => FileEncryption::Stream,
        };
        Self {
            url: url.with_encryption(encryption),
            secret,
        }
    }

    /// Reads a pointer. The flag in the URL chooses the encryption, never the key's length.
    ///
    /// # Errors
    /// [`PointerError`]: the attachment can be shown by name only.
    pub fn parse(pointer: &AttachmentPointer) -> Result<Self, PointerError> {
        let url = match (pointer.url.as_deref().unwrap_or_default(), pointer.id) {
            ("", None | Some(0)) => return Err(PointerError::NoFile),
            ("", Some(number)) => FileUrl::of_number(number),
            (url, _) => FileUrl::parse(url)?,
        };
        if pointer.size > Some(LARGEST_SIZE) {
            return Err(PointerError::TooLarge);
        }
        let key = pointer.key.as_deref().unwrap_or_default();
        let secret = match url.encryption() {
            FileEncryption::Legacy => {
                let key = legacy::Key::from_bytes(key).ok_or(PointerError::Key)?;
                let digest = pointer.digest.as_deref().unwrap_or_default();
                let digest = digest.try_into().map_err(|_| PointerError::Digest)?;
                FileSecret::Legacy {
                    secrets: legacy::Secrets { key, digest },
                    size: pointer
                        .size
                        .filter(|size| *size > 0)
                        .ok_or(PointerError::NoSize)?,
                }
            }
            FileEncryption::Stream => FileSecret::Stream {
                key: stream::Key::from_bytes(key).ok_or(PointerError::Key)?,
                size: pointer.size,
            },
        };
        Ok(Self { url, secret })
    }

    /// Writes `id`, `key`, `size`, `digest` and `url` into a pointer and leaves its other fields alone.
    pub fn write_to(&self, pointer: &mut AttachmentPointer) {
        let (key, digest): (&[u8], _) = match &self.secret {
            FileSecret::Legacy { secrets, .. } => {
                (secrets.key.expose_secret(), Some(secrets.digest.to_vec()))
            }
            FileSecret::Stream { key, .. } => (key.expose_secret(), None),
        };
        pointer.id = Some(self.url.id().to_number());
        pointer.key = Some(key.to_vec());
        pointer.size = self.size();
        pointer.digest = digest;
        pointer.url = Some(self.url.to_string());
    }

    /// Where the encrypted file is.
    pub const fn url(&self) -> &FileUrl {
        &self.url
    }

    /// What opens it.
    pub const fn secret(&self) -> &FileSecret {
        &self.secret
    }

    /// Its true size in bytes, if the pointer says so; not believed before the file was opened.
    pub const fn size(&self) -> Option<u32> {
        match self.secret {
            FileSecret::Legacy { size, .. } => Some(size),
            FileSecret::Stream { size, .. } => size,
        }
    }

    /// How many encrypted bytes are worth fetching: a server that sends more sends another file. Other clients may pad
    /// otherwise than we do, so it is more than our own file would have. Spec: attachments §9 (ATT-69)
    pub fn longest_encrypted(&self) -> usize {
        let ours = match &self.secret {
            FileSecret::Legacy { size, .. } => legacy::encrypted_len(in_memory(*size)),
            FileSecret::Stream { size: Some(size), .. } => stream::encrypted_len(in_memory(*size)),
            FileSecret::Stream { size: None, .. } => LARGEST_UPLOAD,
        };
        let more = (ours / 4).saturating_add(PADDING_ROOM);
        ours.saturating_add(more).min(LARGEST_UPLOAD)
    }

    /// Decrypts the whole file that was fetched, where it lies, after verifying all of it.
    ///
    /// # Errors
    /// [`DecryptError`]
    pub fn decrypt(&self, encrypted: Vec<u8>) -> Result<Vec<u8>, DecryptError> {
        match &self.secret {
            FileSecret::Legacy { secrets, size } => legacy::decrypt(secrets, in_memory(*size), encrypted),
            FileSecret::Stream { key, size } => stream::decrypt(key, size.map(in_memory), encrypted),
        }
    }

    /// A decryptor for the file's pieces.
    pub fn decryptor(&self) -> Decryptor {
        match &self.secret {
            FileSecret::Legacy { secrets, size } => {
                Decryptor::Legacy(legacy::Decryptor::new(secrets.clone(), in_memory(*size)).into())
            }
            FileSecret::Stream { key, size } => {
                Decryptor::Stream(stream::Decryptor::new(key.clone(), size.map(in_memory)).into())
            }
        }
    }
}

fn in_memory(size: u32) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

#[cfg(test)]
#[path = "pointer/pointer_tests.rs"]
mod tests;
