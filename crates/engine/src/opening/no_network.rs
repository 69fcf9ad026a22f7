//! A network that is never reached.

use futures::FutureExt;
use futures::future::BoxFuture;
use network::{
    BuildRequest, ConnectionState, Network, NetworkState, RequestError, ServerAddress, ServerRequest,
    SwarmAnswer,
};
use protocol::account::AccountId;
use protocol::onion::ServerReply;
use tokio::sync::watch;

/// Answers every request with [`RequestError::Offline`].
pub(super) struct NoNetwork(watch::Sender<NetworkState>);

impl NoNetwork {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(NetworkState {
            connection: ConnectionState::Offline,
            path: Vec::new(),
            clock_offset_ms: 0,
            clock_known: false,
            seeds_answered_ms: None,
            reason: None,
        }))
    }
}

impl Network for NoNetwork {
    fn to_swarm<'a>(
        &'a self,
        _: AccountId,
        _: &'a BuildRequest<'a>,
    ) -> BoxFuture<'a, Result<SwarmAnswer, RequestError>> {
        std::future::ready(Err(RequestError::Offline)).boxed()
    }

    fn to_server<'a>(
        &'a self,
        _: &'a ServerAddress,
        _: ServerRequest,
    ) -> BoxFuture<'a, Result<ServerReply, RequestError>> {
        std::future::ready(Err(RequestError::Offline)).boxed()
    }

    fn state(&self) -> watch::Receiver<NetworkState> {
        self.0.subscribe()
    }

    fn new_path(&self) {}

    fn set_device_online(&self, _: bool) {}
}
