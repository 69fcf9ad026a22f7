//! The vocabulary of these tests.

use std::cell::Cell;

use node::MemoryNetwork;
use node::storage::{RpcAnswer, RpcBody};
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys, Seed};
use protocol::storage::entries::Entry;
use protocol::storage::replies::{MemberReplies, Retrieved};
use protocol::storage::{
    Access, MessageHash, Namespace, Request, Retrieve, SignedSubaccount, Signer, Store, SubaccountToken,
    compute_hash,
};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;
use serde_json::Value;

pub(crate) const START: TimestampMs = TimestampMs(1_700_000_000_123);
pub(crate) const SECOND: i64 = 1_000;
pub(crate) const DAY: i64 = 86_400 * SECOND;
pub(crate) const MESSAGES: Namespace = Namespace::MESSAGES;

/// A network and its clock.
pub(crate) struct World {
    pub(crate) network: MemoryNetwork,
    now: Cell<TimestampMs>,
}

impl World {
    /// One swarm of so many nodes.
    pub(crate) fn swarm_of(nodes: usize) -> Self {
        Self::with(nodes, 1)
    }

    pub(crate) fn with(nodes: usize, swarms: usize) -> Self {
        let mut rng = ChaCha8Rng::from_seed([9; 32]);
        let network = MemoryNetwork::new(&mut rng, nodes, swarms).unwrap();
        Self {
            network,
            now: Cell::new(START),
        }
    }

    pub(crate) fn now(&self) -> TimestampMs {
        self.now.get()
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.now.set(self.now().plus_ms(ms));
    }

    /// Asks the first member of the account's swarm, or the first node.
    #[track_caller]
    pub(crate) fn ask(&self, request: impl Into<Request>) -> RpcAnswer {
        let request = request.into();
        let node = match request.swarm_account() {
            Some(account) => self.network.swarm_of(&account)[0],
            None => self.network.nodes().next().unwrap(),
        };
        self.ask_node(&node, request)
    }

    #[track_caller]
    pub(crate) fn ask_node(&self, node: &[u8; 32], request: impl Into<Request>) -> RpcAnswer {
        self.network
            .handle_request(self.now(), node, request.into())
            .unwrap()
    }

    /// Asks, expects success, and gives each member's proven entry.
    #[track_caller]
    pub(crate) fn entries(&self, request: impl Into<Request>) -> Vec<Entry> {
        let request = request.into();
        let answer = self.ask(request.clone());
        assert_eq!(answer.status, 200, "{answer:?}");
        let replies = MemberReplies::parse(&json(answer), &request).unwrap();
        let proven: Vec<_> = replies.proven(&request).map(|(_, entry)| entry.clone()).collect();
        let swarm = self.network.swarm_of(&request.swarm_account().unwrap());
        assert_eq!(proven.len(), swarm.len(), "every member proves what it did");
        proven
    }

    /// Asks, expects success, and gives the entry on which all members agree.
    #[track_caller]
    pub(crate) fn entry(&self, request: impl Into<Request>) -> Entry {
        let mut entries = self.entries(request);
        let first = entries.pop().unwrap();
        assert!(
            entries.iter().all(|entry| *entry == first),
            "{first:?} and {entries:?}"
        );
        first
    }

    /// What a member has in a box.
    #[track_caller]
    pub(crate) fn read(&self, node: &[u8; 32], who: &Person, namespace: Namespace) -> Vec<MessageHash> {
        let answer = self.ask_node(node, who.retrieve(namespace, self.now()));
        assert_eq!(answer.status, 200, "{answer:?}");
        Retrieved::parse(&json(answer))
            .unwrap()
            .messages
            .into_iter()
            .map(|message| message.hash)
            .collect()
    }

