//! A list that one node alone cannot forge.

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::collections::BTreeMap;

use super::PoolRelay;

/// How many of the answers must name a relay alike.
const NEEDED: usize = 2;

/// The relays that at least two answers name with the same keys and address. Spec: network §2 (NET-06)
///
/// A relay's swarm is that of the last answer that names it, as swarms change with every block.
pub(crate) fn agreed(answers: &[Vec<PoolRelay>]) -> Vec<PoolRelay> {
    let mut votes: BTreeMap<_, (usize, &PoolRelay)> = BTreeMap::new();
    for answer in answers {
        let distinct: BTreeMap<_, _> = answer.iter().map(|relay| (relay.key(), relay)).collect();
        for relay in distinct.into_values() {
            let identity = (relay.hop.ed25519, relay.hop.x25519, relay.address);
            let (count, last) = votes.entry(identity).or_insert((0, relay));
            *count = count.saturating_add(1);
            *last = relay;
        }
    }
    votes
        .into_values()
        .filter(|(count, _)| *count >= NEEDED)
        .map(|(_, relay)| relay.clone())
        .collect()
}
