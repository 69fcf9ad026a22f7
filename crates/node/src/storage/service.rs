//! One node's part in answering requests.

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::bencode;
use protocol::storage::entries::{Entry, MemberFailure, MemberPart, MemberParts, MemberResult, SignedEntry};
use protocol::storage::replies::{NodeInfo, Stamp, SwarmInfo, SwarmMember};
use protocol::storage::{NodeFacts, OxendEndpoint, OxendRequest, Request, SwarmId, encode_node_list};
use serde_json::{Map, Value as Json, json};

use super::checks::{Checks, Origin};
use super::local::{self, AnswerRoom, NotRun};
use super::service_nodes::{HEIGHT, service_nodes};
use super::{Database, DatabaseError, RpcAnswer, RpcBody};
use crate::identity::NodeIdentity;
use crate::node_list::{HARD_FORK, NodeList, NodeRecord, VERSION};

/// One storage node: identity, database and its view of the network. Has no clock and no sockets.
#[derive(Clone, Debug)]
pub struct StorageService {
    identity: Arc<NodeIdentity>,
    database: Arc<Database>,
    nodes: Arc<NodeList>,
}

/// What running a request on this node came to.
pub(super) enum Ran {
    /// An entry that is to be signed, for a request that all members run.
    Entry(Result<Entry, NotRun>),
    /// The whole answer.
    Answer(RpcAnswer),
}

/// What is left to do for a request that this node has run.
#[derive(Debug)]
pub(super) enum Step {
    /// The answer.
    Done(RpcAnswer),
    /// This node has run it; the other members of the swarm are to run it before it is answered.
    Distribute(Box<Distribution>),
}

/// A request that this node has run and the other members of the swarm have not.
///
/// Send [`Self::payload`] to each of [`Self::members`] under [`Self::method`], give each answer to [`Self::add`], then
/// take the answer for the client with [`Self::finish`].
#[derive(Debug)]
pub(super) struct Distribution {
    request: Request,
    members: Vec<[u8; 32]>,
    /// What each member came to; the own entry is there from the start.
    parts: MemberParts,
    any_success: bool,
    any_deleted: bool,
}

impl StorageService {
    /// Puts a node together.
    pub fn new(identity: Arc<NodeIdentity>, database: Database, nodes: Arc<NodeList>) -> Self {
        Self {
            identity,
            database: Arc::new(database),
            nodes,
        }
    }

    /// The node's keys.
    pub fn identity(&self) -> &NodeIdentity {
        &self.identity
    }

    /// The messages it keeps.
    pub const fn database(&self) -> &Arc<Database> {
        &self.database
    }

    /// The nodes of its network.
    pub fn nodes(&self) -> &NodeList {
        &self.nodes
    }

    /// What conditions of `ifelse` ask about.
    pub fn facts(&self) -> NodeFacts {
        NodeFacts {
            height: HEIGHT,
            hf: HARD_FORK.map(i32::from),
            version: VERSION.map(i32::from),
        }
    }

    /// Whether a client may have the request run. STO-45.
    ///
    /// `now`: this node's clock, network time.
    ///
    /// # Errors
    /// The refusal to answer.
    pub fn admit(&self, now: TimestampMs, request: &Request) -> Result<(), RpcAnswer> {
        self.check(now, request, Origin::Client)
    }

    /// Reads what another member of the swarm passed on, and checks whether it may be run.
    ///
    /// # Errors
    /// The refusal to answer. Spec: storage §12 (STO-60, STO-62).
    pub fn admit_forwarded(
        &self,
        now: TimestampMs,
        method: &str,
        payload: &[u8],
    ) -> Result<Request, RpcAnswer> {
        let request = Request::parse_forwarded(method, payload)?;
        self.check(now, &request, Origin::Member)?;
        Ok(request)
    }

    /// Runs a request that was admitted, on this node alone; batches, sequences and conditions are not run here.
    /// `room`: for messages in the answer.
    pub(super) fn run(&self, now: TimestampMs, request: &Request, room: &AnswerRoom) -> Ran {
        match local::run_recursive(&self.database, now, request) {
            Some(result) => Ran::Entry(result),
            None => Ran::Answer(self.answer(now, request, room)),
        }
    }

