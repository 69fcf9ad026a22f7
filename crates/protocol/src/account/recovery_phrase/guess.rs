//! The list word that somebody most likely meant.

use super::wordlist::words;

/// The list word with the fewest edits to `typed`; among equals the one that shares the longest beginning, then the
/// first of the alphabet.
pub(super) fn most_similar(typed: &str) -> &'static str {
    let typed: Vec<char> = typed.chars().collect();
    words()
        .iter()
        .copied()
        .min_by_key(|word| {
            let word: Vec<char> = word.chars().collect();
            let shared = typed
                .iter()
                .zip(&word)
                .take_while(|(left, right)| left == right)
                .count();
            (edits(&typed, &word), std::cmp::Reverse(shared))
        })
        .unwrap_or_default()
}

/// Letters to insert, remove, replace or swap with their neighbour to turn one word into the other.
fn edits(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    let mut previous_left = None;
    for (row, letter) in left.iter().enumerate() {
        let mut current = vec![row.saturating_add(1)];
        let mut previous_right = None;
        for (column, other) in right.iter().enumerate() {
            let at = |cells: &[usize], index: usize| cells.get(index).copied().unwrap_or(usize::MAX);
            let replaced = at(&above, column).saturating_add(usize::from(letter != other));
            let removed = at(&above, column.saturating_add(1)).saturating_add(1);
            let inserted = at(&current, column).saturating_add(1);
            let mut best = replaced.min(removed).min(inserted);
            if previous_left == Some(other) && previous_right == Some(letter) {
                best = best.min(at(&before, column.saturating_sub(1)).saturating_add(1));
            }
            current.push(best);
            previous_right = Some(other);
        }
        previous_left = Some(letter);
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_are_the_nearest_words() {
        for (typed, meant) in [
            ("vxeed", "vexed"),
            ("bufet", "buffet"),
            ("pyhton", "python"),
            ("xoom", "zoom"),
        ] {
            assert_eq!(most_similar(typed), meant);
        }
        assert!(!most_similar("").is_empty());
    }

    #[test]
    fn edits_count_single_letters() {
        let count = |left: &str, right: &str| {
            edits(
                &left.chars().collect::<Vec<_>>(),
                &right.chars().collect::<Vec<_>>(),
            )
        };
        assert_eq!((count("", ""), count("abc", ""), count("", "abc")), (0, 3, 3));
        assert_eq!(
            (
                count("abc", "abc"),
                count("acb", "abc"),
                count("abc", "adc"),
                count("abc", "xabcx")
            ),
            (0, 1, 1, 2)
        );
    }
}
