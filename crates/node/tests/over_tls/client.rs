//! A small HTTPS client, and nodes to point it at.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt, ready};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use node::{
    Answer, Certificate, Exits, Limits, Node, NodeConfig, NodeIdentity, NodeList, NodeRecord, PeerReply,
    Port, RateLimit, Storage,
};
use protocol::TimestampMs;
use protocol::storage::SwarmId;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A TLS connection whose server is not asked who it is, as clients of nodes do.
pub(crate) async fn connect(address: SocketAddr) -> std::io::Result<TlsStream<TcpStream>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody))
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let name = ServerName::IpAddress(address.ip().into());
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// A kept connection.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = connect(address).await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Ok(Self { sender })
    }

    pub(crate) async fn send(&mut self, request: Request<Full<Bytes>>) -> hyper::Result<Response<Bytes>> {
        self.sender.ready().await?;
        let (head, body) = self.sender.send_request(request).await?.into_parts();
        Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
    }

    pub(crate) async fn post(
        &mut self,
        path: &str,
        body: impl Into<Bytes>,
    ) -> hyper::Result<Response<Bytes>> {
        self.send(Request::post(path).body(Full::new(body.into())).unwrap())
            .await
    }
}

/// One request on a connection of its own.
pub(crate) async fn post(address: SocketAddr, path: &str, body: impl Into<Bytes>) -> Response<Bytes> {
    Connection::open(address)
        .await
        .unwrap()
        .post(path, body)
        .await
        .unwrap()
}

/// Status and text of an answer.
pub(crate) fn said(answer: &Response<Bytes>) -> (u16, &str) {
    (
        answer.status().as_u16(),
        std::str::from_utf8(answer.body()).unwrap(),
    )
}

/// Answers every request with the request.
pub(crate) struct Echo;

impl Storage for Echo {
    fn handle<'a>(&'a self, _: TimestampMs, body: &'a [u8]) -> BoxFuture<'a, Answer> {
        ready(Answer::binary(200, body.to_vec())).boxed()
    }

    fn handle_peer<'a>(
        &'a self,
        _: TimestampMs,
        _: &'a NodeRecord,
        _: &'a str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, PeerReply> {
        ready(PeerReply {
            status: 200,
            body: Bytes::copy_from_slice(payload),
        })
        .boxed()
    }

    fn clean_up(&self, _: TimestampMs) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}

/// One node of a network of one, which echoes storage requests; in swarm 0, without limits on clients.
pub(crate) async fn echo_node(change: impl FnOnce(&mut NodeConfig, &mut SwarmId)) -> Node {
    let port = Port::bind(Ipv4Addr::LOCALHOST, 0).unwrap();
    let mut config = NodeConfig {
        identity: Arc::new(NodeIdentity::generate(&mut ChaCha20Rng::from_seed([3; 32]))),
        certificate: Arc::new(Certificate::generate().unwrap()),
        nodes: Arc::default(),
        database: None,
        rate_limit: RateLimit::Off,
        exits: Exits::Anywhere,
        limits: Limits::default(),
        storage: Arc::new(|_| Ok(Arc::new(Echo))),
    };
    let mut swarm = SwarmId(0);
    change(&mut config, &mut swarm);
    config.nodes = Arc::new(NodeList::new([NodeRecord {
        legacy: *config.identity.legacy(),
        ed25519: config.identity.ed25519(),
        x25519: *config.identity.x25519(),
        ip: Ipv4Addr::LOCALHOST,
        https_port: port.number(),
        quic_port: port.number(),
        swarm,
    }]));
    Node::start(config, port).await.unwrap()
}

/// Clients of nodes check no certificate; see `connect`.
#[derive(Debug)]
struct Anybody;

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256, SignatureScheme::ED25519]
    }
}
