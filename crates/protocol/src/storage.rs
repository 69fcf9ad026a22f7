//! The storage protocol: requests to the nodes that keep messages, their answers, and what nodes say to each other.
//!
//! Owns the bytes of every storage request in its three forms, the strings that are signed, the rules of namespaces,
//! tokens and swarms. Does not know how a request reaches a node (that is `onion` and `network`) nor how messages are
//! kept (that is `node`). A client and a node use the same types, so each wire form exists once.
//!
//! Spec: storage (STO, SWM, SUB, NOD rules)

mod base64;
pub mod entries;
mod hash;
pub mod monitor;
mod namespace;
mod node_list;
pub mod peer;
pub mod replies;
pub mod requests;
pub mod signing;
pub mod stream;
mod subaccount;
pub mod swarm;

pub use hash::{MessageHash, compute_hash};
pub use namespace::{Namespace, NamespaceScope};
pub use node_list::{ActiveNode, MalformedNodeList, encode_node_list, parse_node_list};
pub use requests::{
    Condition, Delete, DeleteAll, DeleteBefore, Expire, ExpireAll, ExpireRule, GetExpiries, IfElse,
    NodeFacts, OxendEndpoint, OxendRequest, ParamError, ParseError, Request, Retrieve, RevokeSubaccount,
    RevokedSubaccounts, Store, UnrevokeSubaccount,
};
pub use signing::{Authorization, Proof, Signed, SignedParams, Signer};
pub use subaccount::{Access, SignedSubaccount, SubaccountError, SubaccountToken};
pub use swarm::SwarmId;
