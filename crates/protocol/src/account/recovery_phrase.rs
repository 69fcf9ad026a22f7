//! The recovery phrase: the seed as 13 words that a person can write down.
//!
//! Twelve words carry the 16 bytes of the seed; the thirteenth repeats one of them, chosen by a checksum, so that most
//! slips are noticed (about one in twelve is not: show the Account ID before anything is written). Only the first three
//! letters of a word count. Very old accounts have 24 words and a check word. Spec: identity §3 (PHR-01 to PHR-09).

mod codec;
mod guess;
mod wordlist;

pub use codec::{CodecError, checksum_index, decode_words, encode_bytes, encode_bytes_without_check};
pub use wordlist::{find_word, word_at, words};
use zeroize::Zeroizing;

use super::Seed;

/// Words of a phrase for a 16-byte seed.
pub const WORDS: usize = 13;
/// Words of a phrase for the 32-byte seed of a very old account.
pub const LEGACY_WORDS: usize = 25;

/// What is wrong with a phrase that somebody typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhraseError {
    /// There are fewer than 13 words, or none.
    #[error("a recovery phrase has 13 words, not {0}")]
    TooShort(usize),
    /// There are more than 13 words, and not the 25 of a very old account.
    #[error("a recovery phrase has 13 words, not {0}")]
    TooLong(usize),
    /// A word is not in the list.
    #[error("a word is not in the list")]
    UnknownWord {
        /// The word as typed, in lower case, at most 24 characters of it.
        word: String,
        /// The most similar word of the list.
        guess: &'static str,
    },
    /// All words are known, but the last one is not the check word of the others.
    #[error("the check word does not match")]
    Check,
    /// Three words stand for a number that no encoder makes.
    #[error("three words do not form a number")]
    Overflow,
    /// It is an Account ID, or hex as long as one.
    #[error("this is an account id")]
    IsAccountId,
}

/// Writes a seed as words: 13, or 25 for a legacy seed. Spec: identity §3 (PHR-03, PHR-04).
pub fn encode(seed: &Seed) -> Vec<&'static str> {
    // A seed's length is a multiple of four, which is all that the codec asks for.
    encode_bytes(seed.expose_secret()).unwrap_or_default()
}

/// Reads what somebody typed or scanned: words with anything but letters between them in any letter case, or the seed
/// as 32 or 64 hex digits. Spec: identity §3 (PHR-05 to PHR-09).
///
/// # Errors
/// The first of these that applies: [`PhraseError::IsAccountId`], `TooShort`, `UnknownWord`, `TooLong`, then
/// `Overflow` and `Check`.
pub fn decode(typed: &str) -> Result<Seed, PhraseError> {
    if looks_like_account_id(typed) {
        return Err(PhraseError::IsAccountId);
    }
    if let Ok(seed) = Seed::from_hex(typed.trim()) {
        return Ok(seed);
    }
    let words = split(typed);
    if words.len() < WORDS {
        return Err(PhraseError::TooShort(words.len()));
    }
    if words.len() > LEGACY_WORDS {
        return Err(unknown_among(&words).unwrap_or(PhraseError::TooLong(words.len())));
    }
    if let Some(unknown) = unknown_among(&words) {
        return Err(unknown);
    }
    if words.len() != WORDS && words.len() != LEGACY_WORDS {
        return Err(PhraseError::TooLong(words.len()));
    }
    let bytes = decode_words(&words).map_err(|error| match error {
        CodecError::Overflow => PhraseError::Overflow,
        _ => PhraseError::Check,
    })?;
    Seed::from_bytes(&bytes).map_err(|_| PhraseError::TooLong(words.len()))
}

/// The words of a text as [`decode`] sees them, each with the list word that it stands for. At most 100 are looked at.
pub fn typed_words(typed: &str) -> Vec<(Zeroizing<String>, Option<&'static str>)> {
    split(typed)
        .into_iter()
        .map(|word| (Zeroizing::new(word.to_string()), find_word(&word)))
        .collect()
}

/// Splits at everything that is not a letter and lowers the case. Spec: identity §3 (PHR-06).
fn split(typed: &str) -> Vec<Zeroizing<String>> {
    const WORDS_LOOKED_AT: usize = 100;
    typed
        .split(|character: char| !character.is_alphabetic())
        .filter(|word| !word.is_empty())
        .take(WORDS_LOOKED_AT)
        .map(|word| Zeroizing::new(word.to_lowercase()))
        .collect()
}

fn unknown_among(words: &[Zeroizing<String>]) -> Option<PhraseError> {
    const SHOWN_CHARACTERS: usize = 24;
    let unknown = words.iter().find(|word| find_word(word).is_none())?;
    let word: String = unknown.chars().take(SHOWN_CHARACTERS).collect();
    let guess = guess::most_similar(&word);
    Some(PhraseError::UnknownWord { word, guess })
}

/// Hex of 66 digits or more may be an Account ID and is never taken for a seed. Spec: identity §3 (PHR-08).
fn looks_like_account_id(typed: &str) -> bool {
    let mut digits = 0_usize;
    let mut decimal = false;
    for character in typed.chars().filter(|character| !character.is_whitespace()) {
        if !character.is_ascii_hexdigit() {
            return false;
        }
        decimal |= character.is_ascii_digit();
        digits = digits.saturating_add(1);
    }
    digits >= 66 && decimal
}

#[cfg(test)]
#[path = "recovery_phrase/recovery_phrase_tests.rs"]
mod tests;
