//! Names of files on a file server.

use std::fmt;

use blake2::Blake2bMac;
use blake2::digest::consts::U33;
use blake2::digest::{FixedOutput, Update};
use data_encoding::BASE64URL_NOPAD;

/// Length in characters of an id that is a hash of the file. Spec: attachments §2 (ATT-11)
const HASH_ID_LEN: usize = 44;
/// Longest id that is believed to be one. Known ids have at most 44 characters.
const LONGEST: usize = 128;
/// Salt (or key) of the hash, 16 bytes.
const HASH_DOMAIN: &[u8; 16] = b"SessionFileSvr\0\0";

/// The name of a file on its server: 1 to 128 characters of `A-Z a-z 0-9 _ -`, otherwise opaque.
///
/// Spec: attachments §2 (ATT-10)
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(String);

/// Text that is no file id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a file id")]
pub struct FileIdError;

impl FileId {
    /// Takes an id as a server gave it.
    ///
    /// # Errors
    /// [`FileIdError`] where it is empty, too long or has a character that could mean something in a path.
    pub fn parse(text: &str) -> Result<Self, FileIdError> {
        let sound = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        match text.len() {
            1..=LONGEST if sound => Ok(Self(text.to_owned())),
            _ => Err(FileIdError),
        }
    }

    /// The id that a server gives to uploaded bytes: base64url of BLAKE2b-33 with a salt.
    pub fn of_content(bytes: &[u8]) -> Self {
        let mut hasher = FileIdHasher::new();
        hasher.update(bytes);
        hasher.finish()
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number that old clients know the file by; 0 where the id is no number. It fills the pointer's required
    /// `id`. Spec: attachments §2 (ATT-12)
    pub fn to_number(&self) -> u64 {
        let digits = self.0.bytes().all(|byte| byte.is_ascii_digit());
        if digits { self.0.parse().unwrap_or(0) } else { 0 }
    }

    /// Whether servers lengthen this file's life on request: hash ids only. Spec: attachments §2 (ATT-11)
    pub fn is_extendable(&self) -> bool {
        self.0.len() == HASH_ID_LEN
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<u64> for FileId {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

/// Computes the id of a file that arrives in pieces.
///
/// A server that is reached over HTTP uses [`FileIdHasher::new`], one that is reached over QUIC
/// [`FileIdHasher::for_quic`]; the same bytes get different ids. Spec: attachments §2 (ATT-11)
#[derive(Clone)]
pub struct FileIdHasher(Blake2bMac<U33>);

impl FileIdHasher {
    /// The form with the domain as salt.
    pub fn new() -> Self {
        let hash = Blake2bMac::new_with_salt_and_personal(None, HASH_DOMAIN, &[]);
        Self(hash.expect("a salt of 16 bytes is allowed"))
    }

    /// The form with the domain as key.
    pub fn for_quic() -> Self {
        let hash = Blake2bMac::new_with_salt_and_personal(Some(HASH_DOMAIN), &[], &[]);
        Self(hash.expect("a key of 16 bytes is allowed"))
    }

    /// Adds the next bytes of the file.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The id of everything that was added.
    pub fn finish(self) -> FileId {
        FileId(BASE64URL_NOPAD.encode(&self.0.finalize_fixed()))
    }
}

impl Default for FileIdHasher {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for FileIdHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileIdHasher(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn att_10_ids_hold_nothing_that_means_something_in_a_path() {
        for good in ["1", "1234567890", "Zq3b-0aXc_9", &"a".repeat(128)] {
            assert_eq!(FileId::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            ".",
            "..",
            "a/b",
            "a?b",
            "a#b",
            "a%2f",
            "a b",
            "ä",
            "a=",
            "a+b",
            "\0",
            &"a".repeat(129),
        ] {
            assert_eq!(FileId::parse(bad), Err(FileIdError), "{bad}");
        }
    }

    #[test]
    fn att_11_only_hash_ids_are_extended() {
        let id = FileId::of_content(b"hello");
        assert_eq!(id.as_str(), "tKO2VVg1JPHwgZuvqK_7bDHJeSr4UJ_8i13ETlwAn0jB");
        assert!(id.is_extendable());
        assert!(!FileId::from(77).is_extendable());
    }

    #[test]
    fn att_11_pieces_hash_like_the_whole() {
        let mut hasher = FileIdHasher::new();
        hasher.update(b"hel");
        hasher.update(b"");
        hasher.update(b"lo");
        assert_eq!(hasher.finish(), FileId::of_content(b"hello"));
    }

    #[test]
    fn att_12_a_number_is_known_by_itself_anything_else_by_0() {
        let number = |text| FileId::parse(text).unwrap().to_number();
        assert_eq!(number("1234567890"), 1_234_567_890);
        assert_eq!(number("12ab"), 0);
        assert_eq!(number("99999999999999999999999"), 0);
    }
}
