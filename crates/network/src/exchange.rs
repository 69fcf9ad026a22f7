//! One request through one path, and what a failure costs whom. Spec: network §4 (NET-17)

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use protocol::onion::{self, Cipher, Destination, Hop, NodeReply, PathFault, ReplyError};
use protocol::storage::Request;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::bounds::max_reply_len;
use crate::core::Core;
use crate::path::Path;
use crate::server_request::Transfer;
use crate::transport::{HttpReply, Limits, TransportError};

/// Like the other clients that use HTTPS.
pub(crate) const CIPHER: Cipher = Cipher::AesGcm;
/// So much may be written to a connection before it takes a sign of life from the relay to write more.
const UNACKNOWLEDGED: u64 = 256 * 1024;

/// Why an exchange came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// The guard could not be talked to.
    #[error("guard: {0}")]
    Guard(TransportError),
    /// A relay said that something is wrong.
    #[error("path: {0:?}")]
    Path(PathFault),
    /// The answer is not the destination's.
    #[error("reply: {0}")]
    Reply(ReplyError),
    /// No request can be made for these relays' keys.
    #[error("unusable key on the path")]
    Keys,
}

impl Failure {
    /// Whether the destination is to blame rather than the path.
    pub(crate) fn is_destinations(&self, destination: &[u8; 32]) -> bool {
        match self {
            Self::Path(PathFault::DestinationUnreachable(key) | PathFault::NodeNotReady(key)) => {
                key == destination
            }
            Self::Guard(_) | Self::Path(_) | Self::Reply(_) | Self::Keys => false,
        }
    }
}

/// A request to one node.
pub(crate) struct Question<'a> {
    pub(crate) node: Hop,
    pub(crate) request: &'a Request,
    /// How long it may take.
    pub(crate) total: Duration,
    /// Told of what moves.
    pub(crate) progress: watch::Sender<Transfer>,
}

impl<'a> Question<'a> {
    pub(crate) fn new(node: Hop, request: &'a Request, total: Duration) -> Self {
        Self {
            node,
            request,
            total,
            progress: watch::Sender::default(),
        }
    }
}

/// Sends a request to a node through a path and blames whom a failure points at.
pub(crate) async fn ask(core: &Core, path: &Arc<Path>, question: Question<'_>) -> Result<NodeReply, Failure> {
    let _running = path.begin();
    let node = question.node.ed25519;
    let result = exchange(core, path, question).await;
    match &result {
        Ok(_) => {
            path.worked();
            let mut pool = core.pool();
            path.keys()
                .iter()
                .chain([&node])
                .for_each(|relay| pool.clear(relay));
        }
        Err(failure) => {
            tracing::debug!(kind = kind(failure), "exchange failed");
            blame(core, path, &node, failure);
        }
    }
    result
}

async fn exchange(core: &Core, path: &Path, question: Question<'_>) -> Result<NodeReply, Failure> {
    let Question {
        node,
        request,
        total,
        progress,
    } = question;
    let payload = request.to_json().to_string();
    let built = onion::build(
        &mut core.rng(),
        &path.hops(),
        &Destination::Node(node),
        payload.as_bytes(),
        CIPHER,
    );
    let (body, key) = built.map_err(|_| Failure::Keys)?;
    let load = Load {
        body: Bytes::from(body),
        limits: Limits {
            total,
            connect: core.timing.connect.min(total),
            max_len_bytes: max_reply_len(request),
        },
        quiet: total,
        progress: &progress,
    };
    let reply = carry(core, path, load).await?;
    if reply.status == 200 {
        return key.open_node_reply(&reply.body).map_err(Failure::Reply);
    }
    let text = String::from_utf8_lossy(reply.body.get(..256).unwrap_or(&reply.body));
    let fault = PathFault::classify(reply.status, &text, &path.keys(), Some(&node.ed25519));
    Err(Failure::Path(fault))
}

/// What is carried to a guard.
pub(crate) struct Load<'a> {
    pub(crate) body: Bytes,
    pub(crate) limits: Limits,
    /// Longest time in which nothing moves.
    pub(crate) quiet: Duration,
    pub(crate) progress: &'a watch::Sender<Transfer>,
}

