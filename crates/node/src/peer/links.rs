//! All links that this node asks on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::asking::Link;
use crate::identity::NodeIdentity;
use crate::node_list::{NodeList, NodeRecord};
use crate::seam::{PeerError, PeerReply, Peers};
use crate::tls;

/// How long connecting may take, TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

type Connecting = Shared<BoxFuture<'static, Result<Arc<Link>, PeerError>>>;

/// Keeps one link to each node that was asked something, and connects again where it ended.
pub(crate) struct PeerLinks {
    targets: BTreeMap<[u8; 32], Target>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

struct Target {
    record: NodeRecord,
    tls: Arc<ClientConfig>,
    link: Mutex<Option<Connecting>>,
}

impl PeerLinks {
    /// Links from `identity` to the others of the list; their tasks run in `tasks` and end with `stop`.
    pub(crate) fn new(
        identity: &NodeIdentity,
        nodes: &NodeList,
        tasks: TaskTracker,
        stop: CancellationToken,
    ) -> Result<Self, rustls::Error> {
        let own = identity.ed25519();
        let targets = nodes.iter().filter(|node| node.ed25519 != own).map(|node| {
            let tls = tls::peer_client_config(identity, node.ed25519)?;
            Ok((
                node.ed25519,
                Target {
                    record: node.clone(),
                    tls,
                    link: Mutex::default(),
                },
            ))
        });
        Ok(Self {
            targets: targets.collect::<Result<_, rustls::Error>>()?,
            tasks,
            stop,
        })
    }

    /// The link to a node: the one there is, the one that is being made, or a new one.
    fn link(&self, target: &Target) -> Connecting {
        // Nothing panics while it holds the lock.
        let mut slot = target.link.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(link) = &*slot {
            let usable = match link.peek() {
                None => true,
                Some(Ok(link)) => link.is_open(),
                Some(Err(_)) => false,
            };
            if usable {
                return link.clone();
            }
        }
        let connect = connect(
            target.record.clone(),
            target.tls.clone(),
            self.tasks.clone(),
            self.stop.clone(),
        );
        // A task of its own, so that connecting goes on, and ends, while nobody waits for it.
        let link = self
            .tasks
            .spawn(connect)
            .map(|done| done.unwrap_or(Err(PeerError::Unreachable)));
        let link = link.boxed().shared();
        *slot = Some(link.clone());
        link
    }
}

impl Peers for PeerLinks {
    fn send<'a>(
        &'a self,
        node: &'a [u8; 32],
        command: &'a str,
        payload: Vec<u8>,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<PeerReply, PeerError>> {
        let ask = async move {
            let target = self.targets.get(node).ok_or(PeerError::Unknown)?;
            let link = self.link(target).await?;
            link.ask(command, payload.into()).await
        };
        async move {
            tokio::time::timeout(timeout, ask)
                .await
                .unwrap_or(Err(PeerError::Timeout))
        }
        .boxed()
    }
}

async fn connect(
    record: NodeRecord,
    tls: Arc<ClientConfig>,
    tasks: TaskTracker,
    stop: CancellationToken,
) -> Result<Arc<Link>, PeerError> {
    let handshake = async {
        let stream = TcpStream::connect((record.ip, record.https_port)).await?;
        stream.set_nodelay(true)?;
        TlsConnector::from(tls)
            .connect(ServerName::IpAddress(record.ip.into()), stream)
            .await
    };
    let timed = tokio::time::timeout(CONNECT_TIMEOUT, handshake);
    match stop.run_until_cancelled(timed).await {
        Some(Ok(Ok(stream))) => Ok(Link::start(stream, &tasks, &stop)),
        Some(Ok(Err(_))) | None => Err(PeerError::Unreachable),
        Some(Err(_)) => Err(PeerError::Timeout),
    }
}
