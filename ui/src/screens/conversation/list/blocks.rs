//! The rows of the list in blocks, one for each page that was put before the others.
//!
//! A list by keys that grows at its beginning takes all rows out of the page and puts them back one by one: they lose the
//! focus, films stop, and everything is laid out again. A block that is put before others leaves those where they are.

use std::collections::HashMap;

use contract::MessageId;

/// Neighbouring rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Stays the same as long as a row stays in it; no other block has it.
    pub(super) key: u32,
    pub(super) ids: Vec<MessageId>,
}

/// The blocks of the rows `ids`: each row stays in its block, one that was not there goes with the row above it, and what
/// comes before all others makes a block.
pub(super) fn regroup(before: &[Block], ids: &[MessageId]) -> Vec<Block> {
    let known: HashMap<MessageId, u32> = before
        .iter()
        .flat_map(|block| block.ids.iter().map(|id| (*id, block.key)))
        .collect();
    let unused = before
        .iter()
        .map(|block| block.key)
        .max()
        .unwrap_or(0)
        .wrapping_add(1);
    let mut blocks: Vec<Block> = Vec::new();
    for id in ids {
        // A row that moved among those of another block goes with them.
        let begins = match known.get(id) {
            Some(key) => blocks.iter().all(|block| block.key != *key).then_some(*key),
            None => blocks.is_empty().then_some(unused),
        };
        match (begins, blocks.last_mut()) {
            (None, Some(last)) => last.ids.push(*id),
            (begins, _) => blocks.push(Block {
                key: begins.unwrap_or(unused),
                ids: vec![*id],
            }),
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn of(ids: impl IntoIterator<Item = i64>) -> Vec<MessageId> {
        ids.into_iter().map(MessageId).collect()
    }

    #[track_caller]
    fn grown(before: &[Block], ids: Vec<MessageId>) -> Vec<Block> {
        let blocks = regroup(before, &ids);
        let rows: Vec<_> = blocks.iter().flat_map(|block| block.ids.clone()).collect();
        assert_eq!(rows, ids, "the rows in their order");
        let keys: HashSet<_> = blocks.iter().map(|block| block.key).collect();
        assert_eq!(keys.len(), blocks.len(), "a key for each block");
        blocks
    }

    #[test]
    fn a_page_before_others_leaves_their_blocks_alone() {
        let first = grown(&[], of(50..100));
        let second = grown(&first, of(0..100));
        assert_eq!(second.len(), 2);
        assert_eq!(second.get(1..), Some(first.as_slice()));
        // The newest rows go, so that a further page fits.
        let third = grown(&second, of(-50..70));
        let lengths: Vec<_> = third.iter().map(|block| block.ids.len()).collect();
        assert_eq!(lengths, [50, 50, 20]);
        assert_eq!(third.get(1), second.first());
    }

    #[test]
    fn rows_after_and_among_others_join_them() {
        let first = grown(&[], of([10, 30]));
        let second = grown(&first, of([10, 20, 30, 40]));
        assert_eq!(second.len(), 1);
        assert_eq!(
            second.first().map(|block| block.key),
            first.first().map(|block| block.key)
        );
    }

    #[test]
    fn what_was_dropped_comes_back_in_a_block_of_its_own() {
        let all = grown(&[], of(0..100));
        let end = grown(&all, of(50..150));
        let again = grown(&end, of(0..150));
        assert_eq!(again.len(), 2);
        assert_eq!(again.get(1), end.first());
        assert!(grown(&again, Vec::new()).is_empty());
    }

    #[test]
    fn a_row_that_moves_to_another_block_goes_with_it() {
        let blocks = grown(&grown(&[], of(50..60)), of(40..60));
        grown(&blocks, of([40, 55, 41, 42, 50, 51]));
        grown(&blocks, of([41, 50, 40, 51]));
    }
}
