//! The relays known, and how far each is to be trusted to work.
//!
//! Owns: the list, strikes, random choice, what is kept over a restart. Never asks anybody; lists come from outside and
//! replace the pool only when they are long enough.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use protocol::TimestampMs;
use protocol::onion::{Hop, is_public_address};
use protocol::storage::SwarmId;
use rand_core::Rng;
use serde::{Deserialize, Serialize};

use crate::profile::{NetworkProfile, Relay};

mod agreement;
mod answers;
mod strikes;

pub(crate) use agreement::agreed;
pub(crate) use answers::{parse_binary_list, parse_node_states};

use strikes::{SavedStrikes, Strikes};

/// For how long others are preferred on a path to a relay that failed.
pub(crate) const DOUBT: Duration = Duration::from_secs(600);
/// The same for a swarm's members; shorter, as each of them may hold what others missed.
pub(crate) const MEMBER_DOUBT: Duration = Duration::from_secs(60);
/// A list this old is fetched anew. Spec: network §2 (NET-05)
const MAX_AGE: Duration = Duration::from_secs(2 * 3600);
/// More relays than any network has; a longer list is cut.
const MOST_RELAYS: usize = 20_000;

/// A relay that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PoolRelay {
    pub(crate) hop: Hop,
    pub(crate) address: SocketAddr,
    pub(crate) swarm: Option<SwarmId>,
}

impl PoolRelay {
    pub(crate) fn key(&self) -> [u8; 32] {
        self.hop.ed25519
    }

    /// A record of a profile or a saved pool; `None` if it cannot be connected to or has an unusable key.
    pub(crate) fn from_record(record: &Relay) -> Option<Self> {
        let usable = !record.ip.is_unspecified() && record.https_port != 0 && !is_broadcast(record);
        let address = SocketAddr::new(record.ip, record.https_port);
        usable.then_some(Self {
            hop: record.hop()?,
            address,
            swarm: record.swarm,
        })
    }

    pub(crate) fn to_record(&self) -> Relay {
        Relay {
            ed25519: self.hop.ed25519,
            x25519: Some(self.hop.x25519),
            ip: self.address.ip(),
            https_port: self.address.port(),
            quic_port: None,
            swarm: self.swarm,
        }
    }
}

fn is_broadcast(record: &Relay) -> bool {
    matches!(record.ip, std::net::IpAddr::V4(ip) if ip.is_broadcast())
}

/// All relays known.
#[derive(Debug, Default)]
pub(crate) struct RelayPool {
    relays: BTreeMap<[u8; 32], PoolRelay>,
    /// When a whole list was last taken; `None` while there are only the profile's relays.
    fetched_at: Option<TimestampMs>,
    strikes: Strikes,
    min_relays: usize,
    private_addresses: bool,
}

/// The pool as it is kept over a restart.
#[derive(Serialize, Deserialize)]
struct Saved {
    network: String,
    fetched_at_ms: TimestampMs,
    relays: Vec<Relay>,
    /// Absent in caches of older versions, whose strikes are forgotten.
    #[serde(default)]
    failures: Vec<SavedStrikes>,
}

impl RelayPool {
    /// The relays that a profile names.
    pub(crate) fn from_profile(profile: &NetworkProfile) -> Self {
        let relays = profile.relays.iter().filter_map(PoolRelay::from_record);
        Self {
            relays: relays.map(|relay| (relay.key(), relay)).collect(),
            min_relays: profile.min_relays,
            private_addresses: profile.private_addresses,
            ..Self::default()
        }
    }

    /// Whether a relay that somebody names stands where this network's relays may stand: a list must not have this device
    /// connect to what is around it. Spec: network §2 (NET-08)
    pub(crate) fn accepts(&self, relay: &PoolRelay) -> bool {
        self.private_addresses || is_public_address(relay.address.ip())
    }

    /// A saved pool of the same network; what cannot be read is as if it had never been saved.
    pub(crate) fn restore(&mut self, saved: &[u8], network: &str) {
        let Ok(saved) = serde_json::from_slice::<Saved>(saved) else {
            return;
        };
        let relays: Vec<PoolRelay> = saved.relays.iter().filter_map(PoolRelay::from_record).collect();
        if saved.network == network && self.replace(relays, saved.fetched_at_ms) {
            self.strikes = Strikes::restore(saved.failures);
            let relays = &self.relays;
            self.strikes.retain(|relay| relays.contains_key(relay));
        }
    }

