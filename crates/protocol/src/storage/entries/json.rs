//! Entries as JSON, written straight into the bytes of an answer: a node does it with every message that it keeps.
//!
//! Keys are in ascending order, as in all answers.

use std::collections::BTreeMap;

use data_encoding::{BASE64, HEXLOWER};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Affected, AppliedExpiry, Entry, MemberFailure, MemberResult, SignedEntry};
use crate::TimestampMs;
use crate::storage::MessageHash;
use crate::storage::replies::Stamp;

/// The answer to a request that all members of a swarm run, as it is written down; clients read it as
/// [`MemberReplies`](crate::storage::replies::MemberReplies). Spec: storage §11 (STO-70)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberParts {
    /// What each member came to, by its Ed25519 key.
    pub members: BTreeMap<[u8; 32], MemberPart>,
    /// Hash of the message that was to be kept.
    pub hash: Option<MessageHash>,
    /// Clock and rules of the answering node.
    pub stamp: Stamp,
}

impl Serialize for MemberParts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(hash) = &self.hash {
            map.serialize_entry("hash", hash)?;
        }
        map.serialize_entry("hf", &self.stamp.hf)?;
        map.serialize_entry("swarm", &ByName(&self.members))?;
        map.serialize_entry("t", &self.stamp.now)?;
        map.end()
    }
}

/// Keys in hex.
struct ByName<'m>(&'m BTreeMap<[u8; 32], MemberPart>);

impl Serialize for ByName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, part)| (HEXLOWER.encode(key), part)))
    }
}

/// A member's part of the answer, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberPart {
    /// What the member did.
    pub result: MemberResult,
    /// `t` of an entry: the clock of the member; of the answering node's own entries only.
    pub clock: Option<TimestampMs>,
}

impl Serialize for MemberPart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.result {
            Ok(signed) => signed.write(self.clock, serializer),
            Err(failure) => failure.serialize(serializer),
        }
    }
}

/// The entry as a JSON object, signature in base64. Spec: storage §11 (STO-70).
impl Serialize for SignedEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.write(None, serializer)
    }
}

impl SignedEntry {
    fn write<S: Serializer>(&self, clock: Option<TimestampMs>, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.entry {
            Entry::Stored {
                hash,
                expiry,
                already,
            } => {
                if *already {
                    map.serialize_entry("already", already)?;
                }
                map.serialize_entry("expiry", expiry)?;
                map.serialize_entry("hash", hash)?;
            }
            Entry::Unrevoked { count } => map.serialize_entry("count", count)?,
            Entry::Deleted(deleted) => map.serialize_entry("deleted", deleted)?,
            Entry::Expired { expiry, .. } => map.serialize_entry("expiry", expiry)?,
            Entry::ExpiredAll(_) | Entry::Revoked => {}
        }
        map.serialize_entry("signature", &SignatureText(&self.signature))?;
        if let Some(clock) = clock {
            map.serialize_entry("t", &clock)?;
        }
        match &self.entry {
            Entry::Expired {
                updated, unchanged, ..
            } => {
                if let Some(unchanged) = unchanged {
                    map.serialize_entry("unchanged", unchanged)?;
                }
                map.serialize_entry("updated", updated)?;
            }
            Entry::ExpiredAll(updated) => map.serialize_entry("updated", updated)?,
            Entry::Stored { .. } | Entry::Unrevoked { .. } | Entry::Deleted(_) | Entry::Revoked => {}
        }
        map.end()
    }
}

/// 64 bytes in base64.
struct SignatureText<'s>(&'s [u8; 64]);

impl Serialize for SignatureText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0; 88];
        BASE64.encode_mut(self.0, &mut text);
        serializer.serialize_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl Serialize for Affected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(hashes) => hashes.serialize(serializer),
            Self::All(boxes) => {
                let by_text: BTreeMap<_, _> = boxes
                    .iter()
                    .map(|(namespace, hashes)| (namespace.0.to_string(), hashes))
                    .collect();
                by_text.serialize(serializer)
            }
        }
    }
}

impl Serialize for AppliedExpiry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(time) => time.serialize(serializer),
            Self::Each(times) => times.serialize(serializer),
        }
    }
}

/// The entry of a member that failed: `"failed": true` and what is known. Spec: storage §11 (STO-73).
impl Serialize for MemberFailure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::BadResponse => map.serialize_entry("bad_peer_response", &true)?,
            Self::Refused { code, .. } => map.serialize_entry("code", code)?,
            Self::Timeout | Self::QueryFailure | Self::Unknown => {}
        }
        map.serialize_entry("failed", &true)?;
        match self {
            Self::QueryFailure => map.serialize_entry("query_failure", &true)?,
            Self::Refused { reason, .. } => map.serialize_entry("reason", reason)?,
            Self::Timeout => map.serialize_entry("timeout", &true)?,
            Self::BadResponse | Self::Unknown => {}
        }
        map.end()
    }
}
