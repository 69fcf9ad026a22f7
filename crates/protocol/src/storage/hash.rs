//! Message hashes: how a stored message is named.

use std::fmt;

use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};
use data_encoding::BASE64_NOPAD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Namespace;
use super::base64;
use crate::account::AccountId;

/// The name of a stored message: 43 characters of unpadded base64. Ordered byte by byte, as relays sort. STO-20.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageHash([u8; 43]);

impl MessageHash {
    /// Takes a hash as text: 43 characters of the standard base64 alphabet.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let text: [u8; 43] = text.try_into().ok()?;
        base64::decode(&text).map(|_| Self(text))
    }

    /// The 43 ASCII characters.
    pub fn as_str(&self) -> &str {
        // Every constructor checks the alphabet, which is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The 43 ASCII characters as bytes.
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Computes the hash under which every relay stores a message, so that a sender knows it beforehand.
///
/// BLAKE2b-256 over `prefix (1) || key (32) || namespace || data`, in unpadded base64. The namespace is in decimal,
/// with nothing for the default; `data` is the raw message. Neither time nor lifetime enter. Spec: storage §5 (STO-20).
pub fn compute_hash(account: AccountId, namespace: Namespace, data: &[u8]) -> MessageHash {
    let digest = Blake2b::<U32>::new()
        .chain_update(account.to_bytes())
        .chain_update(namespace.signed_text())
        .chain_update(data)
        .finalize();
    let mut text = [0; 43];
    BASE64_NOPAD.encode_mut(&digest, &mut text);
    MessageHash(text)
}

impl fmt::Display for MessageHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for MessageHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageHash({})", self.as_str())
    }
}

impl Serialize for MessageHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for MessageHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(text.as_bytes()).ok_or_else(|| D::Error::custom("not a message hash"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sto_20_namespace_and_data_enter_the_hash() {
        let account = AccountId::from_bytes([5; 33]);
        let hash = compute_hash(account, Namespace(0), b"x");
        assert_ne!(hash, compute_hash(account, Namespace(2), b"x"));
        assert_ne!(hash, compute_hash(account, Namespace(0), b"y"));
        assert_ne!(
            hash,
            compute_hash(AccountId::from_bytes([3; 33]), Namespace(0), b"x")
        );
        assert_eq!(MessageHash::parse(hash.as_bytes()), Some(hash));
    }

    #[test]
    fn sto_20_hashes_have_43_base64_characters() {
        let text = "KEcML4y0JV8gdlGZGi1gAley51Ar7wMCKQPK+ZvgXOM";
        assert_eq!(MessageHash::parse(text.as_bytes()).unwrap().as_str(), text);
        assert!(MessageHash::parse(&text.as_bytes()[..42]).is_none());
        assert!(MessageHash::parse(text.replace('+', "-").as_bytes()).is_none());
        assert!(MessageHash::parse(format!("{}=", &text[..42]).as_bytes()).is_none());
        assert!(serde_json::from_str::<MessageHash>("\"x\"").is_err());
    }
}
