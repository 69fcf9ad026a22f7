//! A request to a server, with all its tries. Spec: network §9 (NET-50 to NET-57)
//!
//! What fails on the way to a server comes back in plain text, and the server's own failures look the same; any server
//! could name a relay in such a text. So nobody is blamed for one: the request takes another path, and the path that
//! failed is tested with a node as its destination.

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use protocol::onion::{self, Destination, PathFault, ServerReply};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::core::Core;
use crate::exchange::{CIPHER, Failure, Load, blame_guard, carry, kind};
use crate::path::Path;
use crate::request::{path_for, path_ready};
use crate::seam::{ConnectionState, RequestError};
use crate::server_request::{MAX_ONION_LEN, MAX_SERVER_BODY_LEN, ServerAddress, ServerRequest, Transfer};
use crate::transport::{Limits, TransportError};

/// Tries of one request.
const MOST_TRIES: u32 = 4;
/// What four layers of encryption and the routing in them add, and more.
const LAYERS_ROOM: usize = 4 * 1024;
/// What an answer's head, list and encryption add to its body, and more.
const HEAD_ROOM: usize = 32 * 1024;
/// An answer that is too long on so many paths is the server's.
const TOO_LONG_ON_PATHS: usize = 2;
/// A try takes one part of so many of the deadline: another path has its chance where the first one only trickles.
const CHANCES: u32 = 2;
/// Pause before a further try; grows with each.
const PAUSE: Duration = Duration::from_millis(250);

/// Sends a request to a server.
pub(crate) async fn to_server(
    core: &Core,
    server: &ServerAddress,
    request: ServerRequest,
) -> Result<ServerReply, RequestError> {
    let destination = server.destination().ok_or(RequestError::UnusableServer)?;
    let (turns, quiet) = if request.is_large() {
        (&core.transfers, core.timing.quiet)
    } else {
        (&core.requests, core.timing.exchange)
    };
    let _turn = turns.acquire().await;
    let transfer = Transfers {
        core,
        destination: Destination::Server(destination),
        list: encode(request.request).await?,
        max_reply_len: request.max_reply_len.min(MAX_SERVER_BODY_LEN),
        one_try: request.deadline.checked_div(CHANCES).unwrap_or_default(),
        quiet,
        progress: request.progress.unwrap_or_default(),
    };
    match timeout(request.deadline, transfer.run()).await {
        Ok(result) => result,
        Err(_) => Err(match core.connection() {
            ConnectionState::Offline => RequestError::Offline,
            ConnectionState::Connecting | ConnectionState::NotConnected => RequestError::NoPath,
            ConnectionState::Connected => RequestError::ServerSilent,
        }),
    }
}

/// The request's list, which all tries send.
async fn encode(request: onion::ServerRequest) -> Result<Bytes, RequestError> {
    let list = off_the_runtime(move || request.encode()).await;
    let list = list.ok_or(RequestError::ServerSilent)?;
    if list.len() > MAX_ONION_LEN.saturating_sub(LAYERS_ROOM) {
        return Err(RequestError::TooLarge);
    }
    Ok(Bytes::from(list))
}

/// A request ready to be sent over one path after the other.
struct Transfers<'c> {
    core: &'c Core,
    destination: Destination,
    list: Bytes,
    max_reply_len: usize,
    one_try: Duration,
    quiet: Duration,
    progress: watch::Sender<Transfer>,
}

impl Transfers<'_> {
    async fn run(&self) -> Result<ServerReply, RequestError> {
        let mut avoid = Vec::new();
        let (mut too_long, mut unusable) = (0_usize, 0_u32);
        for tries in 0..MOST_TRIES {
            sleep(PAUSE.saturating_mul(tries)).await;
            path_ready(self.core).await?;
            let path = path_for(self.core, None, &avoid).ok_or(RequestError::NoPath)?;
            let failure = match self.exchange(&path).await {
                Ok(reply) if reply.body.len() > self.max_reply_len => return Err(RequestError::TooLarge),
                Ok(reply) => return Ok(reply),
                Err(failure) => failure,
            };
            tracing::debug!(kind = kind(&failure), "request to a server failed");
            match failure {
                Failure::Guard(TransportError::TooLong) => too_long = too_long.saturating_add(1),
                Failure::Keys => unusable = unusable.saturating_add(1),
                Failure::Guard(_) | Failure::Path(_) | Failure::Reply(_) => {}
            }
            if too_long >= TOO_LONG_ON_PATHS {
                return Err(RequestError::TooLarge);
            }
            avoid.push(path.id);
        }
        // A path has relays with good keys sooner or later; the server's key stays what it is.
        Err(match unusable {
            MOST_TRIES => RequestError::UnusableServer,
            _ => RequestError::ServerSilent,
        })
    }

    async fn exchange(&self, path: &Arc<Path>) -> Result<ServerReply, Failure> {
        let _running = path.begin();
        let result = self.try_exchange(path).await;
        match &result {
            Ok(_) => {
                path.worked();
                let mut pool = self.core.pool();
                path.keys().iter().for_each(|relay| pool.clear(relay));
            }
            Err(Failure::Guard(error)) if error.is_unreachable() || *error == TransportError::NotHttp => {
                blame_guard(self.core, path);
            }
            Err(Failure::Guard(_)) => {
                self.core.look.notify_one();
                self.core.doubt(path);
            }
            Err(Failure::Path(_) | Failure::Reply(_) | Failure::Keys) => self.core.doubt(path),
        }
        result
    }

    async fn try_exchange(&self, path: &Path) -> Result<ServerReply, Failure> {
        let (mut rng, hops, destination) = (self.core.rng(), path.hops(), self.destination.clone());
        let list = self.list.clone();
        let build = move || onion::build(&mut rng, &hops, &destination, &list, CIPHER);
        let built = off_the_runtime(build).await.ok_or(Failure::Keys)?;
        let (body, key) = built.map_err(|_| Failure::Keys)?;
        let load = Load {
            body: Bytes::from(body),
            limits: Limits {
                total: self.one_try,
                connect: self.core.timing.connect.min(self.one_try),
                max_len_bytes: self.max_reply_len.saturating_add(HEAD_ROOM),
            },
            quiet: self.quiet,
            progress: &self.progress,
        };
        let reply = carry(self.core, path, load).await?;
        if reply.status != 200 {
            let text = String::from_utf8_lossy(reply.body.get(..256).unwrap_or(&reply.body));
            let fault = PathFault::classify(reply.status, &text, &path.keys(), None);
            return Err(Failure::Path(fault));
        }
        let opened = off_the_runtime(move || key.open_server_reply(&reply.body)).await;
        opened
            .unwrap_or(Err(onion::ReplyError::Malformed))
            .map_err(Failure::Reply)
    }
}

/// Does work on megabytes where it holds up nobody; `None` when the runtime is shutting down.
async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}
