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

use crate::core::Core;
use crate::path::Path;
use crate::transport::{Limits, TransportError};

/// Longest answer of a relay: the largest a node gives, as text in text in base64, and some.
const MAX_REPLY_LEN: usize = 16 * 1024 * 1024;
/// Like the other clients that use HTTPS.
const CIPHER: Cipher = Cipher::AesGcm;

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

/// Sends a request to a node through a path and blames whom a failure points at.
pub(crate) async fn ask(
    core: &Core,
    path: &Arc<Path>,
    node: Hop,
    request: &Request,
    total: Duration,
) -> Result<NodeReply, Failure> {
    let _running = path.begin();
    let result = exchange(core, path, node, request, total).await;
    match &result {
        Ok(_) => {
            path.worked();
            let mut pool = core.pool();
            path.keys()
                .iter()
                .chain([&node.ed25519])
                .for_each(|relay| pool.clear(relay));
        }
        Err(failure) => {
            tracing::debug!(kind = kind(failure), "exchange failed");
            blame(core, path, &node.ed25519, failure);
        }
    }
    result
}

async fn exchange(
    core: &Core,
    path: &Path,
    node: Hop,
    request: &Request,
    total: Duration,
) -> Result<NodeReply, Failure> {
    let payload = request.to_json().to_string();
    let built = onion::build(
        &mut core.rng(),
        &path.hops(),
        &Destination::Node(node),
        payload.as_bytes(),
        CIPHER,
    );
    let (body, key) = built.map_err(|_| Failure::Keys)?;
    let limits = Limits {
        total,
        connect: core.timing.connect.min(total),
        max_len_bytes: MAX_REPLY_LEN,
    };
    let guard: SocketAddr = path.guard().address;
    let reply = core
        .transport
        .post_to_relay(guard, Bytes::from(body), limits)
        .await
        .map_err(Failure::Guard)?;
    core.note_heard();
    if reply.status == 200 {
        return key.open_node_reply(&reply.body).map_err(Failure::Reply);
    }
    let text = String::from_utf8_lossy(reply.body.get(..256).unwrap_or(&reply.body));
    let fault = PathFault::classify(reply.status, &text, &path.keys(), Some(&node.ed25519));
    Err(Failure::Path(fault))
}

/// Strikes whom the failure points at. Any relay of a path can forge the text that names another, so a named node gets one
/// strike, not all three.
fn blame(core: &Core, path: &Path, destination: &[u8; 32], failure: &Failure) {
    match failure {
        Failure::Guard(error) if error.is_unreachable() => {
            core.strike(&path.guard().key());
            core.look.notify_one();
            core.retire(path);
        }
        Failure::Guard(TransportError::TooLong | TransportError::NotHttp) => {
            core.strike(&path.guard().key());
            core.retire(path);
        }
        Failure::Path(PathFault::GuardNotReady) => {
            core.strike(&path.guard().key());
            core.retire(path);
        }
        Failure::Path(PathFault::DestinationUnreachable(node)) => core.strike(node),
        Failure::Path(PathFault::NodeNotReady(node)) if node == destination => core.strike(node),
        Failure::Path(PathFault::IntermediateNodeUnreachable(node) | PathFault::NodeNotReady(node)) => {
            core.strike(node);
            core.retire(path);
        }
        Failure::Keys => core.retire(path),
        Failure::Guard(_) | Failure::Path(_) | Failure::Reply(_) => {
            if path.strike() {
                path.keys().iter().for_each(|relay| core.strike(relay));
                core.retire(path);
            }
            core.look.notify_one();
        }
    }
}

/// A failure in a word without addresses or keys, for logs.
fn kind(failure: &Failure) -> &'static str {
    match failure {
        Failure::Guard(TransportError::Refused) => "guard-refused",
        Failure::Guard(TransportError::ConnectTimedOut) => "guard-connect-timed-out",
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
