//! The real [`Network`].

use std::sync::Arc;
use std::sync::atomic::Ordering;

use dialer::Dialer;
use futures::FutureExt;
use futures::future::BoxFuture;
use protocol::account::AccountId;
use protocol::onion::ServerReply;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::cache::NetworkCache;
use crate::clock::WallClock;
use crate::core::Core;
use crate::profile::{NetworkProfile, ProfileError};
use crate::seam::{BuildRequest, Network, NetworkState, RequestError, SwarmAnswer};
use crate::server_request::{ServerAddress, ServerRequest};
use crate::transport::{HttpsTransport, Transport};
use crate::{look, request, server, upkeep};

/// The network of a profile, reached through onion paths.
///
/// It starts two tasks that keep paths, the list of relays and the clock; they and all connections end when the value is
/// dropped.
pub struct OnionNetwork {
    core: Arc<Core>,
    tasks: JoinSet<()>,
}

impl OnionNetwork {
    /// Starts on a network over HTTPS. Must be called within a tokio runtime with time and I/O enabled.
    ///
    /// `dialer`: opens its connections. `seed`: 32 random bytes from which all choices of relays and all onion keys follow;
    /// never the same twice.
    ///
    /// # Errors
    /// When the profile does not pass its own check.
    pub fn start(
        dialer: Dialer,
        profile: NetworkProfile,
        cache: Arc<dyn NetworkCache>,
        clock: Arc<dyn WallClock>,
        seed: [u8; 32],
    ) -> Result<Self, ProfileError> {
        Self::start_over(Arc::new(HttpsTransport::new(dialer)), profile, cache, clock, seed)
    }

    /// The same over another transport.
    ///
    /// # Errors
    /// As [`OnionNetwork::start`].
    pub fn start_over(
        transport: Arc<dyn Transport>,
        profile: NetworkProfile,
        cache: Arc<dyn NetworkCache>,
        clock: Arc<dyn WallClock>,
        seed: [u8; 32],
    ) -> Result<Self, ProfileError> {
        profile.check()?;
        let core = Arc::new(Core::new(
            profile,
            transport,
            cache,
            clock,
            ChaCha20Rng::from_seed(seed),
        ));
        let mut tasks = JoinSet::new();
        tasks.spawn(upkeep::run(Arc::clone(&core)));
        tasks.spawn(look::run(Arc::clone(&core)));
        Ok(Self { core, tasks })
    }

    /// Ends the tasks and waits for their end.
    pub async fn close(mut self) {
        self.tasks.shutdown().await;
    }
}

impl Network for OnionNetwork {
    fn to_swarm<'a>(
        &'a self,
        account: AccountId,
        build: &'a BuildRequest<'a>,
    ) -> BoxFuture<'a, Result<SwarmAnswer, RequestError>> {
        request::to_swarm(&self.core, account, build).boxed()
    }

    fn to_server<'a>(
        &'a self,
        server: &'a ServerAddress,
        request: ServerRequest,
    ) -> BoxFuture<'a, Result<ServerReply, RequestError>> {
        server::to_server(&self.core, server, request).boxed()
    }

    fn state(&self) -> watch::Receiver<NetworkState> {
        self.core.watch_state()
    }

    fn new_path(&self) {
        self.core.other_paths.store(true, Ordering::Relaxed);
        self.core.upkeep.notify_one();
    }

    fn set_device_online(&self, online: bool) {
        self.core.set_device_online(online);
    }
}

impl std::fmt::Debug for OnionNetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OnionNetwork")
            .field("connection", &self.core.connection())
            .finish_non_exhaustive()
    }
}