    /// What to save; `None` while there is nothing beyond the profile.
    pub(crate) fn to_save(&self, network: &str) -> Option<Vec<u8>> {
        let saved = Saved {
            network: network.to_owned(),
            fetched_at_ms: self.fetched_at?,
            relays: self.relays.values().map(PoolRelay::to_record).collect(),
            failures: self.strikes.to_save(),
        };
        serde_json::to_vec(&saved).ok()
    }

    /// Takes a whole list; refuses one that is shorter than the profile allows. Spec: network §2 (NET-06)
    pub(crate) fn replace(&mut self, list: Vec<PoolRelay>, fetched_at: TimestampMs) -> bool {
        let relays: BTreeMap<_, _> = list
            .into_iter()
            .filter(|relay| self.accepts(relay))
            .take(MOST_RELAYS)
            .map(|relay| (relay.key(), relay))
            .collect();
        if relays.len() < self.min_relays {
            return false;
        }
        self.strikes.retain(|relay| relays.contains_key(relay));
        self.relays = relays;
        self.fetched_at = Some(fetched_at);
        true
    }

    /// Whether the list should be fetched: it is old, was never fetched, or too few of it are usable.
    pub(crate) fn is_due(&self, now: TimestampMs) -> bool {
        let Some(fetched_at) = self.fetched_at else {
            return true;
        };
        let age_ms = now.0.saturating_sub(fetched_at.0);
        !(0..=millis(MAX_AGE)).contains(&age_ms) || self.usable(now).len() < self.min_relays
    }

    /// Whether every relay's swarm is known, so that an account's swarm can be computed.
    pub(crate) fn knows_swarms(&self) -> bool {
        self.fetched_at.is_some()
            || !self.relays.is_empty() && self.relays.values().all(|r| r.swarm.is_some())
    }

    /// Whether a whole list was ever taken.
    pub(crate) fn was_fetched(&self) -> bool {
        self.fetched_at.is_some()
    }

    pub(crate) fn len(&self) -> usize {
        self.relays.len()
    }

    pub(crate) fn get(&self, key: &[u8; 32]) -> Option<&PoolRelay> {
        self.relays.get(key)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &PoolRelay> {
        self.relays.values()
    }

    /// All relays that are not struck out.
    pub(crate) fn usable(&self, now: TimestampMs) -> Vec<&PoolRelay> {
        self.relays
            .values()
            .filter(|relay| !self.is_struck_out(&relay.key(), now))
            .collect()
    }

    pub(crate) fn is_struck_out(&self, key: &[u8; 32], now: TimestampMs) -> bool {
        self.strikes.is_out(key, now)
    }

    /// Relays that failed within a time; others are preferred.
    pub(crate) fn doubtful(&self, now: TimestampMs, within: Duration) -> Vec<[u8; 32]> {
        self.strikes.recent(now, within)
    }

    /// Notes a failure that this device saw itself.
    pub(crate) fn strike(&mut self, key: &[u8; 32], now: TimestampMs) {
        self.strike_on_word_of(&[], key, now);
    }

    /// Notes a failure that the relays of a path tell of, or that may be any of theirs.
    pub(crate) fn strike_on_word_of(&mut self, path: &[[u8; 32]], key: &[u8; 32], now: TimestampMs) {
        if self.relays.contains_key(key) {
            self.strikes.note(*key, path, now);
        }
    }

    /// Takes the strikes of a relay back that just worked.
    pub(crate) fn clear(&mut self, key: &[u8; 32]) {
        self.strikes.clear(key);
    }

    /// Takes recent strikes back: the device was offline, nobody else failed.
    pub(crate) fn forgive_recent(&mut self, now: TimestampMs) {
        self.strikes.forgive_recent(now);
    }

    /// Takes all strikes back where so many relays are struck out that a path could hardly be built of the rest.
    pub(crate) fn forgive_if_too_few(&mut self, needed: usize, now: TimestampMs) {
        if self.usable(now).len() < needed {
            self.strikes.clear_all();
        }
    }
}

/// Up to `count` of `items` in random order.
pub(crate) fn sample<T>(rng: &mut impl Rng, mut items: Vec<T>, count: usize) -> Vec<T> {
    let count = count.min(items.len());
    for i in 0..count {
        let span = u64::try_from(items.len().saturating_sub(i)).unwrap_or(1);
        // The bias of a 64-bit remainder over a few thousand relays is far below what could be noticed.
        let step = usize::try_from(rng.next_u64() % span).unwrap_or(0);
        items.swap(i, i.saturating_add(step));
    }
    items.truncate(count);
    items
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
