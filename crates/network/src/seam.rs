//! The seam between an engine and the network.

use futures::future::BoxFuture;
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::onion::ServerReply;
use protocol::storage::Request;
use tokio::sync::watch;

use crate::server_request::{ServerAddress, ServerRequest};

/// Builds the request for one try: called again for each retry with a fresh network time, so that signatures and
/// timestamps are current while the message inside keeps its identity, and with the Ed25519 key of the swarm member that
/// is asked, because last hashes are kept per member.
pub type BuildRequest<'a> = dyn Fn(TimestampMs, &[u8; 32]) -> Request + Send + Sync + 'a;

/// What a swarm member answered.
#[derive(Clone, Debug, PartialEq)]
pub struct SwarmAnswer {
    /// The member's Ed25519 key; last hashes are kept per member.
    pub node: [u8; 32],
    /// Ed25519 keys of the members of the account's swarm, as far as they are known: what another key signs about the
    /// swarm proves nothing.
    pub members: Vec<[u8; 32]>,
    /// 200, or the first status of a batch that was not.
    pub status: u16,
    /// The reply's JSON, parsed by `protocol::storage::replies`.
    pub body: serde_json::Value,
}

/// Why a request to a swarm or a server came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// This device has no network: no relay can be reached at all.
    #[error("offline")]
    Offline,
    /// No path of three relays could be built.
    #[error("no path")]
    NoPath,
    /// The swarm's members did not answer, on any path tried.
    #[error("the swarm did not answer")]
    SwarmSilent,
    /// The server gave no answer that opens, on any path tried.
    #[error("the server did not answer")]
    ServerSilent,
    /// The request is longer than relays take, or the answer longer than the request allows.
    #[error("the request or its answer is too long")]
    TooLarge,
    /// The server's address is none that a relay can connect to, or its key is no key.
    #[error("the server's address or key cannot be used")]
    UnusableServer,
    /// The swarm answered with a refusal that another try will not change.
    #[error("refused with status {status}: {reason}")]
    Refused {
        /// Inner status, for instance 400.
        status: u16,
        /// The node's text, at most 200 characters; may be shown, never parsed.
        reason: String,
    },
}

impl RequestError {
    /// Whether trying again later may help.
    pub fn may_pass(&self) -> bool {
        !matches!(self, Self::Refused { .. } | Self::TooLarge | Self::UnusableServer)
    }
}

/// One relay of the path in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRelay {
    /// Its Ed25519 key.
    pub node: [u8; 32],
    /// Its address.
    pub ip: std::net::IpAddr,
}

/// The connection in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// A path works.
    Connected,
    /// A path is being built.
    Connecting,
    /// Relays can be reached but no path works.
    NotConnected,
    /// No relay can be reached, or the device said that it has no network.
    Offline,
}

/// What the network layer knows of itself; watched by the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkState {
    /// In one word.
    pub connection: ConnectionState,
    /// Entry, middle, exit of the path most recently used; empty while there is none.
    pub path: Vec<PathRelay>,
    /// Add this to the device clock to get network time, in milliseconds.
    pub clock_offset_ms: i64,
    /// Relays have said so since this was started; until then the offset is zero.
    pub clock_known: bool,
    /// When a seed last answered, in device time, for the services screen.
    pub seeds_answered_ms: Option<i64>,
    /// A short code of why there is no path.
    pub reason: Option<String>,
}

/// Reaches swarms and servers. One value serves one account; dropping it stops its tasks.
pub trait Network: Send + Sync + 'static {
    /// Sends a request to one member of the account's swarm and tries further members and paths within about 50 s.
    ///
    /// # Errors
    /// [`RequestError`]; `Refused` is final for this request, all others may pass.
    fn to_swarm<'a>(
        &'a self,
        account: AccountId,
        build: &'a BuildRequest<'a>,
    ) -> BoxFuture<'a, Result<SwarmAnswer, RequestError>>;

    /// Sends a request to a server and tries further paths until its deadline. Dropping the future ends the transfer.
    ///
    /// A server may get a request more than once: an answer that was lost on its way back is asked for again. Whatever
    /// status the server answers with is its answer; no relay is blamed for it.
    ///
    /// # Errors
    /// [`RequestError`], except `SwarmSilent` and `Refused`.
    fn to_server<'a>(
        &'a self,
        server: &'a ServerAddress,
        request: ServerRequest,
    ) -> BoxFuture<'a, Result<ServerReply, RequestError>>;

    /// The current state and its changes.
    fn state(&self) -> watch::Receiver<NetworkState>;

    /// Leaves the current path for another one.
    fn new_path(&self);

    /// Tells what the device knows of its own connectivity. `true` also wakes waiting retries.
    fn set_device_online(&self, online: bool);
}
