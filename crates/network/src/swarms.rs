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
