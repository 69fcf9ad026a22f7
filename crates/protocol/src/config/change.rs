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
use std::sync::Arc;

use super::revision::RevisionError;
use super::value::{Dict, Set, Value, encode_set, read_set};
use crate::bencode::{Kind, Reader, encode_bytes};

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

/// What leads from one tree to another. Both are without empty parts; what they share is not looked into.
pub fn difference(old: &Dict, new: &Dict) -> Diff {
    let mut diff = Diff::new();
    let mut old = old.iter().peekable();
    for (key, value) in new {
        while let Some((gone, value)) = old.next_if(|(earlier, _)| *earlier < key) {
            diff.insert(gone.clone(), removal(value));
        }
        let before = old.next_if(|(same, _)| *same == key);
        if let Some(change) = change(before.map(|(_, value)| value), value) {
            diff.insert(key.clone(), change);
        }
    }
    diff.extend(old.map(|(gone, value)| (gone.clone(), removal(value))));
    diff
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
        (Some(Value::Dict(old)), Value::Dict(new)) => {
            let diff = if Arc::ptr_eq(old, new) {
                Diff::new()
            } else {
                difference(old, new)
            };
            (!diff.is_empty()).then_some(Change::Within(diff))
        }
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
                    _ => Arc::default(),
                };
                replay(Arc::make_mut(&mut dict), inner, source);
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

pub(super) fn read_diff(reader: &mut Reader<'_>) -> Result<Diff, RevisionError> {
    if reader.kind()? != Kind::Dict {
        return Err(RevisionError::Diff);
    }
    let mut keys = reader.open_dict()?;
    let mut diff = Diff::new();
    while let Some(key) = keys.next(reader)? {
        diff.insert(key.to_vec(), read_change(reader)?);
    }
    Ok(diff)
}

fn read_change(reader: &mut Reader<'_>) -> Result<Change, RevisionError> {
    match reader.kind()? {
        Kind::Bytes => match reader.bytes()? {
            b"" => Ok(Change::Assigned),
            b"-" => Ok(Change::Removed),
            _ => Err(RevisionError::Diff),
        },
        Kind::List => {
            reader.open_list()?;
            let [added, removed] = [read_members(reader)?, read_members(reader)?];
            if !reader.close()? {
                return Err(RevisionError::Diff);
            }
            Ok(Change::Members { added, removed })
        }
        Kind::Dict => read_diff(reader).map(Change::Within),
        Kind::Int => Err(RevisionError::Diff),
    }
}

/// One of the two lists of a set's change.
fn read_members(reader: &mut Reader<'_>) -> Result<Set, RevisionError> {
    if reader.kind().ok() != Some(Kind::List) {
        return Err(RevisionError::Diff);
    }
    read_set(reader)
}
