//! What one revision changed: a tree of the shape of the data that names keys and never repeats values.
//!
//! ```text
//! ""                  a scalar was set
//! "-"                 a scalar was removed
//! [[added],[removed]] a set changed
//! {...}               something within a dictionary changed
//! ```
//!
//! Spec: config §2 (CFG-05 to CFG-07)

use std::collections::BTreeMap;

use super::revision::RevisionError;
use super::value::{Dict, Set, Value, encode_set, set_of};
use crate::bencode::{self, encode_bytes};

/// Changes by key; a key that did not change is absent.
pub type Diff = BTreeMap<Vec<u8>, Change>;

/// What became of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A scalar was set.
    Assigned,
    /// A scalar was removed.
    Removed,
    /// A set changed.
    Members {
        /// What came.
        added: Set,
        /// What went.
        removed: Set,
    },
    /// A dictionary changed.
    Within(Diff),
}

/// What leads from one tree to another. Both are without empty parts.
pub fn difference(old: &Dict, new: &Dict) -> Diff {
    let removed = old
        .iter()
        .filter(|(key, _)| !new.contains_key(*key))
        .map(|(key, value)| (key.clone(), removal(value)));
    let changed = new
        .iter()
        .filter_map(|(key, value)| Some((key.clone(), change(old.get(key), value)?)));
    removed.chain(changed).collect()
}

fn removal(value: &Value) -> Change {
    match value {
        Value::Scalar(_) => Change::Removed,
        Value::Set(set) => Change::Members {
            added: Set::new(),
            removed: set.clone(),
        },
        Value::Dict(dict) => Change::Within(
            dict.iter()
                .map(|(key, value)| (key.clone(), removal(value)))
                .collect(),
        ),
    }
}

/// A value of another kind counts as one that was not there.
fn change(old: Option<&Value>, new: &Value) -> Option<Change> {
    match (old, new) {
        (Some(old), new) if old == new => None,
        (_, Value::Scalar(_)) => Some(Change::Assigned),
        (Some(Value::Set(old)), Value::Set(new)) => Some(Change::Members {
            added: new.difference(old).cloned().collect(),
            removed: old.difference(new).cloned().collect(),
        }),
        (_, Value::Set(new)) => Some(Change::Members {
            added: new.clone(),
            removed: Set::new(),
        }),
        (Some(Value::Dict(old)), Value::Dict(new)) => Some(Change::Within(difference(old, new))),
        (_, Value::Dict(new)) => Some(Change::Within(difference(&Dict::new(), new))),
    }
}

/// Repeats a change on `data`, with the values of the tree that it led to. Spec: config §4 (CFG-14)
pub(super) fn replay(data: &mut Dict, diff: &Diff, source: &Dict) {
    for (key, change) in diff {
        match (change, source.get(key)) {
            (Change::Assigned, Some(value @ Value::Scalar(_))) => {
                data.insert(key.clone(), value.clone());
            }
            (Change::Members { added, removed }, Some(Value::Set(_))) => {
                let mut set = match data.remove(key) {
                    Some(Value::Set(set)) => set,
                    _ => Set::new(),
                };
                set.extend(added.iter().cloned());
                set.retain(|scalar| !removed.contains(scalar));
                data.insert(key.clone(), Value::Set(set));
            }
            (Change::Within(inner), Some(Value::Dict(source))) => {
                let mut dict = match data.remove(key) {
                    Some(Value::Dict(dict)) => dict,
                    _ => Dict::new(),
                };
                replay(&mut dict, inner, source);
                data.insert(key.clone(), Value::Dict(dict));
            }
            // The value went, or became one of another kind: what was there before must not shine through.
            _ => {
                data.remove(key);
            }
        }
    }
}

pub(super) fn encode_diff(diff: &Diff, out: &mut Vec<u8>) {
    out.push(b'd');
    for (key, change) in diff {
        encode_bytes(key, out);
        match change {
            Change::Assigned => encode_bytes(b"", out),
            Change::Removed => encode_bytes(b"-", out),
            Change::Members { added, removed } => {
                out.push(b'l');
                encode_set(added, out);
                encode_set(removed, out);
                out.push(b'e');
            }
            Change::Within(inner) => encode_diff(inner, out),
        }
    }
    out.push(b'e');
}

pub(super) fn diff_of(value: &bencode::Value<'_>) -> Result<Diff, RevisionError> {
    let dict = value.as_dict().ok_or(RevisionError::Diff)?;
    dict.iter()
        .map(|(key, value)| Ok((key.to_vec(), change_of(value)?)))
        .collect()
}

fn change_of(value: &bencode::Value<'_>) -> Result<Change, RevisionError> {
    match value {
        bencode::Value::Bytes(bytes) if bytes.is_empty() => Ok(Change::Assigned),
        bencode::Value::Bytes(bytes) if bytes.as_ref() == b"-" => Ok(Change::Removed),
        bencode::Value::List(items) => match items.as_slice() {
            [bencode::Value::List(added), bencode::Value::List(removed)] => Ok(Change::Members {
                added: set_of(added)?,
                removed: set_of(removed)?,
            }),
            _ => Err(RevisionError::Diff),
        },
        bencode::Value::Dict(_) => diff_of(value).map(Change::Within),
        bencode::Value::Int(_) | bencode::Value::Bytes(_) => Err(RevisionError::Diff),
    }
}
