//! A network of storage nodes without sockets: for simulations whose clock and faults are the caller's.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::Request;
use protocol::storage::entries::MemberFailure;

use rand_core::CryptoRng;

use crate::identity::NodeIdentity;
use crate::node_list::{NodeList, NodeRecord, swarm_ids};
use crate::storage::{
    Database, DatabaseError, RpcAnswer, StorageService, Swarm, handle, handle_forwarded, handle_request,
};

/// Nodes in swarms, in memory. The same code answers as in a real node; only the way between nodes is a call.
#[derive(Debug)]
pub struct MemoryNetwork {
    nodes: BTreeMap<[u8; 32], StorageService>,
    list: Arc<NodeList>,
    silent: Mutex<BTreeSet<[u8; 32]>>,
}

impl MemoryNetwork {
    /// Makes `nodes` nodes in `swarms` swarms of about the same size.
    ///
    /// # Errors
    /// [`DatabaseError`] when SQLite has no memory.
    pub fn new(rng: &mut impl CryptoRng, nodes: usize, swarms: usize) -> Result<Self, DatabaseError> {
        let ids = swarm_ids(swarms);
        let identities: Vec<_> = (0..nodes)
            .map(|_| Arc::new(NodeIdentity::generate(rng)))
            .collect();
        let records = identities
            .iter()
            .zip(ids.iter().cycle())
            .map(|(identity, swarm)| NodeRecord {
                legacy: *identity.legacy(),
                ed25519: identity.ed25519(),
                x25519: *identity.x25519(),
                ip: Ipv4Addr::LOCALHOST,
                https_port: 1,
                quic_port: 1,
                swarm: *swarm,
            });
        let list = Arc::new(NodeList::new(records));
        let mut services = BTreeMap::new();
        for identity in identities {
            let name = identity.ed25519();
            services.insert(
                name,
                StorageService::new(identity, Database::in_memory()?, Arc::clone(&list)),
            );
        }
        Ok(Self {
            nodes: services,
            list,
            silent: Mutex::default(),
        })
    }

    /// The names of all nodes.
    pub fn nodes(&self) -> impl Iterator<Item = [u8; 32]> {
        self.nodes.keys().copied()
    }

    /// One node, for instance to look into its database.
    pub fn node(&self, name: &[u8; 32]) -> Option<&StorageService> {
        self.nodes.get(name)
    }

    /// The names of the members of the account's swarm.
    pub fn swarm_of(&self, account: &AccountId) -> Vec<[u8; 32]> {
        let swarm = self.list.swarm_of(account);
        swarm
            .into_iter()
            .flat_map(|swarm| self.list.members(swarm))
            .map(|node| node.ed25519)
            .collect()
    }

    /// Makes a node silent, for clients and for the other members of its swarm.
    pub fn silence(&self, name: [u8; 32]) {
        self.silent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name);
    }

    /// Lets a silent node answer again. It has missed what happened meanwhile.
    pub fn wake(&self, name: &[u8; 32]) {
        self.silent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(name);
    }

    /// Has a node answer a request's body; `None` when it is silent or does not exist.
    pub fn handle(&self, now: TimestampMs, name: &[u8; 32], body: &[u8]) -> Option<RpcAnswer> {
        let service = self.answering(name)?;
        handle(service, &MemoryPeers { network: self, now }, now, body).now_or_never()
    }

    /// Has a node answer a request; `None` when it is silent or does not exist.
    pub fn handle_request(&self, now: TimestampMs, name: &[u8; 32], request: Request) -> Option<RpcAnswer> {
        let service = self.answering(name)?;
        handle_request(service, &MemoryPeers { network: self, now }, now, request).now_or_never()
    }

    /// Has a node lose all that it keeps.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn wipe(&self, name: &[u8; 32]) -> Result<(), DatabaseError> {
        match self.nodes.get(name) {
            Some(service) => service.database().clean_up(TimestampMs(i64::MAX)).map(drop),
            None => Ok(()),
        }
    }

    /// How many messages a node keeps, of all accounts.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn count(&self, name: &[u8; 32]) -> Result<i64, DatabaseError> {
        self.nodes
            .get(name)
            .map_or(Ok(0), |service| service.database().count())
    }

    /// Has all nodes forget what has expired.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub fn clean_up(&self, now: TimestampMs) -> Result<(), DatabaseError> {
        self.nodes
            .values()
            .try_for_each(|service| service.database().clean_up(now).map(drop))
    }

    fn answering(&self, name: &[u8; 32]) -> Option<&StorageService> {
        let is_silent = self
            .silent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(name);
        self.nodes.get(name).filter(|_| !is_silent)
    }
}

struct MemoryPeers<'n> {
    network: &'n MemoryNetwork,
    now: TimestampMs,
}

impl Swarm for MemoryPeers<'_> {
    fn forward<'a>(
        &'a self,
        member: [u8; 32],
        method: &'static str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, Result<Vec<u8>, MemberFailure>> {
        Box::pin(async move {
            let service = self.network.answering(&member).ok_or(MemberFailure::Timeout)?;
            let entry = handle_forwarded(service, self, self.now, method, payload).await;
            entry.map_err(|refusal| MemberFailure::Refused {
                code: refusal.status,
                reason: refusal.body_json().as_str().unwrap_or_default().to_owned(),
            })
        })
    }
}
