//! Reads bencode into a tree that borrows from the input.

use std::borrow::Cow;

use super::reader::{Kind, Reader};
use super::{Dict, Value};

/// Why bytes are not strict bencode. Offsets count from the first byte of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input is longer than [`Limits::max_len_bytes`].
    #[error("input is too long")]
    TooLong,
    /// Lists and dictionaries are nested deeper than [`Limits::max_depth`].
    #[error("values are nested too deeply")]
    TooDeep,
    /// The input ends within a value.
    #[error("input ends within a value")]
    Truncated,
    /// A byte that starts no value, or does not belong where it stands.
    #[error("unexpected byte at offset {0}")]
    Unexpected(usize),
    /// An integer or a length with a leading zero, "-0", no digits, or out of range.
    #[error("malformed number at offset {0}")]
    Number(usize),
    /// A dictionary key that is not greater than the one before it.
    #[error("dictionary keys are not strictly ascending at offset {0}")]
    KeyOrder(usize),
    /// Bytes after the end of the value.
    #[error("bytes after the value at offset {0}")]
    Trailing(usize),
}

/// What a parser is willing to take on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest input in bytes.
    pub max_len_bytes: usize,
    /// Deepest nesting; 1 allows a list or dictionary of plain values.
    pub max_depth: usize,
}

impl Default for Limits {
    /// 10 MiB and 16 levels: the largest body a relay takes, and more nesting than any message has.
    fn default() -> Self {
        Self {
            max_len_bytes: 10 * 1024 * 1024,
            max_depth: 16,
        }
    }
}

/// Parses exactly one value that fills `input`.
///
/// # Errors
/// [`Error`]: the first thing that is wrong, from left to right.
///
/// Spec: storage §2 (BEN-01 to BEN-05)
pub fn parse(input: &[u8], limits: Limits) -> Result<Value<'_>, Error> {
    let mut reader = Reader::new(input, limits)?;
    let value = read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

fn read<'a>(reader: &mut Reader<'a>) -> Result<Value<'a>, Error> {
    match reader.kind()? {
        Kind::Int => reader.int().map(Value::Int),
        Kind::Bytes => reader.bytes().map(|bytes| Value::Bytes(Cow::Borrowed(bytes))),
        Kind::List => {
            reader.open_list()?;
            let mut items = Vec::new();
            while !reader.close()? {
                items.push(read(reader)?);
            }
            Ok(Value::List(items))
        }
        Kind::Dict => {
            let mut keys = reader.open_dict()?;
            let mut dict = Dict::new();
            while let Some(key) = keys.next(reader)? {
                dict.insert(Cow::Borrowed(key), read(reader)?);
            }
            Ok(Value::Dict(dict))
        }
    }
}
