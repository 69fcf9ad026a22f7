//! Bencode in the strict form that relays write and read.
//!
//! Four kinds of value:
//!
//! ```text
//! integer   i<decimal>e          no leading zero, no "-0"; range -2^63 ..= 2^64-1
//! bytes     <length>:<bytes>     length in decimal without leading zero
//! list      l<value>...e
//! dict      d<bytes><value>...e  keys strictly ascending, compared byte by byte
//! ```
//!
//! There is exactly one encoding of each value, so a parsed value encodes to the bytes it came from. Parsed byte
//! strings borrow from the input. The module knows nothing of what a value means.
//!
//! Spec: storage §2 (BEN-01 to BEN-05)

use std::borrow::Cow;
use std::collections::BTreeMap;

mod decode;
mod reader;

pub use decode::{Error, Limits, parse};
pub(crate) use reader::{Kind, Reader};

/// A dictionary; iteration is in wire order.
pub type Dict<'a> = BTreeMap<Cow<'a, [u8]>, Value<'a>>;

/// One bencoded value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// An integer in -2^63 ..= 2^64-1; the wider type holds both ends.
    Int(i128),
    /// A byte string, often text, never assumed to be UTF-8.
    Bytes(Cow<'a, [u8]>),
    /// A list of any values.
    List(Vec<Value<'a>>),
    /// A dictionary with byte-string keys.
    Dict(Dict<'a>),
}

impl<'a> Value<'a> {
    /// An empty dictionary to add to with [`Value::with`].
    pub fn dict() -> Self {
        Self::Dict(Dict::new())
    }

    /// Adds or replaces a key of a dictionary; any other kind of value is returned as it is.
    #[must_use]
    pub fn with(mut self, key: &'a str, value: impl Into<Value<'a>>) -> Self {
        if let Self::Dict(dict) = &mut self {
            dict.insert(Cow::Borrowed(key.as_bytes()), value.into());
        }
        self
    }

    /// The integer, if this is one.
    pub fn as_int(&self) -> Option<i128> {
        match self {
            Self::Int(n) => Some(*n),
            Self::Bytes(_) | Self::List(_) | Self::Dict(_) => None,
        }
    }

    /// The integer, if this is one that fits `T`.
    pub fn as_integer<T: TryFrom<i128>>(&self) -> Option<T> {
        self.as_int().and_then(|n| T::try_from(n).ok())
    }

    /// The byte string, if this is one.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Int(_) | Self::List(_) | Self::Dict(_) => None,
        }
    }

    /// The byte string as text, if it is one and is UTF-8.
    pub fn as_text(&self) -> Option<&str> {
        self.as_bytes().and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    /// The byte string as `N` bytes, if it is one of that length.
    pub fn as_array<const N: usize>(&self) -> Option<[u8; N]> {
        self.as_bytes().and_then(|bytes| bytes.try_into().ok())
    }

    /// The items, if this is a list.
    pub fn as_list(&self) -> Option<&[Value<'a>]> {
        match self {
            Self::List(items) => Some(items),
            Self::Int(_) | Self::Bytes(_) | Self::Dict(_) => None,
        }
    }

    /// The dictionary, if this is one.
    pub fn as_dict(&self) -> Option<&Dict<'a>> {
        match self {
            Self::Dict(dict) => Some(dict),
            Self::Int(_) | Self::Bytes(_) | Self::List(_) => None,
        }
    }

    /// The value under `key`, if this is a dictionary that has it.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.as_dict().and_then(|dict| dict.get(key.as_bytes()))
    }

    /// Encodes the value; the only encoding that [`parse`] accepts for it.
    ///
    /// Integers outside -2^63 ..= 2^64-1 are written all the same; they cannot come from [`parse`] nor from the `From`
    /// implementations.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode_into(&mut out);
        out
    }

    /// Appends the encoding to `out`.
    pub fn encode_into(&self, out: &mut Vec<u8>) {
        match self {
            Self::Int(n) => encode_int(*n, out),
            Self::Bytes(bytes) => encode_bytes(bytes, out),
            Self::List(items) => {
                out.push(b'l');
                for item in items {
                    item.encode_into(out);
                }
                out.push(b'e');
            }
            Self::Dict(dict) => {
                out.push(b'd');
                for (key, value) in dict {
                    encode_bytes(key, out);
                    value.encode_into(out);
                }
                out.push(b'e');
            }
        }
    }
}

/// Appends an integer.
pub(crate) fn encode_int(n: impl std::fmt::Display, out: &mut Vec<u8>) {
    out.push(b'i');
    out.extend_from_slice(n.to_string().as_bytes());
    out.push(b'e');
}

/// Appends a byte string.
pub(crate) fn encode_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(bytes.len().to_string().as_bytes());
    out.push(b':');
    out.extend_from_slice(bytes);
}

macro_rules! from_integer {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Value<'_> {
            fn from(n: $integer) -> Self {
                Self::Int(i128::from(n))
            }
        }
    )*};
}
from_integer!(u8, i16, u16, i32, u32, i64, u64);

/// Booleans are the integers 0 and 1.
impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Int(i128::from(flag))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Bytes(Cow::Borrowed(text.as_bytes()))
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Cow::Owned(bytes))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Bytes(Cow::Owned(text.into_bytes()))
    }
}

impl<'a> From<Vec<Value<'a>>> for Value<'a> {
    fn from(items: Vec<Value<'a>>) -> Self {
        Self::List(items)
    }
}

#[cfg(test)]
#[path = "bencode/bencode_tests.rs"]
mod tests;
