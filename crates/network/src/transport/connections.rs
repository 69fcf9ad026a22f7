//! Open HTTP/1.1 connections and those kept for the next request.
//!
//! A connection serves one request at a time. What drives a connection is a task of this value's set: dropping the value
//! ends them all.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::TransportError;
use super::body::Outgoing;

/// Relays close an idle connection after 8 to 14 s; later than this one is not worth trying.
const KEEP: Duration = Duration::from_secs(8);
/// Connections kept for one relay.
const KEPT_PER_PEER: usize = 4;
/// Connections kept altogether.
const KEPT: usize = 32;
/// Longest head of an answer.
const MAX_HEAD_LEN: usize = 16 * 1024;

pub(super) type Sender = SendRequest<Outgoing>;

#[derive(Debug, Default)]
pub(super) struct Connections {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    kept: BTreeMap<SocketAddr, Vec<Kept>>,
    drivers: JoinSet<()>,
}

#[derive(Debug)]
struct Kept {
    sender: Sender,
    since: Instant,
    way: u64,
}

impl Kept {
    /// Whether it may be used still; what went another way out may not.
    fn is_of_use(&self, way: u64) -> bool {
        self.since.elapsed() < KEEP && self.way == way && !self.sender.is_closed()
    }
}

impl Connections {
    /// Speaks HTTP on a stream that stands; the connection is driven until either side ends it.
    pub(super) async fn open(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) -> Result<Sender, TransportError> {
        let mut builder = http1::Builder::new();
        builder.max_buf_size(MAX_HEAD_LEN).max_headers(64);
        let (sender, connection) = builder
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|_| TransportError::Closed)?;
        let mut state = self.lock();
        while state.drivers.try_join_next().is_some() {}
        state.drivers.spawn(async move {
            // How a connection ended is seen by the request on it, if there is one.
            let _ = connection.await;
        });
        Ok(sender)
    }

    /// A kept connection that still looks alive and went out by that way.
    pub(super) fn take(&self, peer: SocketAddr, way: u64) -> Option<Sender> {
        let mut state = self.lock();
        let kept = state.kept.get_mut(&peer)?;
        while let Some(last) = kept.pop() {
            if last.is_of_use(way) && last.sender.is_ready() {
                return Some(last.sender);
            }
        }
        state.kept.remove(&peer);
        None
    }

    /// Keeps a connection whose answer was read to its end. `way`: by which it went out ([`Dialer::changes`]).
    ///
    /// [`Dialer::changes`]: dialer::Dialer::changes
    pub(super) fn keep(&self, peer: SocketAddr, way: u64, sender: Sender) {
        let mut state = self.lock();
        for kept in state.kept.values_mut() {
            kept.retain(|kept| kept.is_of_use(way));
        }
        state.kept.retain(|_, kept| !kept.is_empty());
        let total: usize = state.kept.values().map(Vec::len).sum();
        let kept = state.kept.entry(peer).or_default();
        if total < KEPT && kept.len() < KEPT_PER_PEER && !sender.is_closed() {
            kept.push(Kept {
                sender,
                since: Instant::now(),
                way,
            });
        }
    }

    /// Closes what is kept.
    pub(super) fn forget(&self) {
        self.lock().kept.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
