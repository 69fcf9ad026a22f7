//! The strict parser.

use std::borrow::Cow;

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
    /// The dictionary does not have the key that was asked for, or the value is no dictionary.
    #[error("no such key")]
    NoSuchKey,
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
    let mut parser = Parser::new(input, limits)?;
    let value = parser.value(0)?;
    if parser.at < input.len() {
        return Err(Error::Trailing(parser.at));
    }
    Ok(value)
}

/// The bytes of a dictionary before one of its keys: from the opening `d` up to the first byte of the key.
///
/// Config messages sign this prefix: their signature sits under the last key and covers all that precedes it.
/// The whole input is checked to be one strict dictionary.
///
/// # Errors
/// [`Error::NoSuchKey`] when the value is not a dictionary or lacks the key; otherwise as [`parse`].
pub fn prefix_before_key<'a>(input: &'a [u8], key: &[u8], limits: Limits) -> Result<&'a [u8], Error> {
    parse(input, limits)?;
    let mut parser = Parser::new(input, limits)?;
    if parser.peek()? != b'd' {
        return Err(Error::NoSuchKey);
    }
    parser.advance(1);
    while parser.peek()? != b'e' {
        let start = parser.at;
        if parser.bytes()? == key {
            return input.get(..start).ok_or(Error::Truncated);
        }
        parser.value(1)?;
    }
    Err(Error::NoSuchKey)
}

struct Parser<'a> {
    input: &'a [u8],
    at: usize,
    max_depth: usize,
}

impl<'a> Parser<'a> {
    fn new(input: &'a [u8], limits: Limits) -> Result<Self, Error> {
        if input.len() > limits.max_len_bytes {
            return Err(Error::TooLong);
        }
        Ok(Self {
            input,
            at: 0,
            max_depth: limits.max_depth,
        })
    }

    fn peek(&self) -> Result<u8, Error> {
        self.input.get(self.at).copied().ok_or(Error::Truncated)
    }

    fn advance(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, Error> {
        match self.peek()? {
            b'i' => {
                self.advance(1);
                self.integer().map(Value::Int)
            }
            b'0'..=b'9' => self.bytes().map(|bytes| Value::Bytes(Cow::Borrowed(bytes))),
            b'l' => {
                let depth = self.enter(depth)?;
                let mut items = Vec::new();
                while self.peek()? != b'e' {
                    items.push(self.value(depth)?);
                }
                self.advance(1);
                Ok(Value::List(items))
            }
            b'd' => {
                let depth = self.enter(depth)?;
                self.dict(depth).map(Value::Dict)
            }
            _ => Err(Error::Unexpected(self.at)),
        }
    }

    /// Steps over the opening byte of a list or dictionary.
    fn enter(&mut self, depth: usize) -> Result<usize, Error> {
        if depth >= self.max_depth {
            return Err(Error::TooDeep);
        }
        self.advance(1);
        Ok(depth.saturating_add(1))
    }

    fn dict(&mut self, depth: usize) -> Result<Dict<'a>, Error> {
        let mut dict = Dict::new();
        let mut last: Option<&[u8]> = None;
        while self.peek()? != b'e' {
            let start = self.at;
            let key = self.bytes()?;
            if last.is_some_and(|last| last >= key) {
                return Err(Error::KeyOrder(start));
            }
            last = Some(key);
            let value = self.value(depth)?;
            dict.insert(Cow::Borrowed(key), value);
        }
        self.advance(1);
        Ok(dict)
    }

    /// After the `i`: digits with an optional sign, up to and including the `e`.
    fn integer(&mut self) -> Result<i128, Error> {
        let start = self.at;
        let negative = self.peek()? == b'-';
        if negative {
            self.advance(1);
        }
        let magnitude = i128::from(self.digits(start)?);
        match self.peek()? {
            b'e' => self.advance(1),
            _ => return Err(Error::Unexpected(self.at)),
        }
        if !negative {
            return Ok(magnitude);
        }
        match magnitude.checked_neg() {
            Some(n) if n < 0 && n >= i128::from(i64::MIN) => Ok(n),
            _ => Err(Error::Number(start)),
        }
    }

    /// A length, a colon, and that many bytes.
    fn bytes(&mut self) -> Result<&'a [u8], Error> {
        let start = self.at;
        if !self.peek()?.is_ascii_digit() {
            return Err(Error::Unexpected(start));
        }
        let len = usize::try_from(self.digits(start)?).map_err(|_| Error::Number(start))?;
        match self.peek()? {
            b':' => self.advance(1),
            _ => return Err(Error::Unexpected(self.at)),
        }
        let end = self.at.checked_add(len).ok_or(Error::Truncated)?;
        let bytes = self.input.get(self.at..end).ok_or(Error::Truncated)?;
        self.at = end;
        Ok(bytes)
    }

    /// One or more decimal digits without a leading zero, at most 2^64-1.
    fn digits(&mut self, start: usize) -> Result<u64, Error> {
        let first = self.at;
        let mut n: u64 = 0;
        loop {
            let byte = self.peek()?;
            if !byte.is_ascii_digit() {
                break;
            }
            n = n
                .checked_mul(10)
                .and_then(|n| n.checked_add(u64::from(byte.wrapping_sub(b'0'))))
                .ok_or(Error::Number(start))?;
            self.advance(1);
        }
        let count = self.at.saturating_sub(first);
        if count == 0 || (count > 1 && self.input.get(first) == Some(&b'0')) {
            return Err(Error::Number(start));
        }
        Ok(n)
    }
}