    /// What the carrying half waits for, or has at once. `result`: what running the request on this node came to.
    pub(super) fn conclude(&self, now: TimestampMs, request: Request, result: Result<Entry, NotRun>) -> Step {
        match self.own_entry(&request, result) {
            Ok(own) => self.distribution(now, request, own),
            Err(refusal) => Step::Done(refusal),
        }
    }

    /// This node's bencoded entry, for the member that passed the request on.
    ///
    /// # Errors
    /// The refusal to answer. Spec: storage §12 (STO-61).
    pub(super) fn conclude_forwarded(
        &self,
        request: &Request,
        result: Result<Entry, NotRun>,
    ) -> Result<Vec<u8>, RpcAnswer> {
        match self.own_entry(request, result)? {
            Ok(entry) => Ok(entry.to_bencode().to_bytes()),
            Err(_) => Err(RpcAnswer::text(500, "request failed")),
        }
    }

    /// Swarm first, then times and signatures. STO-45.
    fn check(&self, now: TimestampMs, request: &Request, origin: Origin) -> Result<(), RpcAnswer> {
        if let Some(account) = request.swarm_account() {
            let own = self.nodes.get(&self.identity.ed25519()).map(|own| own.swarm);
            if own != self.nodes.swarm_of(&account) {
                let body = swarm_info(&self.nodes, &account).to_json(stamp(now));
                return Err(RpcAnswer {
                    status: 421,
                    body: RpcBody::Json(body),
                });
            }
        }
        Checks {
            database: &self.database,
            now,
            origin,
        }
        .check(request)
    }

    /// Signs what this node did.
    fn own_entry(&self, request: &Request, result: Result<Entry, NotRun>) -> Result<MemberResult, RpcAnswer> {
        match result {
            Ok(entry) => SignedEntry::sign(entry, request, |bytes| self.identity.sign(bytes))
                .map(Ok)
                .map_err(|_| RpcAnswer::text(500, "request failed")),
            Err(NotRun::Refused(refusal)) => Err(refusal),
            Err(NotRun::Failed) => Ok(Err(MemberFailure::QueryFailure)),
        }
    }

    fn distribution(&self, now: TimestampMs, request: Request, own: MemberResult) -> Step {
        let name = self.identity.ed25519();
        let swarm = self.nodes.get(&name).map(|own| own.swarm);
        let members = swarm
            .into_iter()
            .flat_map(|swarm| self.nodes.members(swarm))
            .map(|node| node.ed25519)
            .filter(|member| *member != name)
            .collect();
        let mut distribution = Distribution {
            members,
            parts: MemberParts {
                members: BTreeMap::new(),
                hash: match &own {
                    Ok(SignedEntry {
                        entry: Entry::Stored { hash, .. },
                        ..
                    }) => Some(*hash),
                    Ok(_) | Err(_) => None,
                },
                stamp: stamp(now),
            },
            any_success: false,
            any_deleted: false,
            request,
        };
        let clock = matches!(distribution.request, Request::Store(_)).then_some(now);
        distribution.put(&name, own, clock);
        Step::Distribute(Box::new(distribution))
    }

    /// Answers what one node answers alone; all checks have passed.
    fn answer(&self, now: TimestampMs, request: &Request, room: &AnswerRoom) -> RpcAnswer {
        let stamp = stamp(now);
        let database = &self.database;
        match request {
            Request::Retrieve(request) => or_failed(local::retrieve(database, request, stamp, room)),
            Request::GetExpiries(signed) => or_failed(local::expiries(
                database,
                signed.params.account,
                &signed.params.messages,
            )),
            Request::RevokedSubaccounts(signed) => {
                or_failed(local::revoked(database, signed.params.account, stamp))
            }
            Request::GetSwarm(account) => RpcAnswer::ok(swarm_info(&self.nodes, account).to_json(stamp)),
            Request::Info => RpcAnswer::ok(
                NodeInfo {
                    version: VERSION.map(u16::from),
                    now,
                }
                .to_json(HARD_FORK),
            ),
            Request::ActiveNodes => RpcAnswer {
                status: 200,
                body: RpcBody::Binary(active_nodes(&self.nodes)),
            },
            Request::OxendRequest(request) => RpcAnswer::ok(oxend(&self.nodes, request, stamp)),
            // The other methods are run elsewhere.
            _ => RpcAnswer::text(500, "request failed"),
        }
    }
}

