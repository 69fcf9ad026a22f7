//! Configs that are too large for one message travel in parts.
//!
//! ```text
//! part = "m" || l 32:<hash of the whole> 1:<index> 1:<count> <chunk> e
//! ```
//!
//! Each part is encrypted by itself, neither padded nor wrapped; the whole is the padded text. Parts may come in any order
//! and at different times; they are kept for a week. Spec: config §7 (CFG-33 to CFG-36)

use std::collections::BTreeMap;

use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};

use super::MAX_MESSAGE_LEN_BYTES;
use super::encryption::OVERHEAD;
use crate::TimestampMs;
use crate::bencode::{self, Value, encode_bytes};
use crate::storage::MessageHash;

/// What marks a part.
pub(super) const MARK: u8 = b'm';

/// `m`, `l`, the hash with its length, index, count, the chunk's length and `e`.
const FRAME: usize = 50;

const CHUNK: usize = MAX_MESSAGE_LEN_BYTES - OVERHEAD - FRAME;

/// How long parts wait for the others.
const WAIT_MS: i64 = 7 * 24 * 3_600_000;

/// How long a whole that is known is remembered, so that its parts are not gathered again.
const REMEMBER_MS: i64 = 14 * 24 * 3_600_000;

/// Most sets that are gathered at once, and bytes in all; a device pushes one whole at a time.
const MAX_SETS: usize = 16;
/// Most wholes that are remembered; a part of one that was forgotten is gathered again, and comes to nothing new.
const MAX_KNOWN: usize = 256;
const MAX_LEN_BYTES: usize = 20_000_000;

/// Parts that came without the others, and wholes that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts(pub(super) BTreeMap<[u8; 32], PartSet>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PartSet {
    /// Zero once the whole is known.
    pub(super) count: u8,
    pub(super) expires_at: TimestampMs,
    pub(super) parts: BTreeMap<u8, Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) storage_hash: MessageHash,
    pub(super) chunk: Vec<u8>,
}

/// What a part did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It contradicts the others, or is none.
    Refused,
    /// It waits for others.
    Kept,
    /// It came before, or its whole is known.
    Known,
    /// The whole is there: its padded text, and the storage hashes of all parts.
    Whole(Vec<u8>, Vec<MessageHash>),
}

/// Splits a padded text into the plain text of parts; `None` when it would take more than 255.
pub(super) fn split(whole: &[u8]) -> Option<(Vec<Vec<u8>>, [u8; 32])> {
    let hash: [u8; 32] = Blake2b::<U32>::digest(whole).into();
    let count = u8::try_from(whole.len().div_ceil(CHUNK)).ok()?;
    let parts = (0..count).zip(whole.chunks(CHUNK)).map(|(index, chunk)| {
        let mut part = vec![MARK, b'l'];
        encode_bytes(&hash, &mut part);
        encode_bytes(&[index], &mut part);
        encode_bytes(&[count], &mut part);
        encode_bytes(chunk, &mut part);
        part.push(b'e');
        // Other clients leave room for five digits of length, and zeros where fewer were written.
        part.resize(part.len().max(chunk.len().saturating_add(FRAME)), 0);
        part
    });
    Some((parts.collect(), hash))
}

impl Parts {
    /// Takes one part, decrypted, that a swarm stores as `storage_hash`.
    pub(super) fn take(&mut self, text: &[u8], storage_hash: &MessageHash, now: TimestampMs) -> Taken {
        let Some((hash, index, count, chunk)) = parse(text) else {
            return Taken::Refused;
        };
        let gathered = self.0.values().filter(|set| set.count != 0).count();
        let room = gathered < MAX_SETS && self.len_bytes().saturating_add(chunk.len()) <= MAX_LEN_BYTES;
        let expires_at = TimestampMs(now.0.saturating_add(WAIT_MS));
        let set = match self.0.entry(hash) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) if room => entry.insert(PartSet {
                count,
                expires_at,
                parts: BTreeMap::new(),
            }),
            std::collections::btree_map::Entry::Vacant(_) => return Taken::Refused,
        };
        if set.count == 0 || set.parts.contains_key(&index) {
            return Taken::Known;
        }
        if set.count != count {
            return Taken::Refused;
        }
        set.expires_at = expires_at;
        let part = Part {
            storage_hash: *storage_hash,
            chunk,
        };
        set.parts.insert(index, part);
        if set.parts.len() < usize::from(count) {
            return Taken::Kept;
        }
        let chunks: Vec<_> = set.parts.values().map(|part| part.chunk.as_slice()).collect();
        let whole = chunks.concat();
        let hashes = set.parts.values().map(|part| part.storage_hash).collect();
        self.0.remove(&hash);
        if <[u8; 32]>::from(Blake2b::<U32>::digest(&whole)) != hash {
            return Taken::Refused;
        }
        self.remember(hash, now);
        Taken::Whole(whole, hashes)
    }

    /// Notes that a whole is known: it was gathered, or is our own.
    pub(super) fn remember(&mut self, hash: [u8; 32], now: TimestampMs) {
        let done = PartSet {
            count: 0,
            expires_at: TimestampMs(now.0.saturating_add(REMEMBER_MS)),
            parts: BTreeMap::new(),
        };
        self.0.insert(hash, done);
        let known = || self.0.iter().filter(|(_, set)| set.count == 0);
        if known().count() > MAX_KNOWN {
            let oldest = known()
                .min_by_key(|(_, set)| set.expires_at)
                .map(|(hash, _)| *hash);
            oldest.and_then(|oldest| self.0.remove(&oldest));
        }
    }

    /// Storage hashes of parts that wait for others.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &MessageHash> {
        self.0
            .values()
            .flat_map(|set| set.parts.values().map(|part| &part.storage_hash))
    }

    /// Lets go of what waited for too long. Returns whether there was any.
    pub(super) fn forget(&mut self, now: TimestampMs) -> bool {
        let before = self.0.len();
        self.0.retain(|_, set| set.expires_at > now);
        self.0.len() != before
    }

    fn len_bytes(&self) -> usize {
        self.0
            .values()
            .flat_map(|set| set.parts.values().map(|part| part.chunk.len()))
            .fold(0, usize::saturating_add)
    }
}

/// `(hash, index, count, chunk)`; zeros after the list are not looked at.
fn parse(text: &[u8]) -> Option<([u8; 32], u8, u8, Vec<u8>)> {
    let list = text.strip_prefix(&[MARK])?;
    let end = list.iter().rposition(|byte| *byte != 0)?;
    let parsed = bencode::parse(list.get(..=end)?, super::revision::LIMITS).ok()?;
    let [hash, index, count, chunk] = parsed.as_list()? else {
        return None;
    };
    let [index] = index.as_array::<1>()?;
    let [count] = count.as_array::<1>()?;
    let Value::Bytes(chunk) = chunk else {
        return None;
    };
    (index < count && count >= 2 && !chunk.is_empty())
        .then(|| Some((hash.as_array()?, index, count, chunk.to_vec())))?
}

#[cfg(test)]
#[path = "parts_tests.rs"]
mod tests;
