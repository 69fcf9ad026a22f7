//! Reaches the network: the relay pool, swarms, paths of three relays, onion requests over TLS, retries.
//!
//! Owns: who is asked, over which path, how often and until when. Never: what a message says (that is `protocol`),
//! what is kept (that is `store`), what a user sees (that is `engine` and `contract`).
//!
//! Everything an engine needs is the [`Network`] trait; `OnionNetwork` is the real one. No connection is ever made to
//! an address that neither the [`NetworkProfile`] nor a node list obtained through it names.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod cache;
mod profile;
mod seam;

pub use cache::{CachePart, MemoryCache, NetworkCache};
pub use profile::{NetworkProfile, ProfileError, Relay, Seed, ServiceAddress};
pub use seam::*;
