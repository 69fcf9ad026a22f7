//! Which messages are certainly not in the tables.
//!
//! Almost every message is like no other, and to look for its hash in the tables costs more than to write it down. One bit
//! for each hash, placed by the hash, spares most looks: where it is clear, the message is not there. Where it is set,
//! the tables have to be asked, as another hash may have the same place, and a message that is gone leaves its bit set
//! until the database is opened again.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::atomic::{AtomicU64, Ordering};

use protocol::storage::MessageHash;
use rusqlite::Connection;

use super::{DatabaseError, hash};

/// 1 MiB of bits: of a million messages' bits, one new message in nine finds its own set.
const BITS: u64 = 8 * 1024 * 1024;

/// A bit for each message of the tables.
#[derive(Debug)]
pub(super) struct Known {
    words: Box<[AtomicU64]>,
}

impl Known {
    /// Reads what the tables have.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub(super) fn of_tables(connection: &Connection) -> Result<Self, DatabaseError> {
        let words = (0..BITS / 64).map(|_| AtomicU64::new(0)).collect();
        let known = Self { words };
        let mut statement = connection.prepare("SELECT hash FROM messages")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            known.add(&hash(row, 0)?);
        }
        Ok(known)
    }

    /// A message goes into the tables. Told before it is there, so that nobody overlooks it.
    pub(super) fn add(&self, hash: &MessageHash) {
        let (word, bit) = self.place(hash);
        if let Some(word) = word {
            word.fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// Whether the tables may have a message.
    pub(super) fn may_have(&self, hash: &MessageHash) -> bool {
        let (word, bit) = self.place(hash);
        word.is_none_or(|word| word.load(Ordering::Relaxed) & bit != 0)
    }

    fn place(&self, hash: &MessageHash) -> (Option<&AtomicU64>, u64) {
        let place = BuildHasherDefault::<DefaultHasher>::default().hash_one(hash) % BITS;
        let word = usize::try_from(place / 64).ok();
        (word.and_then(|word| self.words.get(word)), 1 << (place % 64))
    }
}

#[cfg(test)]
mod tests {
    use protocol::account::AccountId;
    use protocol::storage::{Namespace, compute_hash};

    use super::*;

    #[test]
    fn a_message_that_was_added_is_never_missed_and_others_seldom_looked_for() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("../schema.sql")).unwrap();
        let known = Known::of_tables(&connection).unwrap();
        let hashes = |from: u32| {
            (from..from + 10_000).map(|number| {
                compute_hash(
                    AccountId::from_bytes([5; 33]),
                    Namespace(0),
                    &number.to_be_bytes(),
                )
            })
        };
        for hash in hashes(0) {
            known.add(&hash);
        }
        assert!(hashes(0).all(|hash| known.may_have(&hash)));
        let in_vain = hashes(10_000).filter(|hash| known.may_have(hash)).count();
        assert!(in_vain < 100, "{in_vain} of 10,000");
    }
}
