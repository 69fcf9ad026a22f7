//! Every request a storage node answers, with typed parameters shared by clients and nodes.
//!
//! A request comes in three forms with the same names: JSON over HTTPS and through onions ([`Request::parse`],
//! [`Request::to_json`]), bencode between the members of a swarm ([`Request::parse_forwarded`],
//! [`Request::to_forwarded`]), and either of them as a bare command ([`Request::parse_command`]). Parsing checks form
//! only; whether the asker may do it is for [`super::signing`] and the node to say.
//!
//! Spec: storage §10 (STO-40 to STO-59)

use crate::TimestampMs;
use crate::account::AccountId;

use super::{MessageHash, Namespace, NamespaceScope, Proof, Signed, SubaccountToken};

mod authorization;
mod build;
mod endpoints;
mod meta;
mod params;
mod parse;

pub use meta::{Condition, IfElse, MAX_SUBREQUESTS, NodeFacts};
pub use params::ParamError;
pub use parse::ParseError;

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Stores a message on every member of the swarm.
    Store(Store),
    /// Reads messages of one box.
    Retrieve(Retrieve),
    /// Deletes messages by hash.
    Delete(Signed<Delete>),
    /// Deletes all messages of one box or of all.
    DeleteAll(Signed<DeleteAll>),
    /// Deletes the messages up to a time.
    DeleteBefore(Signed<DeleteBefore>),
    /// Changes when messages expire, by hash.
    Expire(Signed<Expire>),
    /// Makes all messages of one box or of all expire no later than a time.
    ExpireAll(Signed<ExpireAll>),
    /// Asks when messages expire.
    GetExpiries(Signed<GetExpiries>),
    /// Revokes subaccount tokens.
    RevokeSubaccount(Signed<RevokeSubaccount>),
    /// Takes revocations back.
    UnrevokeSubaccount(Signed<UnrevokeSubaccount>),
    /// Lists revoked tokens.
    RevokedSubaccounts(Signed<RevokedSubaccounts>),
    /// Asks which nodes keep an account.
    GetSwarm(AccountId),
    /// Asks for the node's version and clock.
    Info,
    /// Asks what the chain's daemon knows.
    OxendRequest(OxendRequest),
    /// Asks for the binary list of active nodes.
    ActiveNodes,
    /// Runs 1 to 20 requests independently.
    Batch(Vec<Request>),
    /// Runs 1 to 20 requests in order until one fails.
    Sequence(Vec<Request>),
    /// Runs one of two requests, depending on the node.
    IfElse(Box<IfElse>),
}

impl Request {
    /// The name on the wire.
    pub const fn method(&self) -> &'static str {
        match self {
            Self::Store(_) => "store",
            Self::Retrieve(_) => "retrieve",
            Self::Delete(_) => "delete",
            Self::DeleteAll(_) => "delete_all",
            Self::DeleteBefore(_) => "delete_before",
            Self::Expire(_) => "expire",
            Self::ExpireAll(_) => "expire_all",
            Self::GetExpiries(_) => "get_expiries",
            Self::RevokeSubaccount(_) => "revoke_subaccount",
            Self::UnrevokeSubaccount(_) => "unrevoke_subaccount",
            Self::RevokedSubaccounts(_) => "revoked_subaccounts",
            Self::GetSwarm(_) => "get_swarm",
            Self::Info => "info",
            Self::OxendRequest(_) => "oxend_request",
            Self::ActiveNodes => "active_nodes_bin",
            Self::Batch(_) => "batch",
            Self::Sequence(_) => "sequence",
            Self::IfElse(_) => "ifelse",
        }
    }

    /// Whether a node passes it on to the other members of the swarm. STO-60.
    pub const fn is_recursive(&self) -> bool {
        match self {
            Self::Store(_)
            | Self::Delete(_)
            | Self::DeleteAll(_)
            | Self::DeleteBefore(_)
            | Self::Expire(_)
            | Self::ExpireAll(_)
            | Self::RevokeSubaccount(_)
            | Self::UnrevokeSubaccount(_) => true,
            Self::Retrieve(_)
            | Self::GetExpiries(_)
            | Self::RevokedSubaccounts(_)
            | Self::GetSwarm(_)
            | Self::Info
            | Self::OxendRequest(_)
            | Self::ActiveNodes
            | Self::Batch(_)
            | Self::Sequence(_)
            | Self::IfElse(_) => false,
        }
    }

    /// Whether it holds other requests, so that it may not stand in a batch or sequence.
    pub const fn is_meta(&self) -> bool {
        matches!(self, Self::Batch(_) | Self::Sequence(_) | Self::IfElse(_))
    }

    /// The account whose swarm must answer; `None` when any node can.
    pub const fn swarm_account(&self) -> Option<AccountId> {
        match self {
            Self::Store(store) => Some(store.account),
            Self::Retrieve(retrieve) => Some(retrieve.account),
            Self::Delete(signed) => Some(signed.params.account),
            Self::DeleteAll(signed) => Some(signed.params.account),
            Self::DeleteBefore(signed) => Some(signed.params.account),
            Self::Expire(signed) => Some(signed.params.account),
            Self::ExpireAll(signed) => Some(signed.params.account),
            Self::GetExpiries(signed) => Some(signed.params.account),
            Self::RevokeSubaccount(signed) => Some(signed.params.account),
            Self::UnrevokeSubaccount(signed) => Some(signed.params.account),
            Self::RevokedSubaccounts(signed) => Some(signed.params.account),
            Self::GetSwarm(_)
            | Self::Info
            | Self::OxendRequest(_)
            | Self::ActiveNodes
            | Self::Batch(_)
            | Self::Sequence(_)
            | Self::IfElse(_) => None,
        }
    }
}

