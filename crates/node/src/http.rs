//! What clients meet: HTTP/1.1 over TLS, a handful of routes, and limits on everything that a stranger can make grow.
//!
//! Owns connections, bodies and the words of refusals that need no knowledge of the request. Does not know what a storage
//! request or an onion says. Spec: node §1 (NDE-01 to NDE-09)

mod accept;
mod body;
mod callers;
mod connection;
mod cut;
mod reply;
mod routes;
mod stall;

use std::time::Duration;

pub(crate) use accept::{accept_each, serve_http};
pub(crate) use body::{BodyError, Room};
pub(crate) use callers::{Place, Places};
pub(crate) use connection::{Listening, accept};
pub(crate) use cut::Cuttable;
pub(crate) use routes::{Front, HungUp};

/// Largest request body in bytes. Spec: node §1 (NDE-04)
pub(crate) const MAX_BODY_LEN: usize = 10 * 1024 * 1024;

/// Bounds on what strangers can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections of clients at once; one more is dropped at once.
    pub max_connections: usize,
    /// Connections of one address at once; a carrier may have many people behind one. One more is dropped at once.
    pub max_connections_per_address: usize,
    /// Bytes of all request bodies and of answers to them that are in memory at once; a request beyond is told that the
    /// server is busy.
    pub max_body_bytes_in_memory: usize,
    /// Bytes of opened onion layers and of answers on their way back that are in memory at once; a request beyond is told
    /// that this node is not ready.
    pub max_onion_bytes_in_memory: usize,
    /// For the TLS handshake.
    pub handshake_timeout: Duration,
    /// From the end of one request, or the handshake, to the end of the next one's headers.
    pub head_timeout: Duration,
    /// For the body of one request.
    pub body_timeout: Duration,
    /// How long a client may take no byte of its answer; one that takes little loses patience as it goes on.
    pub stall_timeout: Duration,
}

impl Limits {
    /// 2,000 connections, 200 of one address, 256 MiB of bodies and as much of onion layers, 10 s for handshake and
    /// headers, 30 s for a body and for a stalled answer.
    pub const NETWORK: Self = Self {
        max_connections: 2_000,
        max_connections_per_address: 200,
        max_body_bytes_in_memory: 256 * 1024 * 1024,
        max_onion_bytes_in_memory: 256 * 1024 * 1024,
        handshake_timeout: Duration::from_secs(10),
        head_timeout: Duration::from_secs(10),
        body_timeout: Duration::from_secs(30),
        stall_timeout: Duration::from_secs(30),
    };
}

impl Default for Limits {
    /// [`Limits::NETWORK`]
    fn default() -> Self {
        Self::NETWORK
    }
}
