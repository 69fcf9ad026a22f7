//! Bytes to words and back, for any multiple of four bytes.

use zeroize::Zeroizing;

use super::wordlist::{COUNT, index_of, prefix_of, word_at};

/// Why bytes or words cannot be converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The number of bytes is not a positive multiple of four, or the number of words not one more than a positive
    /// multiple of three.
    #[error("wrong length")]
    Length,
    /// A word is not in the list.
    #[error("unknown word")]
    UnknownWord,
    /// Three words stand for a number above 32 bits.
    #[error("three words do not form a number")]
    Overflow,
    /// The last word is not the check word of the others.
    #[error("the check word does not match")]
    Check,
}

/// Writes each four bytes as three words and adds the check word. Spec: identity §3 (PHR-03, PHR-04).
///
/// # Errors
/// [`CodecError::Length`].
pub fn encode_bytes(bytes: &[u8]) -> Result<Vec<&'static str>, CodecError> {
    let mut words = encode_bytes_without_check(bytes)?;
    let check = words.get(checksum_index(&words)).copied();
    words.extend(check);
    Ok(words)
}

/// Writes each four bytes, a little-endian number `v`, as three words. With `n` = 1626 their indices are `a = v % n`,
/// `b = (v / n + a) % n` and `c = (v / n / n + b) % n`. Spec: identity §3 (PHR-03).
///
/// # Errors
/// [`CodecError::Length`].
#[expect(
    clippy::arithmetic_side_effects,
    reason = "numbers stay below 2^33 and the divisor is a constant"
)]
pub fn encode_bytes_without_check(bytes: &[u8]) -> Result<Vec<&'static str>, CodecError> {
    let (groups, rest) = bytes.as_chunks::<4>();
    if groups.is_empty() || !rest.is_empty() {
        return Err(CodecError::Length);
    }
    let indices = groups.iter().flat_map(|group| {
        let value = u64::from(u32::from_le_bytes(*group));
        let a = value % COUNT;
        let b = (value / COUNT + a) % COUNT;
        let c = (value / COUNT / COUNT + b) % COUNT;
        [a, b, c]
    });
    indices
        .map(|index| word_at(index).ok_or(CodecError::UnknownWord))
        .collect()
}

/// Reads words, the last of which is the check word. Spec: identity §3 (PHR-04, PHR-05, PHR-07).
///
/// # Errors
/// [`CodecError`]; unknown words before numbers too large before a wrong check word.
pub fn decode_words<W: AsRef<str>>(words: &[W]) -> Result<Zeroizing<Vec<u8>>, CodecError> {
    let Some((check, body)) = words.split_last() else {
        return Err(CodecError::Length);
    };
    let (groups, rest) = body.as_chunks::<3>();
    if groups.is_empty() || !rest.is_empty() {
        return Err(CodecError::Length);
    }
    if words.iter().any(|word| index_of(word.as_ref()).is_none()) {
        return Err(CodecError::UnknownWord);
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(groups.len().saturating_mul(4)));
    for [first, second, third] in groups {
        let indices = [first, second, third].map(|word| index_of(word.as_ref()));
        let [Some(a), Some(b), Some(c)] = indices else {
            return Err(CodecError::UnknownWord);
        };
        bytes.extend_from_slice(&number(a, b, c)?.to_le_bytes());
    }
    let expected = body.get(checksum_index(body)).ok_or(CodecError::Length)?;
    if prefix_of(expected.as_ref()) != prefix_of(check.as_ref()) {
        return Err(CodecError::Check);
    }
    Ok(bytes)
}

/// Index of the word that the check word repeats: CRC-32 (ISO-HDLC) of the first three letters of all words together,
/// modulo their number; zero for no words. Spec: identity §3 (PHR-04).
pub fn checksum_index<W: AsRef<str>>(words: &[W]) -> usize {
    let mut hasher = crc32fast::Hasher::new();
    for word in words {
        hasher.update(prefix_of(word.as_ref()).as_bytes());
    }
    usize::try_from(hasher.finalize())
        .ok()
        .and_then(|sum| sum.checked_rem(words.len()))
        .unwrap_or(0)
}

/// The number that three words stand for. Other clients keep the low 32 bits of a larger one; no encoder makes it, so
/// it is a slip and refused. Spec: identity §3 (PHR-07).
#[expect(
    clippy::arithmetic_side_effects,
    reason = "indices are below 1626, so that numbers stay below 2^33"
)]
fn number(a: u64, b: u64, c: u64) -> Result<u32, CodecError> {
    let value = a + COUNT * ((COUNT - a + b) % COUNT) + COUNT * COUNT * ((COUNT - b + c) % COUNT);
    u32::try_from(value).map_err(|_| CodecError::Overflow)
}
