//! Where the two halves of a node meet: what carries requests, and what answers them.
//!
//! The carrying half (HTTPS, onion layers, the link between nodes) knows a [`Storage`] and gives it every storage request
//! that reaches the node, whichever way it came. The storing half knows [`Peers`] and hands requests on to the other
//! members of its swarm through it. Both know the [`NodeList`].
//!
//! `Node` puts them together: it makes the [`Peers`], opens the storage with a [`StorageSetup`] and calls
//! [`Storage::clean_up`] every ten seconds. Neither half starts tasks that outlive the node.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use protocol::TimestampMs;

use crate::identity::NodeIdentity;
use crate::node_list::{NodeList, NodeRecord};

/// How long a forwarded storage request may take before the member counts as silent. Spec: storage §11 (STO-73)
pub const FORWARD_TIMEOUT: Duration = Duration::from_secs(5);

/// The command under which a request of a client goes to the other members of the swarm.
///
/// Payload: bencoded list `[method, params]`, params as [`protocol::storage::Request::to_forwarded`] writes them. Answer:
/// status 200 and the member's bencoded entry, or a status and the text of a refusal.
pub const STORAGE_COMMAND: &str = "sn.storage_cc";

/// What the body of an [`Answer`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// A JSON value; goes out as `application/json`.
    Json,
    /// Text in UTF-8; goes out as `text/plain`.
    Text,
    /// Bytes, bencode among them; go out as they are over HTTPS and as base64 within an onion reply.
    Binary,
}

/// The answer to a client's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// As an HTTP status.
    pub status: u16,
    /// What `body` is.
    pub kind: BodyKind,
    /// Text, JSON or bytes.
    pub body: Vec<u8>,
}

impl Answer {
    /// A text, as all refusals are.
    pub fn text(status: u16, text: impl Into<String>) -> Self {
        Self {
            status,
            kind: BodyKind::Text,
            body: text.into().into_bytes(),
        }
    }

    /// A JSON value.
    pub fn json(status: u16, value: &impl serde::Serialize) -> Self {
        Self {
            status,
            kind: BodyKind::Json,
            // Answers have nothing that JSON could not say.
            body: serde_json::to_vec(value).unwrap_or_default(),
        }
    }

    /// Bytes that are neither.
    pub fn binary(status: u16, body: Vec<u8>) -> Self {
        Self {
            status,
            kind: BodyKind::Binary,
            body,
        }
    }
}

/// The answer of another node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerReply {
    /// As an HTTP status.
    pub status: u16,
    /// As the command says; text for a status that is not 200.
    pub body: Bytes,
}

impl PeerReply {
    /// A text, as all refusals are.
    pub fn text(status: u16, text: impl Into<String>) -> Self {
        Self {
            status,
            body: text.into().into(),
        }
    }
}

/// Keeps messages and answers requests about them.
///
/// Implementations do their own locking and move blocking work off the async threads.
pub trait Storage: Send + Sync + 'static {
    /// Answers a client. `body` is the whole RPC request, `{"method":NAME,"params":{..}}`, exactly as it came over HTTPS
    /// or out of an onion layer, and may be anything at all. The answer is the same either way; see [`BodyKind::Binary`].
    /// Only called while this node is in a swarm.
    fn handle<'a>(&'a self, now: TimestampMs, body: &'a [u8]) -> BoxFuture<'a, Answer>;

    /// Answers `from`, a node proven to be in the list. `command` is for instance [`STORAGE_COMMAND`].
    fn handle_peer<'a>(
        &'a self,
        now: TimestampMs,
        from: &'a NodeRecord,
        command: &'a str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, PeerReply>;

    /// Forgets what has expired.
    fn clean_up(&self, now: TimestampMs) -> BoxFuture<'_, ()>;
}

/// Why another node gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeerError {
    /// It is not in the list.
    #[error("not a node of the list")]
    Unknown,
    /// It cannot be connected to, is another node than the list says, or hung up.
    #[error("cannot be reached")]
    Unreachable,
    /// It did not answer in time.
    #[error("did not answer in time")]
    Timeout,
    /// What it sent is no answer.
    #[error("sent something that is no answer")]
    BadResponse,
}

/// Reaches the other nodes. The link proves both ends: what comes back is from that node.
pub trait Peers: Send + Sync + 'static {
    /// Sends a command to `node` (its Ed25519 key) and waits up to `timeout` for the answer, connecting included.
    ///
    /// # Errors
    /// [`PeerError`]; a refusal is an answer.
    fn send<'a>(
        &'a self,
        node: &'a [u8; 32],
        command: &'a str,
        payload: Vec<u8>,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<PeerReply, PeerError>>;
}

/// What a storage is opened with.
#[derive(Clone)]
pub struct StorageSetup {
    /// This node; signs its entries.
    pub identity: Arc<NodeIdentity>,
    /// All nodes, this one included.
    pub nodes: Arc<NodeList>,
    /// Reaches the other members of the swarm.
    pub peers: Arc<dyn Peers>,
    /// Where the database file is, or in memory.
    pub database: Option<PathBuf>,
}
