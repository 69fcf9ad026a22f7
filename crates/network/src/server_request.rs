//! Requests to HTTP servers that are reached through onion paths.

use std::time::Duration;

use protocol::onion;
use tokio::sync::watch;
use url::Url;

use crate::profile::ServiceAddress;

/// Longest onion request that relays take. Spec: network §9 (NET-52)
pub(crate) const MAX_ONION_LEN: usize = 10 * 1024 * 1024;
/// Longest answer of a server: a file of the largest size that file servers keep, and room.
pub const MAX_SERVER_BODY_LEN: usize = 10_400_000;
/// Bodies beyond this make a request a large one. Spec: network §9 (NET-52)
const LARGE: usize = 256 * 1024;
/// How long all tries of a request without bodies may take.
const BASE_DEADLINE: Duration = Duration::from_secs(60);
/// The slowest connection that a deadline reckons with, in bytes a second.
const SLOWEST_BYTES_PER_S: usize = 16 * 1024;

/// A server that takes onion requests: one of a profile's services, or one that a link names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    /// `http://host[:port]` or `https://host[:port]`, as the last relay of a path connects to it; what follows is ignored.
    pub url: Url,
    /// The server's X25519 public key, to which requests are encrypted.
    pub x25519: [u8; 32],
}

impl From<&ServiceAddress> for ServerAddress {
    fn from(service: &ServiceAddress) -> Self {
        Self {
            url: service.url.clone(),
            x25519: service.x25519,
        }
    }
}

impl ServerAddress {
    /// As an exit relay is told; `None` for another scheme than http and https, or without a host.
    pub(crate) fn destination(&self) -> Option<onion::ServerDestination> {
        let protocol = match self.url.scheme() {
            "http" => onion::Protocol::Http,
            "https" => onion::Protocol::Https,
            _ => return None,
        };
        Some(onion::ServerDestination {
            host: self.url.host_str()?.to_owned(),
            protocol,
            port: self.url.port_or_known_default()?,
            x25519: self.x25519,
        })
    }
}

/// How far a request has come on the connection to the first relay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transfer {
    /// Bytes of the request that were handed to the connection, layers of encryption included.
    pub sent: u64,
    /// Bytes of the request in all; 0 before it is built.
    pub to_send: u64,
    /// Bytes of the answer that came.
    pub received: u64,
    /// Bytes of the answer in all, where the relay says how many.
    pub to_receive: Option<u64>,
}

/// A request to a server and how far to go for its answer.
#[derive(Clone, Debug)]
pub struct ServerRequest {
    /// What is asked.
    pub request: onion::ServerRequest,
    /// How long all tries together may take; one try takes at most half of it.
    pub deadline: Duration,
    /// Longest body of an answer that is taken, in bytes; at most [`MAX_SERVER_BODY_LEN`] counts.
    pub max_reply_len: usize,
    /// Told of what moves, at every few kilobytes; starts over with each try.
    pub progress: Option<watch::Sender<Transfer>>,
}

impl ServerRequest {
    /// A request for an answer of at most `max_reply_len` bytes, with a deadline within which both can be moved over a slow
    /// connection. Spec: network §9 (NET-53)
    pub fn new(request: onion::ServerRequest, max_reply_len: usize) -> Self {
        let moved = body_len(&request).saturating_add(max_reply_len);
        let seconds = u64::try_from(moved / SLOWEST_BYTES_PER_S).unwrap_or(u64::MAX);
        Self {
            request,
            deadline: BASE_DEADLINE.saturating_add(Duration::from_secs(seconds)),
            max_reply_len,
            progress: None,
        }
    }

    /// Has progress told to `sender`.
    #[must_use]
    pub fn with_progress(mut self, sender: watch::Sender<Transfer>) -> Self {
        self.progress = Some(sender);
        self
    }

    /// Whether it may move so much that few of its kind fit into memory at once.
    pub(crate) fn is_large(&self) -> bool {
        body_len(&self.request).max(self.max_reply_len) > LARGE
    }
}

fn body_len(request: &onion::ServerRequest) -> usize {
    request.body.as_ref().map_or(0, Vec::len)
}
