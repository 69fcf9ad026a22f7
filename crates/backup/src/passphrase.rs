//! The passphrase of a backup.

use protocol::account::recovery_phrase;
use rand_core::CryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Words of a passphrase that the app makes: 1626 to the sixth power is a little more than 2 to the 64th.
pub const WORDS: usize = 6;

/// What opens a backup, in its one form: in lower case, one blank between words, none around them. Erased when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Passphrase(String);

impl Passphrase {
    /// Takes what somebody typed; letter case and blanks do not matter. `None` when nothing is left.
    pub fn parse(typed: &str) -> Option<Self> {
        // Room for all of it from the start: a text that grows leaves copies behind.
        let mut kept = Zeroizing::new(String::with_capacity(typed.len().saturating_mul(3)));
        for word in typed.split_whitespace() {
            if !kept.is_empty() {
                kept.push(' ');
            }
            kept.extend(word.chars().flat_map(char::to_lowercase));
        }
        (!kept.is_empty()).then(|| Self(std::mem::take(&mut *kept)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(redacted)")
    }
}

/// Draws six words of the list of recovery phrases, each as likely as any other.
pub fn generate(rng: &mut impl CryptoRng) -> [&'static str; WORDS] {
    let words = recovery_phrase::words();
    std::array::from_fn(|_| {
        let bound = u16::try_from(words.len()).unwrap_or(u16::MAX);
        // What lies beyond the last whole multiple would make some words likelier.
        let fair = u16::MAX.saturating_sub(u16::MAX.checked_rem(bound).unwrap_or(0));
        loop {
            let mut drawn = [0; 2];
            rng.fill_bytes(&mut drawn);
            let drawn = u16::from_le_bytes(drawn);
            let index = drawn.checked_rem(bound).map(usize::from);
            if let (true, Some(word)) = (drawn < fair, index.and_then(|index| words.get(index))) {
                return *word;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn letter_case_and_blanks_do_not_matter() {
        let plain = Passphrase::parse("abbey zoom amount fading tossed vector").unwrap();
        let typed = Passphrase::parse("  Abbey\tZOOM  amount\nfading tossed vector\n").unwrap();
        assert_eq!(plain, typed);
        assert_eq!(plain.as_bytes(), b"abbey zoom amount fading tossed vector");
        assert_ne!(
            plain,
            Passphrase::parse("abbeyzoom amount fading tossed vector").unwrap()
        );
        assert_eq!(Passphrase::parse(" \n"), None);
    }

    #[test]
    fn generated_words_are_of_the_list_and_reach_all_of_it() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let drawn: BTreeSet<_> = (0..4_000).flat_map(|_| generate(&mut rng)).collect();
        let list: BTreeSet<_> = recovery_phrase::words().iter().copied().collect();
        assert_eq!(drawn, list);
        assert!((list.len() as f64).log2() * WORDS as f64 >= 64.0);
    }

    #[test]
    fn a_passphrase_is_not_seen_in_logs() {
        assert_eq!(
            format!("{:?}", Passphrase::parse("abbey").unwrap()),
            "Passphrase(redacted)"
        );
    }
}
