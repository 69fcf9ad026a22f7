//! Which swarm keeps an account's messages.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::AccountId;

/// A swarm's place on the ring of 64-bit numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SwarmId(pub u64);

impl SwarmId {
    /// What a node that is in no swarm reports. SWM-02.
    pub const NONE: Self = Self(u64::MAX);

    /// The largest number a swarm can have.
    const MAX: u64 = u64::MAX - 1;

    /// Parses lower- or upper-case hex as `get_swarm` answers it, at most 16 digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        // The parser of the standard library would also take a sign.
        if text.len() > 16 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u64::from_str_radix(text, 16).ok().map(Self)
    }
}

/// Lower-case hex without leading zeros, as `get_swarm` answers it. SWM-05.
impl fmt::Display for SwarmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

/// The account's place on the ring: the exclusive or of the four big-endian 64-bit words of its key (32 bytes, without
/// the prefix). Spec: storage §6 (SWM-01).
pub fn position(account: &AccountId) -> u64 {
    let (words, _) = account.key().as_chunks::<8>();
    words
        .iter()
        .fold(0, |position, word| position ^ u64::from_be_bytes(*word))
}

/// The swarm that keeps the account's messages: the nearest on the ring, the lower one (counting around) on a tie.
///
/// `swarms` in any order, with repetitions; [`SwarmId::NONE`] is passed over. `None` when no swarm is left.
/// Spec: storage §6 (SWM-02, SWM-03).
pub fn choose(swarms: &[SwarmId], account: &AccountId) -> Option<SwarmId> {
    let position = position(account);
    let assigned = || swarms.iter().copied().filter(|swarm| *swarm != SwarmId::NONE);
    // Clockwise distances: the right neighbour has the smallest from the account, the left one the smallest to it.
    let right = assigned().min_by_key(|swarm| swarm.0.wrapping_sub(position))?;
    let left = assigned()
        .filter(|swarm| *swarm != right)
        .min_by_key(|swarm| position.wrapping_sub(swarm.0));
    let Some(left) = left else { return Some(right) };
    if right.0.wrapping_sub(position) < position.wrapping_sub(left.0) {
        Some(right)
    } else {
        Some(left)
    }
}

/// Where a further swarm goes: the middle of the largest gap, the first one on ties.
///
/// The ring of this rule has 2^64-1 places, from 0 to 2^64-2. The first swarm is 0; beside a single swarm the next one
/// is always at half of the largest place, wherever the single one is. Spec: storage §6 (SWM-04).
pub fn next_swarm_id(existing: &[SwarmId]) -> SwarmId {
    let mut ids: Vec<u64> = existing.iter().map(|swarm| swarm.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
        return SwarmId(0);
    };
    if ids.len() == 1 {
        return SwarmId(SwarmId::MAX / 2);
    }
    let wrap = SwarmId::MAX
        .saturating_sub(*last)
        .saturating_add(*first)
        .saturating_add(1);
    let inner = ids
        .iter()
        .zip(ids.iter().skip(1))
        .map(|(left, right)| (*left, right.saturating_sub(*left)));
    let (start, gap) = inner
        .chain([(*last, wrap)])
        .fold((0, 0), |best, gap| if gap.1 > best.1 { gap } else { best });
    let step = gap / 2;
    let to_end = SwarmId::MAX.saturating_sub(start);
    if step > to_end {
        return SwarmId(step.saturating_sub(to_end).saturating_sub(1));
    }
    SwarmId(start.saturating_add(step))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(position: u64) -> AccountId {
        let mut bytes = [0; 33];
        bytes[0] = 5;
        bytes[25..].copy_from_slice(&position.to_be_bytes());
        AccountId::from_bytes(bytes)
    }

    fn ids(ids: &[u64]) -> Vec<SwarmId> {
        ids.iter().copied().map(SwarmId).collect()
    }

    #[test]
    fn swm_03_the_nearest_swarm_wins_and_ties_go_left() {
        let swarms = ids(&[300, 100, 200]);
        assert_eq!(choose(&swarms, &at(149)), Some(SwarmId(100)));
        assert_eq!(choose(&swarms, &at(150)), Some(SwarmId(100)));
        assert_eq!(choose(&swarms, &at(151)), Some(SwarmId(200)));
        assert_eq!(choose(&swarms, &at(200)), Some(SwarmId(200)));
        // Half-way around the ring between 300 and 100.
        assert_eq!(choose(&swarms, &at(u64::MAX)), Some(SwarmId(100)));
        assert_eq!(choose(&swarms, &at(1 << 63)), Some(SwarmId(300)));
    }

    #[test]
    fn swm_02_nodes_without_a_swarm_do_not_count() {
        assert_eq!(choose(&[], &at(1)), None);
        assert_eq!(choose(&[SwarmId::NONE], &at(1)), None);
        assert_eq!(
            choose(&[SwarmId::NONE, SwarmId(7)], &at(u64::MAX)),
            Some(SwarmId(7))
        );
    }

    #[test]
    fn swm_05_hex_has_no_sign_and_no_excess() {
        assert_eq!(
            SwarmId::from_hex("123456789abcdef").unwrap().to_string(),
            "123456789abcdef"
        );
        assert_eq!(SwarmId::from_hex("+1"), None);
        assert_eq!(SwarmId::from_hex("10000000000000000"), None);
        assert_eq!(SwarmId::from_hex(""), None);
    }

    #[test]
    fn swm_04_the_largest_gap_may_wrap() {
        assert_eq!(next_swarm_id(&ids(&[0, 1 << 63])), SwarmId(1 << 62));
        let near_the_end = ids(&[u64::MAX - 11, u64::MAX - 1]);
        assert_eq!(next_swarm_id(&near_the_end), SwarmId((1 << 63) - 7));
    }

    proptest! {
        #[test]
        fn swm_03_the_choice_has_the_least_distance(raw in proptest::collection::vec(0..u64::MAX, 1..20), p: u64) {
            let chosen = choose(&ids(&raw), &at(p)).unwrap();
            let distance = |id: u64| id.wrapping_sub(p).min(p.wrapping_sub(id));
            prop_assert_eq!(distance(chosen.0), raw.iter().map(|id| distance(*id)).min().unwrap());
        }

        #[test]
        fn swm_04_a_new_id_is_free(raw in proptest::collection::vec(0..u64::MAX, 0..20)) {
            let next = next_swarm_id(&ids(&raw));
            prop_assert!(next != SwarmId::NONE);
            if raw.len() != 1 {
                prop_assert!(!raw.contains(&next.0));
            }
        }
    }
}