    /// What every member has in a box.
    #[track_caller]
    pub(crate) fn kept(&self, who: &Person, namespace: Namespace) -> Vec<MessageHash> {
        let swarm = self.network.swarm_of(&who.account);
        let first = self.read(&swarm[0], who, namespace);
        for node in &swarm {
            assert_eq!(
                self.read(node, who, namespace),
                first,
                "all members keep the same"
            );
        }
        first
    }

    /// Stores and gives the hash.
    #[track_caller]
    pub(crate) fn put(&self, who: &Person, namespace: Namespace, data: &[u8]) -> MessageHash {
        let store = who.store(namespace, data, self.now(), DAY);
        match self.entry(Request::Store(store)) {
            Entry::Stored { hash, .. } => hash,
            other => panic!("{other:?}"),
        }
    }
}

/// The owner of an account: a person, or a group.
pub(crate) struct Person {
    keys: AccountKeys,
    pub(crate) account: AccountId,
}

pub(crate) fn alice() -> Person {
    let keys = AccountKeys::from_seed(&Seed::from_bytes(&[1; 16]).unwrap());
    let account = keys.account_id();
    Person { keys, account }
}

/// A group whose key is `number`'s.
pub(crate) fn group(number: u8) -> Person {
    let keys = AccountKeys::from_seed(&Seed::from_bytes(&[number; 16]).unwrap());
    let mut id = [AccountId::GROUP; 33];
    id[1..].copy_from_slice(&keys.ed25519_public());
    Person {
        keys,
        account: AccountId::from_bytes(id),
    }
}

impl Person {
    pub(crate) fn signer(&self) -> Signer<'_> {
        if self.account.is_account() {
            Signer::account(&self.keys)
        } else {
            Signer::owner(|bytes| self.keys.sign(bytes))
        }
    }

    /// A token for `member`, signed by this owner.
    pub(crate) fn token(&self, member: &Person, access: Access) -> SignedSubaccount {
        let token = SubaccountToken::new(self.account.prefix(), access, &member.keys.ed25519_public());
        SignedSubaccount {
            token,
            signature: self.keys.sign(token.as_bytes()),
        }
    }

    /// Signs with a token of somebody else's.
    pub(crate) fn with_token(&self, token: SignedSubaccount) -> Signer<'_> {
        Signer::subaccount(token, |bytes| self.keys.sign(bytes))
    }

    pub(crate) fn store(&self, namespace: Namespace, data: &[u8], now: TimestampMs, ttl_ms: i64) -> Store {
        let unsigned = unsigned_store(self.account, namespace, data, now, ttl_ms);
        if namespace.is_public_inbox() {
            unsigned
        } else {
            unsigned.sign(now, &self.signer())
        }
    }

    pub(crate) fn retrieve(&self, namespace: Namespace, now: TimestampMs) -> Request {
        Request::Retrieve(unsigned_retrieve(self.account, namespace).sign(now, &self.signer()))
    }

    pub(crate) fn hash(&self, namespace: Namespace, data: &[u8]) -> MessageHash {
        compute_hash(self.account, namespace, data)
    }
}

pub(crate) fn unsigned_store(
    account: AccountId,
    namespace: Namespace,
    data: &[u8],
    now: TimestampMs,
    ttl_ms: i64,
) -> Store {
    Store {
        account,
        namespace,
        data: data.to_vec(),
        timestamp: now,
        expiry: now.plus_ms(ttl_ms),
        proof: None,
    }
}

pub(crate) fn unsigned_retrieve(account: AccountId, namespace: Namespace) -> Retrieve {
    Retrieve {
        account,
        namespace,
        last_hash: None,
        max_count: None,
        max_size: None,
        proof: None,
    }
}

#[track_caller]
pub(crate) fn json(answer: RpcAnswer) -> Value {
    match answer.body {
        RpcBody::Json(_) | RpcBody::Members(_) => answer.body_json(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(crate) fn refused(answer: RpcAnswer, status: u16, text: &str) {
    assert_eq!(
        (answer.status, answer.body),
        (status, RpcBody::Text(text.to_owned()))
    );
}
