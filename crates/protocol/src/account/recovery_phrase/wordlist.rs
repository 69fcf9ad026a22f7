//! The English word list.

use std::sync::LazyLock;

/// Words in the list.
pub(super) const COUNT: u64 = 1626;

/// Letters of a word that count.
pub(super) const PREFIX_LETTERS: usize = 3;

static WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("english.txt").lines().collect());

/// The 1626 words in alphabetical order. No two begin with the same three letters. Spec: identity §3 (PHR-01).
pub fn words() -> &'static [&'static str] {
    &WORDS
}

/// The word at an index below 1626.
pub fn word_at(index: u64) -> Option<&'static str> {
    usize::try_from(index)
        .ok()
        .and_then(|index| WORDS.get(index).copied())
}

/// The list word with the same first three letters. Spec: identity §3 (PHR-05).
pub fn find_word(typed: &str) -> Option<&'static str> {
    index_of(typed).and_then(word_at)
}

/// The index of the list word with the same first three letters.
pub(super) fn index_of(typed: &str) -> Option<u64> {
    let prefix = prefix_of(typed);
    if prefix.chars().count() < PREFIX_LETTERS {
        return None;
    }
    let index = WORDS.partition_point(|word| prefix_of(word) < prefix);
    let word = WORDS.get(index)?;
    (prefix_of(word) == prefix)
        .then_some(index)
        .and_then(|index| u64::try_from(index).ok())
}

/// The letters of a word that count.
pub(super) fn prefix_of(word: &str) -> &str {
    let end = word
        .char_indices()
        .nth(PREFIX_LETTERS)
        .map_or(word.len(), |(end, _)| end);
    word.get(..end).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phr_01_the_list_is_sorted_and_its_prefixes_are_unique() {
        assert_eq!(words().len() as u64, COUNT);
        assert!(
            words()
                .windows(2)
                .all(|pair| prefix_of(pair[0]) < prefix_of(pair[1]))
        );
        assert!(
            words()
                .iter()
                .all(|word| word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        );
    }

    #[test]
    fn phr_05_every_word_is_found_by_its_first_three_letters() {
        for (index, word) in words().iter().enumerate() {
            assert_eq!(index_of(&word[..3]), Some(index as u64));
            assert_eq!(index_of(&format!("{}zzz", &word[..3])), Some(index as u64));
            assert_eq!(index_of(&word[..2]), None);
        }
        assert_eq!(index_of("zzz"), None);
        assert_eq!(index_of(""), None);
        assert_eq!(index_of("äöü"), None);
    }
}
