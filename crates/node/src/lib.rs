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
//! The carrying half and the storing half meet at the traits [`Storage`] and [`Peers`]. A [`Node`] runs both on one port;
//! a [`LocalNetwork`] runs many nodes on loopback. The crate must never depend on `engine`, `network` or a shell; the
//! types on the wire are those of `protocol`, the same that clients use.

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

mod clock;
mod faults;
mod file_server;
mod http;
mod identity;
mod local_network;
mod memory;
mod memory_network;
mod node;
mod node_list;
mod peer;
mod port;
mod random;
mod rate_limit;
mod relay;
mod run_config;
mod running;
mod seam;
mod secret_file;
mod seed;
pub mod storage;
mod tls;

pub use faults::{Cut, Fault, Faults};
pub use file_server::{
    ArchiveError, FileHost, FileHostConfig, FileHostError, FileLimits, FileServer, OnionAnswer,
};
pub use http::Limits;
pub use identity::{IdentityError, NodeIdentity};
pub use local_network::{LocalNetwork, LocalNetworkError, LocalNetworkOptions};
pub use memory_network::MemoryNetwork;
pub use node::{Node, NodeConfig, NodeError, OpenStorage, StorageError};
pub use node_list::{HARD_FORK, NodeList, NodeRecord, VERSION};
pub use port::Port;
pub use rate_limit::RateLimit;
pub use relay::Exits;
pub use run_config::{RunConfig, RunConfigError, public_keys_json};
pub use seam::{
    Answer, BodyKind, FORWARD_TIMEOUT, PeerError, PeerReply, Peers, STORAGE_COMMAND, Storage, StorageSetup,
};
pub use secret_file::write as write_whole;
pub use tls::{Certificate, CertificateError};
