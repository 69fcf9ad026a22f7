//! HTTP/1.1 over TLS, with kept connections.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use dialer::{Dialer, Target};
use futures::FutureExt;
use futures::future::BoxFuture;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;

use super::body::{self, Outgoing};
use super::connections::{Connections, Sender};
use super::{HttpReply, Limits, ONION_PATH, SEED_PATH, Transport, TransportError, verify};
use crate::Seed;
use crate::server_request::Transfer;

/// The real transport.
#[derive(Debug)]
pub struct HttpsTransport {
    dialer: Dialer,
    connections: Connections,
    relays: Arc<ClientConfig>,
    seeds: Mutex<BTreeMap<Vec<[u8; 32]>, Arc<ClientConfig>>>,
}

impl HttpsTransport {
    /// One whose connections a dialer opens.
    pub fn new(dialer: Dialer) -> Self {
        Self {
            connections: Connections::default(),
            dialer,
            relays: verify::any_server(),
            seeds: Mutex::default(),
        }
    }

    async fn to_relay(
        &self,
        relay: SocketAddr,
        body: Bytes,
        limits: Limits,
        progress: &watch::Sender<Transfer>,
    ) -> Result<HttpReply, TransportError> {
        let authority = relay.to_string();
        let way = self.dialer.changes();
        let request = || {
            post(
                &authority,
                ONION_PATH,
                None,
                Outgoing::new(body.clone(), progress),
            )
        };
        if let Some(sender) = self.connections.take(relay, way) {
            match self
                .exchange((relay, way), sender, request()?, limits, progress)
                .await
            {
                // The relay had closed the kept connection meanwhile; onion requests may be sent twice.
                Err(TransportError::Closed) => {}
                other => return other,
            }
        }
        let stream = async {
            let tcp = self.dialer.connect(Target::Address(relay)).await?;
            let name = ServerName::IpAddress(relay.ip().into());
            let tls = TlsConnector::from(Arc::clone(&self.relays));
            tls.connect(name, tcp).await.map_err(|_| TransportError::Tls)
        };
        let stream = timeout(limits.connect, stream)
            .await
            .map_err(|_| TransportError::ConnectTimedOut)??;
        let sender = self.connections.open(stream).await?;
        self.exchange((relay, way), sender, request()?, limits, progress)
            .await
    }

    async fn exchange(
        &self,
        (peer, way): (SocketAddr, u64),
        mut sender: Sender,
        request: Request<Outgoing>,
        limits: Limits,
        progress: &watch::Sender<Transfer>,
    ) -> Result<HttpReply, TransportError> {
        let reply = send(&mut sender, request, limits, progress).await?;
        self.connections.keep(peer, way, sender);
        Ok(reply)
    }

    async fn to_seed(&self, seed: &Seed, body: Bytes, limits: Limits) -> Result<HttpReply, TransportError> {
        let host = seed
            .url
            .host_str()
            .ok_or(TransportError::Refused)?
            .trim_matches(['[', ']'])
            .to_owned();
        let port = seed.url.port_or_known_default().ok_or(TransportError::Refused)?;
        let authority = format!("{}:{port}", seed.url.host_str().unwrap_or_default());
        let progress = watch::Sender::default();
        let outgoing = Outgoing::new(body, &progress);
        let request = post(&authority, SEED_PATH, Some("application/json"), outgoing)?;
        let until = Instant::now() + limits.connect;
        let tcp = timeout_at(until, self.dialer.connect(Target::Host(&host, port)))
            .await
            .map_err(|_| TransportError::ConnectTimedOut)??;
        let mut sender = if seed.url.scheme() == "https" {
            let tls = TlsConnector::from(self.seed_config(&seed.spki_sha256));
            let name = ServerName::try_from(host).map_err(|_| TransportError::Tls)?;
            let stream = timeout_at(until, tls.connect(name, tcp)).await;
            let stream = stream.map_err(|_| TransportError::ConnectTimedOut)?;
            self.connections
                .open(stream.map_err(|_| TransportError::Tls)?)
                .await?
        } else {
            self.connections.open(tcp).await?
        };
        send(&mut sender, request, limits, &progress).await
    }

    fn seed_config(&self, pins: &[[u8; 32]]) -> Arc<ClientConfig> {
        let mut configs = self.seeds.lock().unwrap_or_else(PoisonError::into_inner);
        let config = configs.entry(pins.to_vec()).or_insert_with(|| match pins {
            [] => verify::public_authorities(),
            pins => verify::pinned(pins),
        });
        Arc::clone(config)
    }
}

impl Transport for HttpsTransport {
    fn post_to_relay<'a>(
        &'a self,
        relay: SocketAddr,
        body: Bytes,
        limits: Limits,
        progress: &'a watch::Sender<Transfer>,
    ) -> BoxFuture<'a, Result<HttpReply, TransportError>> {
        let exchange = self.to_relay(relay, body, limits, progress);
        async move {
            timeout(limits.total, exchange)
                .await
                .unwrap_or(Err(TransportError::TimedOut))
        }
        .boxed()
    }

    fn post_to_seed<'a>(
        &'a self,
        seed: &'a Seed,
        body: Bytes,
        limits: Limits,
    ) -> BoxFuture<'a, Result<HttpReply, TransportError>> {
        let exchange = self.to_seed(seed, body, limits);
        async move {
            timeout(limits.total, exchange)
                .await
                .unwrap_or(Err(TransportError::TimedOut))
        }
        .boxed()
    }

    fn probe(&self, relay: SocketAddr, within: Duration) -> BoxFuture<'_, Result<(), TransportError>> {
        async move {
            let stream = timeout(within, self.dialer.connect(Target::Address(relay))).await;
            stream.map_err(|_| TransportError::ConnectTimedOut)??;
            Ok(())
        }
        .boxed()
    }

    fn forget_connections(&self) {
        self.connections.forget();
    }
}

fn post(
    authority: &str,
    path: &str,
    content_type: Option<&'static str>,
    body: Outgoing,
) -> Result<Request<Outgoing>, TransportError> {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(HOST, authority);
    if let Some(content_type) = content_type {
        request = request.header(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    request.body(body).map_err(|_| TransportError::NotHttp)
}

async fn send(
    sender: &mut Sender,
    request: Request<Outgoing>,
    limits: Limits,
    progress: &watch::Sender<Transfer>,
) -> Result<HttpReply, TransportError> {
    let reply = sender
        .send_request(request)
        .await
        .map_err(|error| sort_out(&error))?;
    let status = reply.status().as_u16();
    let body = body::read(reply.into_body(), limits.max_len_bytes, progress).await?;
    Ok(HttpReply { status, body })
}

fn sort_out(error: &hyper::Error) -> TransportError {
    if error.is_parse() || error.is_parse_too_large() || error.is_parse_status() {
        TransportError::NotHttp
    } else {
        TransportError::Closed
    }
}
