//! The other side of Tern: a storage and relay node, for self-hosting and for tests.
//!
//! ```text
//! client ──HTTPS──▶ http ──▶ Storage::handle                      POST /storage_rpc/v1
//!                    ├─────▶ relay ──▶ peer link ──▶ relay of the next node …   POST /onion_req/v2
//!                    │         ├─────▶ Storage::handle             the layer is for this node
//!                    │         └─────▶ a server over HTTP(S)       the layer names one
//!                    └─────▶ seed                                  POST /json_rpc
//! other node ──peer link──▶ relay, or Storage::handle_peer         sn.onion_request, sn.storage_cc
//! Storage ──Peers::send──▶ peer link of the swarm's other members
//! ```
//!
//! The carrying half and the storing half meet at the traits [`Storage`] and [`Peers`]. A `Node` runs both on one port;
//! a `LocalNetwork` runs many nodes on loopback. The crate must never depend on `engine`, `network` or a shell; the
//! types on the wire are those of `protocol`, the same that clients use.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod identity;
mod memory_network;
mod node_list;
mod random;
mod seam;
mod secret_file;
pub mod storage;

pub use identity::{IdentityError, NodeIdentity};
pub use memory_network::MemoryNetwork;
pub use node_list::{HARD_FORK, NodeList, NodeRecord, VERSION};
pub use seam::{
    Answer, BodyKind, FORWARD_TIMEOUT, PeerError, PeerReply, Peers, STORAGE_COMMAND, Storage, StorageSetup,
};
