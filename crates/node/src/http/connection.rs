//! Accepting connections and telling clients and nodes apart.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use rustls::server::{Acceptor, ClientHello};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::callers::Callers;
use super::routes::Front;
use super::stall::Unstalled;
use crate::node_list::{NodeList, NodeRecord};
use crate::peer::{self, PeerService};
use crate::tls;

/// Links that may be open for each node of the list; it needs one, and another while it restarts.
const LINKS_PER_NODE: usize = 4;

/// Waits this long when the system gives out no more connections.
pub(crate) const EXHAUSTED_PAUSE: Duration = Duration::from_millis(100);

/// All that a listening node needs for the connections that it accepts.
pub(crate) struct Listening {
    pub(crate) front: Arc<Front>,
    pub(crate) peers: Arc<dyn PeerService>,
    pub(crate) nodes: Arc<NodeList>,
    pub(crate) client_tls: Arc<ServerConfig>,
    pub(crate) peer_tls: Arc<ServerConfig>,
    /// Cancelled: no further request is begun, and idle connections and links of other nodes end.
    pub(crate) drain: CancellationToken,
    /// Cancelled: everything ends.
    pub(crate) stop: CancellationToken,
    pub(crate) connections: TaskTracker,
}

/// Accepts connections until told to drain or stop.
pub(crate) async fn accept(listener: TcpListener, node: Arc<Listening>) {
    let clients = Arc::new(Semaphore::new(node.front.limits.max_connections));
    let callers = Callers::new(node.front.limits.max_connections_per_address);
    let links = Arc::new(Semaphore::new(node.nodes.len().saturating_mul(LINKS_PER_NODE)));
    while let Some(accepted) = node.drain.run_until_cancelled(listener.accept()).await {
        let Ok((stream, address)) = accepted else {
            tracing::warn!("no connection can be accepted");
            tokio::time::sleep(EXHAUSTED_PAUSE).await;
            continue;
        };
        let IpAddr::V4(address) = address.ip() else {
            continue;
        };
        // Connections beyond the limit end at once, so that those within it are served.
        let Ok(permit) = clients.clone().try_acquire_owned() else {
            continue;
        };
        let Some(caller) = callers.admit(address) else {
            continue;
        };
        let (serving, links) = (node.clone(), links.clone());
        node.connections.spawn(async move {
            let connection = async {
                match serving.admit(stream).await {
                    Some(Admitted::Client(stream)) => serving.serve_client(*stream, address).await,
                    Some(Admitted::Node(stream, from)) => {
                        drop((permit, caller));
                        let Ok(_link) = links.try_acquire() else { return };
                        let link = peer::serve(*stream, from, serving.peers.clone());
                        serving.drain.run_until_cancelled(link).await;
                    }
                    None => {}
                }
            };
            serving.stop.run_until_cancelled(connection).await;
        });
    }
}

fn speaks_peer_protocol(hello: &ClientHello<'_>) -> bool {
    hello
        .alpn()
        .into_iter()
        .flatten()
        .any(|protocol| protocol == tls::PEER_PROTOCOL)
}

/// Who is at the other end once the handshake is done.
enum Admitted {
    Client(Box<TlsStream<TcpStream>>),
    Node(Box<TlsStream<TcpStream>>, Arc<NodeRecord>),
}

impl Listening {
    /// Does the TLS handshake; `None` where it fails, takes too long, or a stranger claims to be a node.
    async fn admit(&self, stream: TcpStream) -> Option<Admitted> {
        if !self.front.faults().admit().await {
            return None;
        }
        stream.set_nodelay(true).ok()?;
        let handshake = async {
            let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await.ok()?;
            if !speaks_peer_protocol(&hello.client_hello()) {
                let stream = hello.into_stream(self.client_tls.clone()).await.ok()?;
                return Some(Admitted::Client(Box::new(stream)));
            }
            let stream = hello.into_stream(self.peer_tls.clone()).await.ok()?;
            let key = stream
                .get_ref()
                .1
                .peer_certificates()?
                .first()
                .and_then(tls::peer_key)?;
            let from = Arc::new(self.nodes.get(&key)?.clone());
            Some(Admitted::Node(Box::new(stream), from))
        };
        tokio::time::timeout(self.front.limits.handshake_timeout, handshake)
            .await
            .ok()?
    }

    async fn serve_client(&self, stream: TlsStream<TcpStream>, address: Ipv4Addr) {
        let stream = TokioIo::new(Unstalled::new(stream, self.front.limits.stall_timeout));
        let service = service_fn(|request| self.front.respond(address, request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.front.limits.head_timeout)
            .serve_connection(stream, service);
        let mut connection = std::pin::pin!(connection);
        // How a connection ended is the client's affair.
        tokio::select! {
            _ = connection.as_mut() => {}
            () = self.drain.cancelled() => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    }
}