fn or_failed(result: Result<Json, DatabaseError>) -> RpcAnswer {
    result.map_or_else(
        |error| {
            tracing::warn!(kind = %error, "a request failed in the database");
            RpcAnswer::text(500, "request failed")
        },
        RpcAnswer::ok,
    )
}

const fn stamp(now: TimestampMs) -> Stamp {
    Stamp { now, hf: HARD_FORK }
}

fn oxend(nodes: &NodeList, request: &OxendRequest, stamp: Stamp) -> Json {
    let result = match request.endpoint {
        OxendEndpoint::GetServiceNodes => {
            service_nodes(request.params.as_ref().unwrap_or(&Json::Null), nodes.iter())
        }
        // No name is registered in a network without a chain.
        OxendEndpoint::OnsResolve => json!({ "status": "OK" }),
    };
    let mut reply = Map::new();
    reply.insert("result".to_owned(), result);
    stamp.put_into(&mut reply);
    Json::Object(reply)
}

/// The account's swarm as `get_swarm` answers it. STO-54.
fn swarm_info(nodes: &NodeList, account: &AccountId) -> SwarmInfo {
    let member = |node: &NodeRecord| SwarmMember {
        ed25519: node.ed25519,
        x25519: node.x25519,
        legacy: node.legacy,
        ip: node.ip,
        https_port: node.https_port,
        quic_port: node.quic_port,
    };
    let swarm = nodes.swarm_of(account);
    SwarmInfo {
        members: swarm
            .into_iter()
            .flat_map(|swarm| nodes.members(swarm))
            .map(member)
            .collect(),
        swarm: swarm.unwrap_or(SwarmId::NONE),
    }
}

/// The binary list of the nodes that are in a swarm. NOD-01.
fn active_nodes(nodes: &NodeList) -> Vec<u8> {
    let in_swarm = nodes.iter().filter(|node| node.swarm != SwarmId::NONE);
    encode_node_list(&in_swarm.map(NodeRecord::to_active).collect::<Vec<_>>())
}

impl Distribution {
    /// The method to pass on.
    pub(super) const fn method(&self) -> &'static str {
        self.request.method()
    }

    /// The bencoded parameters to pass on.
    pub(super) fn payload(&self) -> Vec<u8> {
        self.request.to_forwarded().unwrap_or_default()
    }

    /// Whom to pass it on to, by Ed25519 key.
    pub(super) fn members(&self) -> &[[u8; 32]] {
        &self.members
    }

    /// Adds what a member answered: its bencoded entry, or why there is none.
    pub(super) fn add(&mut self, member: &[u8; 32], answer: Result<Vec<u8>, MemberFailure>) {
        let result = answer.and_then(|entry| {
            let entry =
                bencode::parse(&entry, bencode::Limits::default()).map_err(|_| MemberFailure::BadResponse)?;
            SignedEntry::parse_bencode(&entry, &self.request).map_err(|_| MemberFailure::BadResponse)
        });
        self.put(member, result, None);
    }

    fn put(&mut self, member: &[u8; 32], result: MemberResult, clock: Option<TimestampMs>) {
        if let Ok(signed) = &result {
            self.any_success = true;
            self.any_deleted |= signed.entry.has_deleted();
        }
        self.parts.members.insert(*member, MemberPart { result, clock });
    }

    /// The answer for the client: 200 when any member succeeded. Spec: storage §11 (STO-70).
    pub(super) fn finish(self) -> RpcAnswer {
        let is_missed =
            matches!(&self.request, Request::Delete(signed) if signed.params.required) && !self.any_deleted;
        let status = match (self.any_success, is_missed) {
            (false, _) => 500,
            (true, true) => 404,
            (true, false) => 200,
        };
        RpcAnswer {
            status,
            body: RpcBody::Members(Box::new(self.parts)),
        }
    }
}
