//! Which relays keep an account's messages.
//!
//! Where every relay's swarm is known, the members follow from the account alone and nobody is asked. Otherwise, and where a
//! node says that it is another swarm, what nodes told is kept. Spec: network §3 (NET-10 to NET-12)

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::collections::{BTreeMap, BTreeSet};

use protocol::account::AccountId;
use protocol::storage::replies::{SwarmInfo, SwarmMember};
use protocol::storage::swarm;
use serde::{Deserialize, Serialize};

use crate::profile::Relay;
use crate::relay_pool::{PoolRelay, RelayPool};

/// Accounts for which told members are kept; more are asked for again.
const MOST_ACCOUNTS: usize = 1_000;
/// More members than any swarm has.
const MOST_MEMBERS: usize = 100;

/// What nodes told about swarms.
#[derive(Debug, Default)]
pub(crate) struct Swarms {
    told: BTreeMap<AccountId, Vec<PoolRelay>>,
}

#[derive(Serialize, Deserialize)]
struct Saved {
    network: String,
    accounts: Vec<SavedSwarm>,
}

#[derive(Serialize, Deserialize)]
struct SavedSwarm {
    account: AccountId,
    members: Vec<Relay>,
}

impl Swarms {
    /// The members as far as known; empty when a node must be asked.
    pub(crate) fn members(&self, pool: &RelayPool, account: &AccountId) -> Vec<PoolRelay> {
        match self.told.get(account) {
            Some(members) => members.clone(),
            None if pool.knows_swarms() => computed(pool, account),
            None => Vec::new(),
        }
    }

    /// Takes the members that a node told; returns whether any could be used.
    pub(crate) fn learn(&mut self, pool: &RelayPool, account: AccountId, told: &SwarmInfo) -> bool {
        let members = usable(pool, told);
        if members.is_empty() {
            return false;
        }
        if self.told.len() >= MOST_ACCOUNTS && !self.told.contains_key(&account) {
            self.told.pop_first();
        }
        self.told.insert(account, members);
        true
    }

    /// Takes a node out of an account's swarm, as it says that it is none of it but not who is.
    pub(crate) fn drop_member(&mut self, pool: &RelayPool, account: AccountId, key: &[u8; 32]) {
        let mut members = self.members(pool, &account);
        members.retain(|member| member.key() != *key);
        if members.is_empty() {
            self.told.remove(&account);
        } else {
            self.told.insert(account, members);
        }
    }

    /// Forgets all that was told, as the list of relays was fetched anew.
    pub(crate) fn clear(&mut self) {
        self.told.clear();
    }

    /// What to save.
    pub(crate) fn to_save(&self, network: &str) -> Option<Vec<u8>> {
        let accounts = self.told.iter().map(|(account, members)| SavedSwarm {
            account: *account,
            members: members.iter().map(PoolRelay::to_record).collect(),
        });
        serde_json::to_vec(&Saved {
            network: network.to_owned(),
            accounts: accounts.collect(),
        })
        .ok()
    }

    /// Takes back what was saved for the same network; what cannot be read is as if it had never been saved.
    pub(crate) fn restore(&mut self, pool: &RelayPool, saved: &[u8], network: &str) {
        let Ok(saved) = serde_json::from_slice::<Saved>(saved) else {
            return;
        };
        if saved.network != network {
            return;
        }
        for swarm in saved.accounts.into_iter().take(MOST_ACCOUNTS) {
            let members: Vec<_> = swarm
                .members
                .iter()
                .take(MOST_MEMBERS)
                .filter_map(PoolRelay::from_record)
                .filter(|relay| pool.accepts(relay))
                .collect();
            if !members.is_empty() {
                self.told.insert(swarm.account, members);
            }
        }
    }
}

/// The members that a node told, as far as they can be used.
///
/// Where the pool is a whole list, only relays in it are taken: a lying node can then withhold members but cannot bring in
/// nodes of its own.
pub(crate) fn usable(pool: &RelayPool, told: &SwarmInfo) -> Vec<PoolRelay> {
    told.members
        .iter()
        .take(MOST_MEMBERS)
        .filter_map(|member| match pool.get(&member.ed25519) {
            Some(relay) => Some(relay.clone()),
            None if pool.knows_swarms() => None,
            None => from_member(member).filter(|relay| pool.accepts(relay)),
        })
        .collect()
}

fn computed(pool: &RelayPool, account: &AccountId) -> Vec<PoolRelay> {
    let ids: BTreeSet<_> = pool.iter().filter_map(|relay| relay.swarm).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let Some(chosen) = swarm::choose(&ids, account) else {
        return Vec::new();
    };
    pool.iter()
        .filter(|relay| relay.swarm == Some(chosen))
        .cloned()
        .collect()
}

fn from_member(member: &SwarmMember) -> Option<PoolRelay> {
    PoolRelay::from_record(&Relay {
        ed25519: member.ed25519,
        x25519: Some(member.x25519),
        ip: member.ip.into(),
        https_port: member.https_port,
        quic_port: None,
        swarm: None,
    })
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
mod tests {
    use protocol::storage::SwarmId;

    use super::*;
    use crate::profile::NetworkProfile;

    fn told(addresses: &[[u8; 4]]) -> SwarmInfo {
        let member = |(number, ip): (u8, &[u8; 4])| SwarmMember {
            ed25519: [number; 32],
            x25519: [9; 32],
            legacy: [number; 32],
            ip: (*ip).into(),
            https_port: 22021,
            quic_port: 22020,
        };
        SwarmInfo {
            members: (1..).zip(addresses).map(member).collect(),
            swarm: SwarmId(1),
        }
    }

    #[test]
    fn net_08_told_members_at_private_addresses_are_passed_over() {
        let account = AccountId::from_bytes([5; 33]);
        let profile = NetworkProfile::mainnet();
        let pool = RelayPool::from_profile(&profile);
        let mut swarms = Swarms::default();
        assert!(!swarms.learn(&pool, account, &told(&[[127, 0, 0, 1], [192, 168, 1, 1]])));
        assert!(swarms.learn(&pool, account, &told(&[[10, 0, 0, 1], [9, 9, 9, 9]])));
        let members = swarms.members(&pool, &account);
        assert_eq!(members.len(), 1);
        assert_eq!(members[0].key(), [2; 32]);

        let own = NetworkProfile {
            private_addresses: true,
            ..profile
        };
        let own = RelayPool::from_profile(&own);
        assert!(swarms.learn(&own, account, &told(&[[10, 0, 0, 1], [9, 9, 9, 9]])));
        let saved = swarms.to_save("ours").unwrap();
        for (pool, count) in [(&own, 2), (&pool, 1)] {
            let mut restored = Swarms::default();
            restored.restore(pool, &saved, "ours");
            assert_eq!(restored.members(pool, &account).len(), count);
        }
    }
}
