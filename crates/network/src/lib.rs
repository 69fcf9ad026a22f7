//! Reaches the network: the relay pool, swarms, paths of three relays, onion requests over TLS, retries;
//! requests to servers through the same paths.
//!
//! Owns: who is asked, over which path, how often and until when. Never: what a message says (that is `protocol`),
//! what is kept (that is `store`), what a user sees (that is `engine` and `contract`).
//!
//! Everything an engine needs is the [`Network`] trait; [`OnionNetwork`] is the real one. No connection is ever made to
//! an address that neither the [`NetworkProfile`] nor a node list obtained through it names.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bounds;
mod cache;
mod clock;
mod core;
mod exchange;
mod look;
mod onion_network;
mod path;
mod profile;
mod relay_pool;
mod request;
mod seam;
mod server;
mod server_request;
mod swarms;
mod transport;
mod upkeep;

pub use cache::{CachePart, MemoryCache, NetworkCache};
pub use clock::{SystemWallClock, WallClock};
pub use onion_network::OnionNetwork;
pub use profile::{NetworkProfile, ProfileError, Relay, Seed, ServiceAddress};
pub use seam::*;
pub use server_request::{MAX_SERVER_BODY_LEN, ServerAddress, ServerRequest, Transfer};
pub use transport::{HttpReply, HttpsTransport, Limits, ONION_PATH, SEED_PATH, Transport, TransportError};
