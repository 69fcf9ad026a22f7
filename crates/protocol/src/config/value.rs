//! The tree of values.

use std::collections::{BTreeMap, BTreeSet};

use super::revision::RevisionError;
use crate::bencode::{self, encode_bytes, encode_int};

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
    /// A dictionary; never empty on the wire.
    Dict(Dict),
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
    pub const fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            _ => None,
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
    dict.retain(|_, value| match value {
        Value::Scalar(_) => true,
        Value::Set(set) => !set.is_empty(),
        Value::Dict(inner) => {
            prune(inner);
            !inner.is_empty()
        }
    });
}

/// Encodes a dictionary as bencode, without what [`prune`] would remove left out.
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
    let value = bencode::parse(bytes, super::revision::LIMITS)?;
    value.as_dict().ok_or(RevisionError::Data).and_then(dict_of)
}

/// The data of a config in its parsed form.
pub(super) fn dict_of(dict: &bencode::Dict<'_>) -> Result<Dict, RevisionError> {
    dict.iter()
        .map(|(key, value)| Ok((key.to_vec(), value_of(value)?)))
        .collect()
}

fn value_of(value: &bencode::Value<'_>) -> Result<Value, RevisionError> {
    match value {
        bencode::Value::List(items) if !items.is_empty() => Ok(Value::Set(set_of(items)?)),
        bencode::Value::Dict(dict) if !dict.is_empty() => Ok(Value::Dict(dict_of(dict)?)),
        bencode::Value::List(_) | bencode::Value::Dict(_) => Err(RevisionError::Data),
        scalar => Ok(Value::Scalar(scalar_of(scalar)?)),
    }
}

/// A list of scalars, strictly ascending; may be empty.
pub(super) fn set_of(items: &[bencode::Value<'_>]) -> Result<Set, RevisionError> {
    let mut set = Set::new();
    for item in items {
        let scalar = scalar_of(item)?;
        if set.last().is_some_and(|last| *last >= scalar) {
            return Err(RevisionError::Data);
        }
        set.insert(scalar);
    }
    Ok(set)
}

fn scalar_of(value: &bencode::Value<'_>) -> Result<Scalar, RevisionError> {
    match value {
        bencode::Value::Int(n) => i64::try_from(*n)
            .map(Scalar::Int)
            .map_err(|_| RevisionError::Data),
        bencode::Value::Bytes(bytes) => Ok(Scalar::Bytes(bytes.to_vec())),
        bencode::Value::List(_) | bencode::Value::Dict(_) => Err(RevisionError::Data),
    }
}