/// Parameters of `store`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// Whose box.
    pub account: AccountId,
    /// Which box.
    pub namespace: Namespace,
    /// The message, at most [`Store::MAX_DATA_LEN`] bytes.
    pub data: Vec<u8>,
    /// When the message was made, in network time.
    pub timestamp: TimestampMs,
    /// When relays forget it.
    pub expiry: TimestampMs,
    /// Needed in every box that is not a public inbox.
    pub proof: Option<Proof>,
}

impl Store {
    /// Largest message in bytes.
    pub const MAX_DATA_LEN: usize = 76_800;
}

/// Parameters of `retrieve`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retrieve {
    /// Whose box.
    pub account: AccountId,
    /// Which box.
    pub namespace: Namespace,
    /// Answer what was stored after this message; from the start when the node does not know it.
    pub last_hash: Option<MessageHash>,
    /// At most this many messages; 0 counts as absent.
    pub max_count: Option<i32>,
    /// At most this many bytes; a negative value -k means one k-th of the most a node answers, 0 counts as absent.
    pub max_size: Option<i32>,
    /// Needed in every box that is not public to read.
    pub proof: Option<Proof>,
}

/// Parameters of `delete`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delete {
    /// Whose messages.
    pub account: AccountId,
    /// At least one; in whichever box they are.
    pub messages: Vec<MessageHash>,
    /// Whether it is a failure when no member had any of them.
    pub required: bool,
}

/// Parameters of `delete_all`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteAll {
    /// Whose messages.
    pub account: AccountId,
    /// One box or all.
    pub scope: NamespaceScope,
    /// When the request is made.
    pub timestamp: TimestampMs,
}

/// Parameters of `delete_before`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteBefore {
    /// Whose messages.
    pub account: AccountId,
    /// One box or all.
    pub scope: NamespaceScope,
    /// Messages made at or before this time go.
    pub before: TimestampMs,
}

/// Which way `expire` may move an expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpireRule {
    /// Either way.
    Set,
    /// Only to an earlier time.
    Shorten,
    /// Only to a later time.
    Extend,
}

/// Parameters of `expire`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expire {
    /// Whose messages.
    pub account: AccountId,
    /// At least one.
    pub messages: Vec<MessageHash>,
    /// One time for all messages, or one for each.
    pub expiry: Vec<TimestampMs>,
    /// Which way.
    pub rule: ExpireRule,
}

/// Parameters of `expire_all`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpireAll {
    /// Whose messages.
    pub account: AccountId,
    /// One box or all.
    pub scope: NamespaceScope,
    /// What expires later will expire then.
    pub expiry: TimestampMs,
}

/// Parameters of `get_expiries`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetExpiries {
    /// Whose messages.
    pub account: AccountId,
    /// At least one text. Nodes do not check that they are hashes; any other text names no message.
    pub messages: Vec<Vec<u8>>,
    /// When the request is made.
    pub timestamp: TimestampMs,
}

/// Parameters of `revoke_subaccount`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokeSubaccount {
    /// Whose tokens.
    pub account: AccountId,
    /// At most [`RevokeSubaccount::MAX_TOKENS`].
    pub tokens: Vec<SubaccountToken>,
    /// When the request is made.
    pub timestamp: TimestampMs,
}

impl RevokeSubaccount {
    /// Most tokens in one request, and most revocations that a node keeps for an account.
    pub const MAX_TOKENS: usize = 50;
}

/// Parameters of `unrevoke_subaccount`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnrevokeSubaccount {
    /// Whose tokens.
    pub account: AccountId,
    /// Any number.
    pub tokens: Vec<SubaccountToken>,
    /// When the request is made.
    pub timestamp: TimestampMs,
}

/// Parameters of `revoked_subaccounts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedSubaccounts {
    /// Whose tokens.
    pub account: AccountId,
    /// When the request is made.
    pub timestamp: TimestampMs,
}

/// Parameters of `oxend_request`.
#[derive(Clone, Debug, PartialEq)]
pub struct OxendRequest {
    /// What is asked.
    pub endpoint: OxendEndpoint,
    /// Passed on as they are.
    pub params: Option<serde_json::Value>,
}

/// The daemon's methods that clients may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OxendEndpoint {
    /// All nodes with their keys and addresses.
    GetServiceNodes,
    /// What a registered name stands for.
    OnsResolve,
}

impl OxendEndpoint {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GetServiceNodes => "get_service_nodes",
            Self::OnsResolve => "ons_resolve",
        }
    }
}

#[cfg(test)]
mod method_tests;
#[cfg(test)]
mod mutation_tests;
#[cfg(test)]
mod parse_tests;
#[cfg(test)]
pub(crate) mod samples;
