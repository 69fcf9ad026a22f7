//! The tree of values.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::revision::{LIMITS, RevisionError};
use crate::bencode::{Kind, Reader, encode_bytes, encode_int};

/// A value without parts. Integers sort before byte strings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scalar {
    /// A signed integer.
    Int(i64),
    /// Bytes, often UTF-8.
    Bytes(Vec<u8>),
}

/// Scalars without order or repetition.
pub type Set = BTreeSet<Scalar>;

/// Values by key, in wire order.
pub type Dict = BTreeMap<Vec<u8>, Value>;

/// One value of a config. Spec: config §1 (CFG-01)
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A value without parts.
    Scalar(Scalar),
    /// A set; never empty on the wire.
    Set(Set),
    /// A dictionary; never empty on the wire. Trees share what they have in common, and copy it before they change it.
    Dict(Arc<Dict>),
}

impl Value {
    /// The integer, if this is one.
    pub const fn as_int(&self) -> Option<i64> {
        match self {
            Self::Scalar(Scalar::Int(n)) => Some(*n),
            _ => None,
        }
    }

    /// The bytes, if these are some.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Scalar(Scalar::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    /// The set, if this is one.
    pub const fn as_set(&self) -> Option<&Set> {
        match self {
            Self::Set(set) => Some(set),
            _ => None,
        }
    }

    /// The dictionary, if this is one.
    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// Whether this is a set or a dictionary with nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Scalar(_) => false,
            Self::Set(set) => set.is_empty(),
            Self::Dict(dict) => dict.is_empty(),
        }
    }

    /// Removes what is empty within.
    pub(super) fn prune(&mut self) {
        match self {
            Self::Dict(dict) if has_empty(dict) => prune(Arc::make_mut(dict)),
            _ => {}
        }
    }
}

impl From<i64> for Scalar {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<&[u8]> for Scalar {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }
}

impl<T: Into<Scalar>> From<T> for Value {
    fn from(scalar: T) -> Self {
        Self::Scalar(scalar.into())
    }
}

/// Removes empty sets and dictionaries, the innermost first. Spec: config §1 (CFG-02)
pub(super) fn prune(dict: &mut Dict) {
    dict.retain(|_, value| {
        value.prune();
        !value.is_empty()
    });
}

fn has_empty(dict: &Dict) -> bool {
    dict.values()
        .any(|value| value.is_empty() || value.as_dict().is_some_and(has_empty))
}

/// Encodes a dictionary as bencode, empty sets and dictionaries included.
pub fn encode_dict(dict: &Dict) -> Vec<u8> {
    let mut out = Vec::new();
    encode_dict_into(dict, &mut out);
    out
}

pub(super) fn encode_dict_into(dict: &Dict, out: &mut Vec<u8>) {
    out.push(b'd');
    for (key, value) in dict {
        encode_bytes(key, out);
        match value {
            Value::Scalar(scalar) => encode_scalar(scalar, out),
            Value::Set(set) => encode_set(set, out),
            Value::Dict(inner) => encode_dict_into(inner, out),
        }
    }
    out.push(b'e');
}

pub(super) fn encode_set(set: &Set, out: &mut Vec<u8>) {
    out.push(b'l');
    for scalar in set {
        encode_scalar(scalar, out);
    }
    out.push(b'e');
}

fn encode_scalar(scalar: &Scalar, out: &mut Vec<u8>) {
    match scalar {
        Scalar::Int(n) => encode_int(n, out),
        Scalar::Bytes(bytes) => encode_bytes(bytes, out),
    }
}

/// Takes the data of a config apart: strict bencode, nothing empty within it, sets in order.
///
/// # Errors
/// [`RevisionError::Bencode`], or [`RevisionError::Data`].
pub fn parse_dict(bytes: &[u8]) -> Result<Dict, RevisionError> {
    let mut reader = Reader::new(bytes, LIMITS)?;
    if reader.kind()? != Kind::Dict {
        return Err(RevisionError::Data);
    }
    let dict = read_dict(&mut reader, &Dict::new())?;
    reader.finish()?;
    Ok(dict)
}

/// Reads a dictionary. Of `known`, a tree that may be like it, it shares the dictionaries of scalars that are the same:
/// most of a config's data are entries of this form, and between two revisions few of them change.
pub(super) fn read_dict(reader: &mut Reader<'_>, known: &Dict) -> Result<Dict, RevisionError> {
    let mut keys = reader.open_dict()?;
    let mut known = known.iter().peekable();
    let mut entries = Vec::new();
    while let Some(key) = keys.next(reader)? {
        while known.next_if(|(earlier, _)| earlier.as_slice() < key).is_some() {}
        let known = known.next_if(|(same, _)| same.as_slice() == key);
        entries.push((key.to_vec(), read_value(reader, known.map(|(_, value)| value))?));
    }
    // The keys ascend, from which a map is built at once.
    Ok(entries.into_iter().collect())
}

fn read_value(reader: &mut Reader<'_>, known: Option<&Value>) -> Result<Value, RevisionError> {
    let value = match (reader.kind()?, known) {
        (Kind::Int | Kind::Bytes, _) => Value::Scalar(read_scalar(reader)?),
        (Kind::List, _) => Value::Set(read_set(reader)?),
        (Kind::Dict, Some(Value::Dict(known))) => match skip_same(reader, known) {
            Some(behind) => {
                *reader = behind;
                Value::Dict(Arc::clone(known))
            }
            None => Value::Dict(Arc::new(read_dict(reader, known)?)),
        },
        (Kind::Dict, _) => Value::Dict(Arc::new(read_dict(reader, &Dict::new())?)),
    };
    if value.is_empty() {
        return Err(RevisionError::Data);
    }
    Ok(value)
}

/// The place behind a dictionary that has these scalars; `None` when anything in it is different.
fn skip_same<'a>(reader: &Reader<'a>, known: &Dict) -> Option<Reader<'a>> {
    let mut reader = reader.clone();
    let mut keys = reader.open_dict().ok()?;
    for (key, value) in known {
        let Value::Scalar(scalar) = value else {
            return None;
        };
        let is_same = keys.next(&mut reader).ok()? == Some(key)
            && match scalar {
                Scalar::Int(n) => reader.int().ok()? == i128::from(*n),
                Scalar::Bytes(bytes) => reader.bytes().ok()? == bytes,
            };
        if !is_same {
            return None;
        }
    }
    keys.next(&mut reader).ok()?.is_none().then_some(reader)
}

/// Reads a list of scalars, strictly ascending; may be empty.
pub(super) fn read_set(reader: &mut Reader<'_>) -> Result<Set, RevisionError> {
    let mut set = Set::new();
    reader.open_list()?;
    while !reader.close()? {
        let scalar = read_scalar(reader)?;
        if set.last().is_some_and(|last| *last >= scalar) {
            return Err(RevisionError::Data);
        }
        set.insert(scalar);
    }
    Ok(set)
}

fn read_scalar(reader: &mut Reader<'_>) -> Result<Scalar, RevisionError> {
    match reader.kind()? {
        Kind::Int => i64::try_from(reader.int()?)
            .map(Scalar::Int)
            .map_err(|_| RevisionError::Data),
        Kind::Bytes => Ok(Scalar::Bytes(reader.bytes()?.to_vec())),
        Kind::List | Kind::Dict => Err(RevisionError::Data),
    }
}
