//! Requests to HTTP servers that are reached through onion paths, and their answers.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use protocol::onion;
use tokio::sync::watch;
use url::Url;

use crate::profile::ServiceAddress;

/// Longest onion request that relays take. Spec: network §9 (NET-52)
pub(crate) const MAX_ONION_LEN: usize = 10 * 1024 * 1024;
/// Longest answer of a server: a file of the largest size that file servers keep, and room.
pub const MAX_SERVER_BODY_LEN: usize = 10_400_000;
/// How long all tries of a request without bodies may take.
const BASE_DEADLINE: Duration = Duration::from_secs(60);
/// The slowest connection that [`ServerRequest::with_deadline_for`] reckons with, in bytes a second.
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

/// The HTTP method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerMethod {
    /// Reads.
    Get,
    /// Adds.
    Post,
    /// Sets.
    Put,
    /// Removes.
    Delete,
}

impl ServerMethod {
    /// In capitals, as on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put)
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

/// A request to a server.
#[derive(Clone, Debug)]
pub struct ServerRequest {
    /// The HTTP method.
    pub method: ServerMethod,
    /// Path and query, starting with `/`.
    pub endpoint: String,
    /// Header names and values; a body needs its `Content-Type` here.
    pub headers: BTreeMap<String, String>,
    /// Sent with [`ServerMethod::Post`] and [`ServerMethod::Put`] only, where it may be empty.
    pub body: Bytes,
    /// How long all tries together may take; one try takes at most half of it.
    pub deadline: Duration,
    /// Longest answer that is taken, in bytes; at most [`MAX_SERVER_BODY_LEN`] counts.
    pub max_reply_len: usize,
    /// Told of what moves, at every few kilobytes; starts over with each try.
    pub progress: Option<watch::Sender<Transfer>>,
}

impl ServerRequest {
    /// A request without a body for an answer of at most `max_reply_len` bytes, with a deadline that fits it.
    pub fn get(endpoint: impl Into<String>, max_reply_len: usize) -> Self {
        Self {
            method: ServerMethod::Get,
            endpoint: endpoint.into(),
            headers: BTreeMap::new(),
            body: Bytes::new(),
            deadline: BASE_DEADLINE,
            max_reply_len,
            progress: None,
        }
        .with_deadline_for(max_reply_len)
    }

    /// A request that carries `body`, of some content type, for an answer of at most `max_reply_len` bytes, with a deadline
    /// that fits both.
    pub fn post(
        endpoint: impl Into<String>,
        content_type: &str,
        body: impl Into<Bytes>,
        max_reply_len: usize,
    ) -> Self {
        let body = body.into();
        let moved = body.len().saturating_add(max_reply_len);
        Self {
            method: ServerMethod::Post,
            headers: BTreeMap::from([("Content-Type".to_owned(), content_type.to_owned())]),
            body,
            ..Self::get(endpoint, max_reply_len)
        }
        .with_deadline_for(moved)
    }

    /// Sets a deadline within which `len_bytes` can be moved over a slow connection. Spec: network §9 (NET-53)
    #[must_use]
    pub fn with_deadline_for(mut self, len_bytes: usize) -> Self {
        let seconds = u64::try_from(len_bytes / SLOWEST_BYTES_PER_S).unwrap_or(u64::MAX);
        self.deadline = BASE_DEADLINE.saturating_add(Duration::from_secs(seconds));
        self
    }

    /// Has progress told to `sender`.
    #[must_use]
    pub fn with_progress(mut self, sender: watch::Sender<Transfer>) -> Self {
        self.progress = Some(sender);
        self
    }

    /// The request as a server gets it, body included. Spec: onion §8 (ONI-16)
    pub fn to_onion(&self) -> onion::ServerRequest {
        onion::ServerRequest {
            method: self.method.name().to_owned(),
            endpoint: self.endpoint.clone(),
            headers: self.headers.clone(),
            body: self.method.has_body().then(|| self.body.to_vec()),
        }
    }
}

/// What a server answered, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerResponse {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case, and values.
    pub headers: BTreeMap<String, String>,
    /// May be empty.
    pub body: Bytes,
}

impl From<onion::ServerReply> for ServerResponse {
    fn from(reply: onion::ServerReply) -> Self {
        Self {
            status: reply.code,
            headers: reply.headers,
            body: Bytes::from(reply.body),
        }
    }
}