/// Has a request's bytes carried to the guard and its answer back. What moves meanwhile shows that the guard is there, so
/// that a long transfer on a slow line is not taken for a cut one.
pub(crate) async fn carry(core: &Core, path: &Path, load: Load<'_>) -> Result<HttpReply, Failure> {
    let Load {
        body,
        limits,
        quiet,
        progress,
    } = load;
    let guard: SocketAddr = path.guard().address;
    let mut moves = progress.subscribe();
    let mut posting = core.transport.post_to_relay(guard, body, limits, progress);
    loop {
        tokio::select! {
            reply = &mut posting => {
                let reply = reply.map_err(Failure::Guard)?;
                core.note_heard();
                return Ok(reply);
            }
            moved = timeout(quiet, moves.changed()) => {
                let Ok(_) = moved else {
                    return Err(Failure::Guard(TransportError::TimedOut));
                };
                let transfer = *moves.borrow_and_update();
                if transfer.received > 0 || transfer.sent > UNACKNOWLEDGED {
                    core.note_heard();
                }
            }
        }
    }
}

/// Strikes whom the failure points at. Any relay of a path can forge the text that names another; what follows from such
/// a word is bounded. Spec: network §2 (NET-09)
fn blame(core: &Core, path: &Path, destination: &[u8; 32], failure: &Failure) {
    match failure {
        Failure::Guard(error) if error.is_unreachable() => blame_guard(core, path),
        Failure::Guard(TransportError::NotHttp) => blame_guard(core, path),
        // Whoever is behind the guard can send that much, or have it say that it does not serve.
        Failure::Guard(TransportError::TooLong) => {
            path.keys()
                .iter()
                .for_each(|relay| core.strike_on_word_of(path, relay));
            core.retire(path);
        }
        Failure::Path(PathFault::GuardNotReady) => {
            core.strike_on_word_of(path, &path.guard().key());
            core.retire(path);
        }
        Failure::Path(PathFault::DestinationUnreachable(node) | PathFault::NodeNotReady(node))
            if node == destination =>
        {
            core.strike_on_word_of(path, node);
            // Three in a row are more likely one lie than three dead nodes; which of the relays lies is not known.
            if path.strike() {
                core.retire(path);
            }
        }
        Failure::Path(
            PathFault::IntermediateNodeUnreachable(node)
            | PathFault::DestinationUnreachable(node)
            | PathFault::NodeNotReady(node),
        ) => {
            core.strike_on_word_of(path, node);
            core.retire(path);
        }
        Failure::Keys => core.retire(path),
        // Nobody on the path had a part in it.
        Failure::Guard(TransportError::Proxy) => core.look.notify_one(),
        Failure::Guard(_) | Failure::Path(_) | Failure::Reply(_) => blame_path(core, path),
    }
}

/// Notes a failure that may be any relay's.
fn blame_path(core: &Core, path: &Path) {
    if path.strike() {
        path.keys()
            .iter()
            .for_each(|relay| core.strike_on_word_of(path, relay));
        core.retire(path);
    }
    core.look.notify_one();
}

/// Notes that nothing came from a member over a path while another one answered over another path.
pub(crate) fn blame_silence(core: &Core, path: &Path, member: &[u8; 32]) {
    core.strike_on_word_of(path, member);
    blame_path(core, path);
}

/// Strikes a guard that this device itself found wanting, and gives its path up.
pub(crate) fn blame_guard(core: &Core, path: &Path) {
    core.strike(&path.guard().key());
    core.look.notify_one();
    core.retire(path);
}

/// A failure in a word without addresses or keys, for logs.
pub(crate) fn kind(failure: &Failure) -> &'static str {
    match failure {
        Failure::Guard(TransportError::Refused) => "guard-refused",
        Failure::Guard(TransportError::ConnectTimedOut) => "guard-connect-timed-out",
        Failure::Guard(TransportError::Proxy) => "proxy",
        Failure::Guard(TransportError::Tls) => "guard-tls",
        Failure::Guard(TransportError::Closed) => "guard-closed",
        Failure::Guard(TransportError::TimedOut) => "timed-out",
        Failure::Guard(TransportError::TooLong) => "guard-too-long",
        Failure::Guard(TransportError::NotHttp) => "guard-not-http",
        Failure::Path(PathFault::IntermediateNodeUnreachable(_)) => "relay-unreachable",
        Failure::Path(PathFault::DestinationUnreachable(_)) => "destination-unreachable",
        Failure::Path(PathFault::NodeNotReady(_)) => "node-not-ready",
        Failure::Path(PathFault::GuardNotReady) => "guard-not-ready",
        Failure::Path(PathFault::PathTimedOut) => "path-timed-out",
        Failure::Path(PathFault::InvalidHopResponse) => "invalid-hop-response",
        Failure::Path(PathFault::RefusedByRelay) => "refused-by-relay",
        Failure::Path(PathFault::Unknown) => "path-unknown",
        Failure::Reply(_) => "reply",
        Failure::Keys => "keys",
    }
}
