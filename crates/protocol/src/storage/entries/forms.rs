//! Entries read from JSON, as clients get them, and in bencode, as the members of a swarm pass them to each other.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Affected, AppliedExpiry, Entry, MemberFailure, MemberResult, ReplyError, SignedEntry, base64};
use crate::TimestampMs;
use crate::bencode::{Dict, Value};
use crate::storage::{MessageHash, Namespace, Request};

impl SignedEntry {
    /// The entry as a bencoded dictionary: the same keys, raw signature, 1 for true. Spec: storage §12 (STO-61).
    pub fn to_bencode(&self) -> Value<'_> {
        let value = Value::dict().with("signature", &self.signature);
        match &self.entry {
            Entry::Stored {
                hash,
                expiry,
                already,
            } => {
                let value = value.with("hash", hash.as_str()).with("expiry", expiry.0);
                if *already {
                    value.with("already", true)
                } else {
                    value
                }
            }
            Entry::Deleted(deleted) => value.with("deleted", affected_value(deleted)),
            Entry::ExpiredAll(updated) => value.with("updated", affected_value(updated)),
            Entry::Expired {
                expiry,
                updated,
                unchanged,
            } => {
                let expiry = match expiry {
                    AppliedExpiry::One(time) => Value::from(time.0),
                    AppliedExpiry::Each(times) => {
                        Value::List(times.iter().map(|time| Value::from(time.0)).collect())
                    }
                };
                let value = value.with("expiry", expiry).with("updated", hash_values(updated));
                match unchanged {
                    Some(unchanged) => value.with("unchanged", Value::Dict(unchanged_dict(unchanged))),
                    None => value,
                }
            }
            Entry::Revoked => value,
            Entry::Unrevoked { count } => value.with("count", *count),
        }
    }

    /// Reads the entry that answers `request`; not yet verified.
    ///
    /// # Errors
    /// [`ReplyError::Field`] names the first field that is missing or wrong.
    pub fn parse_json(entry: &Json, request: &Request) -> Result<Self, ReplyError> {
        let signature = entry.get("signature").and_then(Json::as_str);
        let signature = signature.and_then(|text| base64::decode_array(text.as_bytes()));
        Self::read(Source::Json(entry), signature, request)
    }

    /// Reads the bencoded entry that answers `request`; not yet verified.
    ///
    /// # Errors
    /// [`ReplyError::Field`] names the first field that is missing or wrong.
    pub fn parse_bencode(entry: &Value<'_>, request: &Request) -> Result<Self, ReplyError> {
        let signature = entry.get("signature").and_then(Value::as_array);
        Self::read(Source::Bencode(entry), signature, request)
    }

    fn read(source: Source<'_>, signature: Option<[u8; 64]>, request: &Request) -> Result<Self, ReplyError> {
        let signature = signature.ok_or(ReplyError::Field("signature"))?;
        let entry = match request {
            Request::Store(_) => Entry::Stored {
                hash: source
                    .get("hash")
                    .and_then(Source::hash)
                    .ok_or(ReplyError::Field("hash"))?,
                expiry: source
                    .get("expiry")
                    .and_then(Source::time)
                    .ok_or(ReplyError::Field("expiry"))?,
                already: source.get("already").is_some_and(Source::is_true),
            },
            Request::Delete(_) | Request::DeleteAll(_) | Request::DeleteBefore(_) => {
                Entry::Deleted(source.affected("deleted")?)
            }
            Request::ExpireAll(_) => Entry::ExpiredAll(source.affected("updated")?),
            Request::Expire(_) => Entry::Expired {
                expiry: source
                    .get("expiry")
                    .and_then(Source::applied)
                    .ok_or(ReplyError::Field("expiry"))?,
                updated: source
                    .get("updated")
                    .and_then(Source::hashes)
                    .ok_or(ReplyError::Field("updated"))?,
                unchanged: match source.get("unchanged") {
                    Some(unchanged) => Some(unchanged.hash_times().ok_or(ReplyError::Field("unchanged"))?),
                    None => None,
                },
            },
            Request::RevokeSubaccount(_) => Entry::Revoked,
            Request::UnrevokeSubaccount(_) => {
                let count = source
                    .get("count")
                    .and_then(Source::integer)
                    .and_then(|n| u64::try_from(n).ok());
                Entry::Unrevoked {
                    count: count.ok_or(ReplyError::Field("count"))?,
                }
            }
            _ => return Err(ReplyError::NotRecursive),
        };
        Ok(Self { entry, signature })
    }
}

impl MemberFailure {
    fn parse_json(entry: &Json) -> Option<Self> {
        let is_set = |key| entry.get(key).is_some_and(|value| Source::Json(value).is_true());
        if !is_set("failed") {
            return None;
        }
        if is_set("timeout") {
            return Some(Self::Timeout);
        }
        if is_set("bad_peer_response") {
            return Some(Self::BadResponse);
        }
        if is_set("query_failure") {
            return Some(Self::QueryFailure);
        }
        // Some nodes write the code as text.
        let code = entry.get("code").and_then(|code| match code {
            Json::String(text) => text.parse().ok(),
            other => other.as_u64().and_then(|code| u16::try_from(code).ok()),
        });
        let reason = entry
            .get("reason")
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned();
        Some(code.map_or(Self::Unknown, |code| Self::Refused { code, reason }))
    }
}

