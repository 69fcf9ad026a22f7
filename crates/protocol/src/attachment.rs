//! Files as they lie on a file server: encrypted, padded, and named by a pointer in a message or profile.
//!
//! Owns both encryptions, each with a form for whole files and one for pieces, and the meaning of pointers
//! ([`RemoteFile`]) and profile pictures ([`ProfilePicture`]). [`legacy`] is what is sent, because every client reads it;
//! [`stream`] is read as well. The URL says which one a file has. Does not fetch, keep or decode files.
//!
//! Two promises. A function that takes a whole file gives plaintext only after all of the file was verified. A decryptor
//! of pieces writes plaintext early, and its caller must show none of it before `finish` has said that the file is
//! [`Complete`].
//!
//! Spec: attachments §4 to §8 (ATT-20 to ATT-52)

mod decrypt;
pub mod legacy;
pub mod picture;
mod pointer;
mod secretstream;
pub mod stream;

pub use decrypt::{Complete, DecryptError, Decryptor};
pub use picture::{PictureChange, ProfilePicture, ProfilePictureError};
pub use pointer::{FileSecret, PointerError, RemoteFile};

/// Largest file that is sent, in bytes before encryption. Spec: attachments §8 (ATT-50)
pub const LARGEST_FILE: usize = 10_000_000;

/// A file turned out longer or shorter than was announced before it was encrypted: a caller's mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file has another length than was announced")]
pub struct LengthMismatch;
