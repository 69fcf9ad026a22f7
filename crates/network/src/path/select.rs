//! Choosing the relays of a path at random, within the rules. Spec: network §4 (NET-13, NET-14)

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::collections::BTreeSet;
use std::net::IpAddr;

use rand_core::Rng;

use super::HOPS;
use crate::relay_pool::{PoolRelay, sample};

/// What a path should be like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    /// Entry relays to prefer, best first.
    pub(crate) guards: Vec<[u8; 32]>,
    /// Never on the path: the destination.
    pub(crate) never: Vec<[u8; 32]>,
    /// Not on the path if it can be helped: relays of other paths, those that just failed.
    pub(crate) rather_not: BTreeSet<[u8; 32]>,
    /// Networks that are taken by other paths.
    pub(crate) taken: BTreeSet<[u8; 6]>,
    /// Whether relays must stand in different networks.
    pub(crate) diverse: bool,
}

/// Chooses three relays; `None` if the pool cannot meet the wish.
pub(crate) fn select(rng: &mut impl Rng, pool: &[&PoolRelay], wish: &Wish) -> Option<[PoolRelay; HOPS]> {
    let shuffled = sample(rng, pool.to_vec(), pool.len());
    let (good, poor): (Vec<&PoolRelay>, Vec<&PoolRelay>) = shuffled
        .into_iter()
        .filter(|relay| !wish.never.contains(&relay.key()))
        .partition(|relay| !wish.rather_not.contains(&relay.key()));
    let preferred = wish
        .guards
        .iter()
        .filter_map(|key| good.iter().find(|relay| relay.key() == *key));
    let mut networks = wish.taken.clone();
    let mut chosen: Vec<&PoolRelay> = Vec::with_capacity(HOPS);
    let order: Vec<&PoolRelay> = preferred.take(1).chain(&good).chain(&poor).copied().collect();
    for relay in order {
        if chosen.len() == HOPS {
            break;
        }
        let known = chosen.iter().any(|other| other.key() == relay.key());
        let fits = !wish.diverse || !networks.contains(&network(relay));
        if !known && fits {
            networks.insert(network(relay));
            chosen.push(relay);
        }
    }
    let chosen: [&PoolRelay; HOPS] = chosen.try_into().ok()?;
    Some(chosen.map(PoolRelay::clone))
}

/// What two relays may not share: the /24 of an IPv4 address, the /48 of an IPv6 address.
pub(crate) fn network(relay: &PoolRelay) -> [u8; 6] {
    match relay.address.ip() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            [0, 0, 0, a, b, c]
        }
        IpAddr::V6(ip) => {
            let [a, b, c, d, e, f, ..] = ip.octets();
            [a, b, c, d, e, f]
        }
    }
}

impl Wish {
    /// Keeps the relays of a path, and where wished their networks, from being chosen again.
    pub(crate) fn apart_from(&mut self, relays: &[PoolRelay]) {
        self.rather_not.extend(relays.iter().map(PoolRelay::key));
        self.taken.extend(relays.iter().map(network));
    }
}
