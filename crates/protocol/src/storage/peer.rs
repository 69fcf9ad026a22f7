//! What nodes send each other and their subscribers: pushed messages and notifications.

use super::{MessageHash, Namespace};
use crate::TimestampMs;
use crate::account::AccountId;
use crate::bencode::{self, Limits, Value};

/// The only version of the push form.
const PUSH_VERSION: u8 = 0x01;

/// A stored message on its way to another member of the swarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedMessage {
    /// Whose it is.
    pub account: AccountId,
    /// Its hash, as the other node names it: any bytes, not checked against the data.
    pub hash: Vec<u8>,
    /// When it was made.
    pub timestamp: TimestampMs,
    /// When it expires.
    pub expiry: TimestampMs,
    /// The message.
    pub data: Vec<u8>,
    /// Its box; nodes before 2.11.3 leave it out, and it then counts as the default.
    pub namespace: Option<Namespace>,
}

/// Why a push or notification is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeerFormError {
    /// The first byte of a push is not 01.
    #[error("unknown version of a push")]
    Version,
    /// What follows is not strict bencode.
    #[error("malformed bencode: {0}")]
    Bencode(#[from] bencode::Error),
    /// The bencode is not of the expected shape.
    #[error("not of the expected shape")]
    Shape,
}

/// Encodes a push.
///
/// ```text
/// 01 || bencoded list of [account (33), hash, timestamp, expiry, data, namespace]
/// ```
///
/// The sixth item is left out for messages without a namespace. Spec: storage §12 (STO-63).
pub fn encode_push(messages: &[PushedMessage]) -> Vec<u8> {
    let entry = |message: &PushedMessage| {
        let mut items = vec![
            Value::from(message.account.to_bytes().to_vec()),
            Value::from(message.hash.clone()),
            Value::from(message.timestamp.0),
            Value::from(message.expiry.0),
            Value::from(message.data.clone()),
        ];
        items.extend(message.namespace.map(|namespace| Value::from(namespace.0)));
        Value::List(items)
    };
    let mut out = vec![PUSH_VERSION];
    Value::List(messages.iter().map(entry).collect()).encode_into(&mut out);
    out
}

/// Parses a push. One malformed message spoils the whole.
///
/// # Errors
/// [`PeerFormError`]. Spec: storage §12 (STO-63).
pub fn parse_push(bytes: &[u8]) -> Result<Vec<PushedMessage>, PeerFormError> {
    let (version, list) = bytes.split_first().ok_or(PeerFormError::Version)?;
    if *version != PUSH_VERSION {
        return Err(PeerFormError::Version);
    }
    let list = bencode::parse(list, Limits::default())?;
    let entries = list.as_list().ok_or(PeerFormError::Shape)?;
    entries
        .iter()
        .map(|entry| parse_entry(entry).ok_or(PeerFormError::Shape))
        .collect()
}

fn parse_entry(entry: &Value<'_>) -> Option<PushedMessage> {
    let (account, hash, timestamp, expiry, data, namespace) = match entry.as_list()? {
        [account, hash, timestamp, expiry, data] => (account, hash, timestamp, expiry, data, None),
        [account, hash, timestamp, expiry, data, namespace] => (
            account,
            hash,
            timestamp,
            expiry,
            data,
            Some(Namespace(namespace.as_integer()?)),
        ),
        _ => return None,
    };
    Some(PushedMessage {
        account: AccountId::from_bytes(account.as_array()?),
        hash: hash.as_bytes()?.to_vec(),
        timestamp: TimestampMs(timestamp.as_integer()?),
        expiry: TimestampMs(expiry.as_integer()?),
        data: data.as_bytes()?.to_vec(),
        namespace,
    })
}

/// Tells a subscriber of a newly stored message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Whose message.
    pub account: AccountId,
    /// Its hash.
    pub hash: MessageHash,
    /// Its box.
    pub namespace: Namespace,
    /// When it was made.
    pub timestamp: TimestampMs,
    /// When it expires.
    pub expiry: TimestampMs,
    /// The message, for subscribers that asked for it.
    pub data: Option<Vec<u8>>,
}

impl Notification {
    /// Encodes a notification: a dictionary with `@` account, `h` hash, `n` namespace, `t` timestamp, `z` expiry and,
    /// if asked for, `~` data. Spec: storage §13 (STO-83).
    pub fn encode(&self) -> Vec<u8> {
        let value = Value::dict()
            .with("@", self.account.to_bytes().to_vec())
            .with("h", self.hash.as_str())
            .with("n", self.namespace.0)
            .with("t", self.timestamp.0)
            .with("z", self.expiry.0);
        match &self.data {
            Some(data) => value.with("~", data.as_slice()).to_bytes(),
            None => value.to_bytes(),
        }
    }

    /// Parses a notification; unknown keys are passed over.
    ///
    /// # Errors
    /// [`PeerFormError`]. Spec: storage §13 (STO-83).
    pub fn parse(bytes: &[u8]) -> Result<Self, PeerFormError> {
        let value = bencode::parse(bytes, Limits::default())?;
        Self::from_value(&value).ok_or(PeerFormError::Shape)
    }

    fn from_value(value: &Value<'_>) -> Option<Self> {
        Some(Self {
            account: AccountId::from_bytes(value.get("@")?.as_array()?),
            hash: MessageHash::parse(value.get("h")?.as_bytes()?)?,
            namespace: Namespace(value.get("n")?.as_integer()?),
            timestamp: TimestampMs(value.get("t")?.as_integer()?),
            expiry: TimestampMs(value.get("z")?.as_integer()?),
            data: match value.get("~") {
                Some(data) => Some(data.as_bytes()?.to_vec()),
                None => None,
            },
        })
    }
}

#[cfg(test)]
#[path = "peer/peer_tests.rs"]
mod tests;
