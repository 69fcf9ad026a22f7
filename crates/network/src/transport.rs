//! The seam between the network's logic and sockets.
//!
//! A transport posts bytes to a relay or a seed and gives back what came, within limits of size and time; it neither
//! retries (except on a kept connection that turns out dead) nor knows what the bytes mean.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use dialer::DialError;
use futures::future::BoxFuture;
use tokio::sync::watch;

use crate::Seed;
use crate::server_request::Transfer;

mod body;
mod connections;
mod https;
mod verify;

pub use https::HttpsTransport;

/// Where a relay takes onion requests.
pub const ONION_PATH: &str = "/onion_req/v2";
/// Where a seed answers.
pub const SEED_PATH: &str = "/json_rpc";

/// Bounds of one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first connection attempt to the last byte of the answer.
    pub total: Duration,
    /// Until TCP and TLS stand.
    pub connect: Duration,
    /// Longest answer.
    pub max_len_bytes: usize,
}

/// What an HTTP server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpReply {
    /// HTTP status.
    pub status: u16,
    /// The body, complete.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// Nothing accepts TCP connections there, or there is no way to that address. Found out at once.
    #[error("the connection was refused")]
    Refused,
    /// TCP or TLS did not stand in time.
    #[error("connecting took too long")]
    ConnectTimedOut,
    /// The proxy that the user has set cannot be reached, or does not serve. It says nothing of the peer.
    #[error("the proxy did not answer")]
    Proxy,
    /// TLS failed; with a pinned seed, its certificate is another one.
    #[error("the TLS handshake failed")]
    Tls,
    /// The connection ended before the answer was complete.
    #[error("the connection was closed")]
    Closed,
    /// The answer was not complete in time.
    #[error("the answer took too long")]
    TimedOut,
    /// The answer is longer than allowed.
    #[error("the answer is too long")]
    TooLong,
    /// The answer is not HTTP.
    #[error("the answer is not HTTP")]
    NotHttp,
}

impl TransportError {
    /// Whether the peer could not even be connected to.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Refused | Self::ConnectTimedOut | Self::Tls)
    }
}

impl From<DialError> for TransportError {
    fn from(error: DialError) -> Self {
        match error {
            DialError::TimedOut => Self::ConnectTimedOut,
            DialError::Proxy => Self::Proxy,
            _ => Self::Refused,
        }
    }
}

/// Carries bytes to relays and seeds.
pub trait Transport: Send + Sync + 'static {
    /// Posts an onion request to a relay; its certificate proves nothing and is not checked.
    ///
    /// `progress` is told of bytes as they move. Dropping the future ends the exchange.
    fn post_to_relay<'a>(
        &'a self,
        relay: SocketAddr,
        body: Bytes,
        limits: Limits,
        progress: &'a watch::Sender<Transfer>,
    ) -> BoxFuture<'a, Result<HttpReply, TransportError>>;

    /// Posts a JSON request to a seed, whose certificate is checked as its profile entry says.
    fn post_to_seed<'a>(
        &'a self,
        seed: &'a Seed,
        body: Bytes,
        limits: Limits,
    ) -> BoxFuture<'a, Result<HttpReply, TransportError>>;

    /// Whether a relay accepts TCP connections; sends nothing.
    fn probe(&self, relay: SocketAddr, timeout: Duration) -> BoxFuture<'_, Result<(), TransportError>>;

    /// Forgets kept connections, for instance because the device changed networks.
    fn forget_connections(&self);
}