/// Reads one member's part of an answer; entries are not yet verified.
///
/// # Errors
/// [`ReplyError::Field`] names the first field that is missing or wrong.
pub(in crate::storage) fn parse_member(entry: &Json, request: &Request) -> Result<MemberResult, ReplyError> {
    match MemberFailure::parse_json(entry) {
        Some(failure) => Ok(Err(failure)),
        None => SignedEntry::parse_json(entry, request).map(Ok),
    }
}

fn affected_value(affected: &Affected) -> Value<'_> {
    match affected {
        Affected::One(hashes) => hash_values(hashes),
        Affected::All(boxes) => Value::Dict(
            boxes
                .iter()
                .map(|(namespace, hashes)| (namespace.0.to_string().into_bytes().into(), hash_values(hashes)))
                .collect(),
        ),
    }
}

fn hash_values(hashes: &[MessageHash]) -> Value<'_> {
    Value::List(hashes.iter().map(|hash| Value::from(hash.as_str())).collect())
}

fn unchanged_dict(unchanged: &BTreeMap<MessageHash, TimestampMs>) -> Dict<'_> {
    unchanged
        .iter()
        .map(|(hash, time)| (Cow::Borrowed(hash.as_bytes()), Value::from(time.0)))
        .collect()
}

/// A value of an entry in either form.
#[derive(Clone, Copy)]
enum Source<'s> {
    Json(&'s Json),
    Bencode(&'s Value<'s>),
}

impl<'s> Source<'s> {
    fn get(self, key: &str) -> Option<Self> {
        match self {
            Self::Json(value) => value.get(key).filter(|value| !value.is_null()).map(Self::Json),
            Self::Bencode(value) => value.get(key).map(Self::Bencode),
        }
    }

    fn integer(self) -> Option<i128> {
        match self {
            Self::Json(value) => value
                .as_u64()
                .map(i128::from)
                .or_else(|| value.as_i64().map(i128::from)),
            Self::Bencode(value) => value.as_int(),
        }
    }

    /// True or any number but 0: other members' booleans arrive as 1. STO-74.
    fn is_true(self) -> bool {
        match self {
            Self::Json(Json::Bool(flag)) => *flag,
            other => other.integer().is_some_and(|n| n != 0),
        }
    }

    fn time(self) -> Option<TimestampMs> {
        self.integer()
            .and_then(|n| i64::try_from(n).ok())
            .map(TimestampMs)
    }

    fn hash(self) -> Option<MessageHash> {
        match self {
            Self::Json(value) => value
                .as_str()
                .and_then(|text| MessageHash::parse(text.as_bytes())),
            Self::Bencode(value) => value.as_bytes().and_then(MessageHash::parse),
        }
    }

    fn items(self) -> Option<Vec<Self>> {
        match self {
            Self::Json(value) => value
                .as_array()
                .map(|items| items.iter().map(Self::Json).collect()),
            Self::Bencode(value) => value
                .as_list()
                .map(|items| items.iter().map(Self::Bencode).collect()),
        }
    }

    /// The keys and values of an object; `None` when a key is not UTF-8.
    fn members(self) -> Option<Vec<(&'s str, Self)>> {
        match self {
            Self::Json(value) => value.as_object().map(|map| {
                map.iter()
                    .map(|(key, value)| (key.as_str(), Self::Json(value)))
                    .collect()
            }),
            Self::Bencode(value) => value
                .as_dict()?
                .iter()
                .map(|(key, value)| Some((std::str::from_utf8(key).ok()?, Self::Bencode(value))))
                .collect(),
        }
    }

    fn hashes(self) -> Option<Vec<MessageHash>> {
        self.items()?.into_iter().map(Self::hash).collect()
    }

    fn applied(self) -> Option<AppliedExpiry> {
        match self.items() {
            Some(items) => items
                .into_iter()
                .map(Self::time)
                .collect::<Option<_>>()
                .map(AppliedExpiry::Each),
            None => self.time().map(AppliedExpiry::One),
        }
    }

    fn hash_times(self) -> Option<BTreeMap<MessageHash, TimestampMs>> {
        let parse = |(key, value): (&str, Self)| Some((MessageHash::parse(key.as_bytes())?, value.time()?));
        self.members()?.into_iter().map(parse).collect()
    }

    fn affected(self, field: &'static str) -> Result<Affected, ReplyError> {
        let value = self.get(field).ok_or(ReplyError::Field(field))?;
        if let Some(hashes) = value.hashes() {
            return Ok(Affected::One(hashes));
        }
        let parse = |(key, value): (&str, Self)| Some((Namespace(key.parse().ok()?), value.hashes()?));
        let boxes = value
            .members()
            .and_then(|members| members.into_iter().map(parse).collect());
        boxes.map(Affected::All).ok_or(ReplyError::Field(field))
    }
}
