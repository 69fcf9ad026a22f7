//! What both encryptions share when a file is decrypted.

use super::{legacy, stream};

/// The file was whole and verified to its last byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "what was written before may be shown only now"]
pub struct Complete {
    /// Length of the plaintext in bytes.
    pub len: u64,
}

/// Why a file cannot be decrypted. None of it gets better by fetching the same file again, except a file that was cut
/// on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecryptError {
    /// Shorter than any encrypted file, or it ends before its end.
    #[error("the file is cut off")]
    Truncated,
    /// Something follows the last chunk.
    #[error("bytes follow the end of the file")]
    TrailingBytes,
    /// A stream that does not begin with its mark: another format.
    #[error("an unknown format")]
    Format,
    /// The file or its key is not the one that was encrypted.
    #[error("the file was altered or the key is another")]
    Altered,
    /// The file is not the one that the message names.
    #[error("the digest is another")]
    Digest,
    /// The padding inside the encryption is not of its form.
    #[error("the padding is malformed")]
    Padding,
    /// The file has fewer bytes than its pointer says.
    #[error("the file is shorter than announced")]
    Size,
}

/// Decrypts a file of either kind that arrives in pieces; made by [`RemoteFile::decryptor`](super::RemoteFile).
///
/// Call [`Decryptor::update`] with each piece, then [`Decryptor::finish`]. After an error it must not be used again.
///
/// # Security
/// What `update` writes may be forged, or be the beginning of a file that was cut: keep it where nothing looks at it
/// until `finish` returns [`Complete`], and delete it otherwise. Spec: attachments §8 (ATT-52)
#[derive(Debug)]
pub enum Decryptor {
    /// AES-CBC with a MAC.
    Legacy(Box<legacy::Decryptor>),
    /// The deterministic stream.
    Stream(Box<stream::Decryptor>),
}

impl Decryptor {
    /// Takes the next piece of the encrypted file and appends what it makes of it to `out`.
    ///
    /// # Errors
    /// [`DecryptError`]
    pub fn update(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), DecryptError> {
        match self {
            Self::Legacy(decryptor) => {
                decryptor.update(piece, out);
                Ok(())
            }
            Self::Stream(decryptor) => decryptor.update(piece, out),
        }
    }

    /// Verifies that the file is whole and appends its last bytes to `out`.
    ///
    /// # Errors
    /// [`DecryptError`]
    pub fn finish(self, out: &mut Vec<u8>) -> Result<Complete, DecryptError> {
        match self {
            Self::Legacy(decryptor) => decryptor.finish(out),
            Self::Stream(decryptor) => decryptor.finish(out),
        }
    }
}
