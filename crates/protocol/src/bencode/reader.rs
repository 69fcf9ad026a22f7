//! Reads bencode from left to right, one part at a time, into whatever form the caller wants.

use super::{Error, Limits};

/// What kind of value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Bytes,
    List,
    Dict,
}

/// A place in strict bencode. It refuses what is not strict, and nesting beyond the limit, when it comes to it; a caller
/// that reads one value and then calls [`Reader::finish`] has checked all of the input.
///
/// Spec: storage §2 (BEN-01 to BEN-05)
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    input: &'a [u8],
    at: usize,
    /// How many more lists and dictionaries may be opened within the one that is open.
    levels_left: usize,
}

/// The keys of a dictionary that is open.
#[derive(Debug, Default)]
pub(crate) struct Keys<'a> {
    last: Option<&'a [u8]>,
}

impl<'a> Keys<'a> {
    /// The next key, behind which `reader` finds its value; `None` at the end, which it steps over.
    pub(crate) fn next(&mut self, reader: &mut Reader<'a>) -> Result<Option<&'a [u8]>, Error> {
        if reader.close()? {
            return Ok(None);
        }
        let start = reader.at;
        let key = reader.bytes()?;
        if self.last.is_some_and(|last| last >= key) {
            return Err(Error::KeyOrder(start));
        }
        self.last = Some(key);
        Ok(Some(key))
    }
}

impl<'a> Reader<'a> {
    /// At the first byte of `input`.
    pub(crate) const fn new(input: &'a [u8], limits: Limits) -> Result<Self, Error> {
        if input.len() > limits.max_len_bytes {
            return Err(Error::TooLong);
        }
        Ok(Self {
            input,
            at: 0,
            levels_left: limits.max_depth,
        })
    }

    /// Checks that nothing is left.
    pub(crate) const fn finish(self) -> Result<(), Error> {
        if self.at < self.input.len() {
            return Err(Error::Trailing(self.at));
        }
        Ok(())
    }

    /// Everything before this place.
    pub(crate) fn passed(&self) -> &'a [u8] {
        self.input.get(..self.at).unwrap_or(self.input)
    }

    /// What kind of value begins here.
    pub(crate) fn kind(&self) -> Result<Kind, Error> {
        match self.peek()? {
            b'i' => Ok(Kind::Int),
            b'0'..=b'9' => Ok(Kind::Bytes),
            b'l' => Ok(Kind::List),
            b'd' => Ok(Kind::Dict),
            _ => Err(Error::Unexpected(self.at)),
        }
    }

    /// Steps into a list, whose items follow up to [`Reader::close`].
    pub(crate) fn open_list(&mut self) -> Result<(), Error> {
        self.open(b'l')
    }

    /// Steps into a dictionary.
    pub(crate) fn open_dict(&mut self) -> Result<Keys<'a>, Error> {
        self.open(b'd')?;
        Ok(Keys::default())
    }

    /// Steps over the end of the open list, if it is here.
    pub(crate) fn close(&mut self) -> Result<bool, Error> {
        let closes = self.peek()? == b'e';
        if closes {
            self.advance();
            self.levels_left = self.levels_left.saturating_add(1);
        }
        Ok(closes)
    }

    /// Steps over a value of any kind and returns its bytes.
    pub(crate) fn skip(&mut self) -> Result<&'a [u8], Error> {
        let start = self.at;
        match self.kind()? {
            Kind::Int => self.int().map(drop)?,
            Kind::Bytes => self.bytes().map(drop)?,
            Kind::List => {
                self.open_list()?;
                while !self.close()? {
                    self.skip()?;
                }
            }
            Kind::Dict => {
                let mut keys = self.open_dict()?;
                while keys.next(self)?.is_some() {
                    self.skip()?;
                }
            }
        }
        self.input.get(start..self.at).ok_or(Error::Truncated)
    }

    /// An integer: digits with an optional sign, between `i` and `e`.
    pub(crate) fn int(&mut self) -> Result<i128, Error> {
        self.expect(b'i')?;
        let start = self.at;
        let negative = self.peek()? == b'-';
        if negative {
            self.advance();
        }
        let magnitude = i128::from(self.digits(start)?);
        self.expect(b'e')?;
        if !negative {
            return Ok(magnitude);
        }
        match magnitude.checked_neg() {
            Some(n) if n < 0 && n >= i128::from(i64::MIN) => Ok(n),
            _ => Err(Error::Number(start)),
        }
    }

    /// A byte string: a length, a colon, and that many bytes.
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Error> {
        let start = self.at;
        if !self.peek()?.is_ascii_digit() {
            return Err(Error::Unexpected(start));
        }
        let len = usize::try_from(self.digits(start)?).map_err(|_| Error::Number(start))?;
        self.expect(b':')?;
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
            self.advance();
        }
        let count = self.at.saturating_sub(first);
        if count == 0 || (count > 1 && self.input.get(first) == Some(&b'0')) {
            return Err(Error::Number(start));
        }
        Ok(n)
    }

    fn open(&mut self, with: u8) -> Result<(), Error> {
        if self.peek()? != with {
            return Err(Error::Unexpected(self.at));
        }
        self.levels_left = self.levels_left.checked_sub(1).ok_or(Error::TooDeep)?;
        self.advance();
        Ok(())
    }

    fn expect(&mut self, byte: u8) -> Result<(), Error> {
        if self.peek()? != byte {
            return Err(Error::Unexpected(self.at));
        }
        self.advance();
        Ok(())
    }

    fn peek(&self) -> Result<u8, Error> {
        self.input.get(self.at).copied().ok_or(Error::Truncated)
    }

    const fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }
}
