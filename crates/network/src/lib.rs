//! Reaches the network: the relay pool, swarms, paths of three relays, onion requests over TLS, retries.
//!
//! Owns: who is asked, over which path, how often and until when. Never: what a message says (that is `protocol`),
//! what is kept (that is `store`), what a user sees (that is `engine` and `contract`).
//!
//! Everything an engine needs is the [`Network`] trait; [`OnionNetwork`](crate::OnionNetwork) is the real one.

mod seam;

pub use seam::*;
