//! A config at rest: everything but its keys.
//!
//! ```text
//! d 1:! i<state>e            0 clean, 1 dirty, 2 waiting
//!   1:$ <message>            not signed, unless by somebody else
//!   1:( l <hash>... e        where the swarm keeps it; old clients wrote one string
//!   1:) l <hash>... e        what the swarm may forget
//!   1:* d 32:<hash> d 1:# i<count>e 1:T i<ms>e 1:p l d 1:# i<index>e 1:M <hash> 1:d <chunk> e ... e e e
//!   1:+ d...e                more, by type
//! e
//! ```
//!
//! Spec: config §9 (CFG-46 to CFG-48)

use std::collections::{BTreeMap, BTreeSet};

use super::ConfigType;
use super::parts::{Part, PartSet, Parts};
use super::revision::{Authority, LIMITS, Revision, RevisionError};
use super::state::{Config, Draft, EncryptionKey, State};
use crate::TimestampMs;
use crate::account::AccountKeys;
use crate::bencode::{self, Limits, Value};
use crate::storage::MessageHash;

/// A dump holds parts that wait, which may be more than one message.
const DUMP_LIMITS: Limits = Limits {
    max_len_bytes: LIMITS.max_len_bytes * 4,
    max_depth: LIMITS.max_depth,
};

/// Why bytes are not a dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DumpError {
    /// Not bencode.
    #[error(transparent)]
    Bencode(#[from] bencode::Error),
    /// The state or the message is missing, or none that there is.
    #[error("the dump lacks its state or message")]
    Incomplete,
    /// The message is none.
    #[error("the dumped message is damaged: {0}")]
    Revision(#[from] RevisionError),
}

impl Config {
    /// Everything that must survive the process, but the keys.
    pub fn dump(&mut self) -> Vec<u8> {
        if self.authority.is_read_only() {
            self.obsolete.clear();
        }
        self.needs_dump = false;
        let state: i64 = match self.state {
            State::Clean => 0,
            State::Dirty => 1,
            State::Waiting => 2,
        };
        let message = match &self.authority {
            // Only what others signed is kept; our own signature is made again.
            Authority::Admin(_) => self.draft.settled().to_bytes(&Authority::Unsigned),
            authority => self.draft.take_message(authority),
        };
        Value::dict()
            .with("!", state)
            .with("$", message)
            .with("(", hashes(&self.current))
            .with(")", hashes(&self.obsolete))
            .with("*", parts(&self.parts))
            .with("+", Value::dict())
            .to_bytes()
    }

    /// Restores an account's config.
    ///
    /// # Errors
    /// [`DumpError`].
    pub fn load(config_type: ConfigType, keys: &AccountKeys, dump: &[u8]) -> Result<Self, DumpError> {
        let keys = vec![EncryptionKey::of_account(keys)];
        Self::load_with_keys(config_type, keys, Authority::Unsigned, dump)
    }

    /// Restores a config under other keys.
    ///
    /// # Errors
    /// [`DumpError`].
    pub fn load_with_keys(
        config_type: ConfigType,
        keys: Vec<EncryptionKey>,
        authority: Authority,
        dump: &[u8],
    ) -> Result<Self, DumpError> {
        let dump = bencode::parse(dump, DUMP_LIMITS)?;
        let state = match dump.get("!").and_then(Value::as_int) {
            Some(0) => State::Clean,
            Some(1) => State::Dirty,
            Some(2) => State::Waiting,
            _ => return Err(DumpError::Incomplete),
        };
        let message = dump
            .get("$")
            .and_then(Value::as_bytes)
            .ok_or(DumpError::Incomplete)?;
        let revision = Revision::parse(message, &authority)
            .or_else(|_| Revision::parse(message, &Authority::Unsigned))?;
        let mut draft = Draft::new(revision, None);
        if state == State::Dirty {
            // It may have been pushed although nobody noted it: its number is not used for anything else.
            draft = draft.next(&authority);
        }
        Ok(Self {
            draft,
            state,
            current: hashes_of(dump.get("(")),
            obsolete: hashes_of(dump.get(")")),
            parts: parts_of(dump.get("*")),
            ..Self::with_keys(config_type, keys, authority)
        })
    }
}

fn hashes(hashes: &BTreeSet<MessageHash>) -> Value<'_> {
    Value::List(hashes.iter().map(|hash| hash.as_bytes().into()).collect())
}

/// A list, or one string in the old form; what is no hash is left out.
fn hashes_of(value: Option<&Value<'_>>) -> BTreeSet<MessageHash> {
    let one = value.and_then(Value::as_bytes);
    let list = value.and_then(Value::as_list).unwrap_or_default();
    one.into_iter()
        .chain(list.iter().filter_map(Value::as_bytes))
        .filter_map(MessageHash::parse)
        .collect()
}

fn parts(parts: &Parts) -> Value<'_> {
    let sets = parts.0.iter().map(|(hash, set)| {
        let mut value = Value::dict().with("#", set.count).with("T", set.expires_at.0);
        if set.count != 0 {
            let part = |(index, part): (&u8, _)| {
                let part: &Part = part;
                Value::dict()
                    .with("#", *index)
                    .with("M", part.storage_hash.as_bytes().to_vec())
                    .with("d", part.chunk.clone())
            };
            value = value.with("p", set.parts.iter().map(part).collect::<Vec<_>>());
        }
        (std::borrow::Cow::from(hash.as_slice()), value)
    });
    Value::Dict(sets.collect())
}

/// Parts can be fetched again: what is damaged is left out.
fn parts_of(value: Option<&Value<'_>>) -> Parts {
    let sets = value.and_then(Value::as_dict).into_iter().flatten();
    Parts(
        sets.filter_map(|(hash, set)| Some((hash.as_ref().try_into().ok()?, set_of(set)?)))
            .collect(),
    )
}

fn set_of(set: &Value<'_>) -> Option<PartSet> {
    let parts = set.get("p").and_then(Value::as_list).unwrap_or_default();
    let part = |part: &Value<'_>| {
        let index: u8 = part.get("#")?.as_integer()?;
        let storage_hash = MessageHash::parse(part.get("M")?.as_bytes()?)?;
        let chunk = part.get("d")?.as_bytes()?.to_vec();
        Some((index, Part { storage_hash, chunk }))
    };
    Some(PartSet {
        count: set.get("#")?.as_integer()?,
        expires_at: TimestampMs(set.get("T")?.as_integer()?),
        parts: parts.iter().map(part).collect::<Option<BTreeMap<_, _>>>()?,
    })
}
