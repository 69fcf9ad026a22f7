//! Accepting connections and telling clients and nodes apart.

use std::net::Ipv4Addr;
use std::sync::Arc;

use hyper::service::service_fn;
use rustls::ServerConfig;
use rustls::server::{Acceptor, ClientHello};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::accept::{accept_each, serve_http};
use super::callers::Place;
use super::routes::Front;
use crate::node_list::{NodeList, NodeRecord};
use crate::peer::{self, PeerService};
use crate::tls;

/// Links that may be open for each node of the list; it needs one, and another while it restarts.
const LINKS_PER_NODE: usize = 4;

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
    let links = Arc::new(Semaphore::new(node.nodes.len().saturating_mul(LINKS_PER_NODE)));
    let begin = |stream, address, place: Place| {
        let (serving, links) = (node.clone(), links.clone());
        node.connections.spawn(async move {
            let connection = async {
                match serving.admit(stream).await {
                    Some(Admitted::Client(stream)) => serving.serve_client(*stream, address).await,
                    Some(Admitted::Node(stream, from)) => {
                        drop(place);
                        let Ok(_link) = links.try_acquire() else { return };
                        let link = peer::serve(*stream, from, serving.peers.clone());
                        serving.drain.run_until_cancelled(link).await;
                    }
                    None => {}
                }
            };
            serving.stop.run_until_cancelled(connection).await;
        });
    };
    accept_each(listener, &node.front.limits, &node.drain, begin).await;
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
        let service = service_fn(|request| self.front.respond(address, request));
        serve_http(stream, service, &self.front.limits, &self.drain).await;
    }
}
