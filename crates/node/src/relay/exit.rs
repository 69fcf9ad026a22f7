//! Posting to servers, for the last relay of a path.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Body;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, Uri, client::conn::http1};
use hyper_util::rt::TokioIo;
use protocol::onion::is_public_address;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Relayed;
use crate::memory::Memory;
use crate::tls;

/// How long a server may take in all. Spec: onion §5 (ONI-09)
const SERVER_TIMEOUT: Duration = Duration::from_secs(25);
/// Largest answer of a server in bytes: a file of 10 MB in its encrypted reply, and room.
const MAX_REPLY_LEN: usize = 11 * 1024 * 1024;

/// Which servers a relay posts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exits {
    /// Those with public addresses, so that a relay opens no door into the network that it stands in.
    PublicOnly,
    /// Those with public addresses, and these, such as a file server beside the relay.
    PublicAnd(Vec<SocketAddr>),
    /// Any; for a local network, whose servers are on loopback.
    Anywhere,
}

/// Posts onion requests to servers.
pub(crate) struct ServerClient {
    exits: Exits,
    tls: Arc<ClientConfig>,
}

/// A server as a layer names it, checked.
pub(super) struct Server {
    host: String,
    host_header: HeaderValue,
    port: u16,
    target: Uri,
    over_tls: bool,
}

impl Server {
    /// `protocol`: "https", anything else means http. `None` where host or target cannot stand in a request.
    pub(super) fn new(protocol: &str, host: &str, port: u16, target: &str) -> Option<Self> {
        let over_tls = protocol == "https";
        let host_header = match (over_tls, port) {
            (true, 443) | (false, 80) => HeaderValue::try_from(host),
            _ => HeaderValue::try_from(format!("{host}:{port}")),
        };
        Some(Self {
            host: host.to_owned(),
            host_header: host_header.ok()?,
            port,
            target: target.parse().ok()?,
            over_tls,
        })
    }
}

/// The relay has no memory left for a server's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no memory is left for the answer")]
pub(super) struct NoMemory;

/// Why a server gave no answer; the text goes back to the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum ServerError {
    #[error("Could not resolve host: {0}")]
    Unresolved(String),
    #[error("Failed to connect to {0} port {1}: Couldn't connect to server")]
    Unconnected(String, u16),
    #[error("Failed to connect to {0} port {1}: not a public address")]
    NotPublic(String, u16),
    #[error("TLS handshake with {0} failed")]
    Tls(String),
    #[error("Server {0} gave no valid answer")]
    Invalid(String),
    #[error("The answer of server {0} is too large")]
    TooLarge(String),
    #[error("no memory is left for the answer")]
    NoMemory,
}

impl ServerClient {
    /// # Errors
    /// When TLS cannot be set up, which is a bug.
    pub(crate) fn new(exits: Exits) -> Result<Self, rustls::Error> {
        let roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.into(),
        };
        let tls = ClientConfig::builder_with_provider(tls::provider())
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            exits,
            tls: Arc::new(tls),
        })
    }

    /// Posts the whole plaintext of a layer; the server's status and body go back, its headers do not. The body is
    /// counted in `memory`.
    ///
    /// # Errors
    /// [`NoMemory`]
    pub(super) async fn post(
        &self,
        server: &Server,
        plaintext: Bytes,
        memory: &Memory,
    ) -> Result<Relayed, NoMemory> {
        let posted = self.try_post(server, plaintext, memory);
        match tokio::time::timeout(SERVER_TIMEOUT, posted).await {
            Ok(Ok(relayed)) => Ok(relayed),
            Ok(Err(ServerError::NoMemory)) => Err(NoMemory),
            Ok(Err(error)) => Ok(Relayed::text(502, error.to_string())),
            Err(_) => Ok(Relayed::text(
                504,
                format!("Operation timed out after {} s", SERVER_TIMEOUT.as_secs()),
            )),
        }
    }

    async fn try_post(
        &self,
        server: &Server,
        plaintext: Bytes,
        memory: &Memory,
    ) -> Result<Relayed, ServerError> {
        let stream = self.connect(server).await?;
        if !server.over_tls {
            return exchange(stream, server, plaintext, memory).await;
        }
        let failed = || ServerError::Tls(server.host.clone());
        let name = ServerName::try_from(server.host.clone()).map_err(|_| failed())?;
        let stream = TlsConnector::from(self.tls.clone())
            .connect(name, stream)
            .await
            .map_err(|_| failed())?;
        exchange(stream, server, plaintext, memory).await
    }

    async fn connect(&self, server: &Server) -> Result<TcpStream, ServerError> {
        let (host, port) = (server.host.as_str(), server.port);
        let found = tokio::net::lookup_host((host, port)).await;
        let addresses: Vec<SocketAddr> = found
            .map_err(|_| ServerError::Unresolved(host.to_owned()))?
            .collect();
        let allowed = |address: &&SocketAddr| match &self.exits {
            Exits::Anywhere => true,
            Exits::PublicOnly => is_public_address(address.ip()),
            Exits::PublicAnd(more) => is_public_address(address.ip()) || more.contains(address),
        };
        let allowed: Vec<SocketAddr> = addresses.iter().filter(allowed).copied().collect();
        if allowed.is_empty() && !addresses.is_empty() {
            return Err(ServerError::NotPublic(host.to_owned(), port));
        }
        let unconnected = |_| ServerError::Unconnected(host.to_owned(), port);
        let stream = TcpStream::connect(allowed.as_slice())
            .await
            .map_err(unconnected)?;
        stream.set_nodelay(true).map_err(unconnected)?;
        Ok(stream)
    }
}

/// One request on a connection of its own.
async fn exchange<S>(
    stream: S,
    server: &Server,
    plaintext: Bytes,
    memory: &Memory,
) -> Result<Relayed, ServerError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let invalid = |_| ServerError::Invalid(server.host.clone());
    let mut request = Request::new(Full::new(plaintext));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = server.target.clone();
    request.headers_mut().insert(HOST, server.host_header.clone());
    request
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(invalid)?;
    let asked = async {
        let response = sender.send_request(request).await.map_err(invalid)?;
        let status = response.status().as_u16();
        let body = response.into_body();
        let too_large = || ServerError::TooLarge(server.host.clone());
        // An answer that does not say its length takes the room of the largest.
        let len = match body.size_hint().exact().map(usize::try_from) {
            Some(Ok(len)) if len <= MAX_REPLY_LEN => len,
            Some(_) => return Err(too_large()),
            None => MAX_REPLY_LEN,
        };
        let share = memory.take(len).ok_or(ServerError::NoMemory)?;
        match Limited::new(body, MAX_REPLY_LEN).collect().await {
            Ok(body) => Ok(Relayed::passed(status, share.hold(body.to_bytes()))),
            Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
            Err(_) => Err(ServerError::Invalid(server.host.clone())),
        }
    };
    let mut asked = std::pin::pin!(asked);
    // The connection has to be driven for the answer to come; it ends with the exchange.
    tokio::select! {
        biased;
        relayed = &mut asked => relayed,
        _ = connection => asked.await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_or_target_that_would_break_the_request_is_refused() {
        assert!(Server::new("https", "host\r\nx: y", 443, "/oxen/v4/lsrpc").is_none());
        assert!(Server::new("https", "host", 443, "/oxen/v4 /lsrpc").is_none());
        assert!(Server::new("https", "host", 443, "/oxen/v4/\r\n/lsrpc").is_none());
        let server = Server::new("http", "host", 8080, "/oxen/v4/lsrpc").unwrap();
        assert_eq!(server.host_header, "host:8080");
        assert_eq!(
            Server::new("https", "host", 443, "/oxen/v4/lsrpc")
                .unwrap()
                .host_header,
            "host"
        );
    }

    #[tokio::test]
    async fn a_relay_for_the_public_refuses_loopback() {
        let client = ServerClient::new(Exits::PublicOnly).unwrap();
        let server = Server::new("http", "127.0.0.1", 1, "/oxen/v4/lsrpc").unwrap();
        let relayed = client.post(&server, Bytes::new(), &Memory::new(1)).await.unwrap();
        assert_eq!(relayed.status, 502);
        assert_eq!(
            relayed.body,
            "Failed to connect to 127.0.0.1 port 1: not a public address"
        );
    }

    /// Answers one request with these bytes.
    async fn server(answer: String) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 4];
            tokio::io::AsyncReadExt::read_exact(&mut stream, &mut asked)
                .await
                .unwrap();
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, answer.as_bytes()).await;
        });
        address
    }

    async fn post(exits: Exits, address: SocketAddr, memory: &Memory) -> Result<Relayed, NoMemory> {
        let server = Server::new("http", "127.0.0.1", address.port(), "/oxen/v4/lsrpc").unwrap();
        let client = ServerClient::new(exits).unwrap();
        client.post(&server, Bytes::new(), memory).await
    }

    #[tokio::test]
    async fn nde_18_a_private_server_that_is_named_is_posted_to_and_its_neighbour_is_not() {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_owned();
        let named = server(answer.clone()).await;
        let neighbour = server(answer).await;
        let exits = || Exits::PublicAnd(vec![named]);
        let memory = Memory::new(1024);
        assert_eq!(post(exits(), named, &memory).await, Ok(Relayed::text(200, "ok")));
        assert_eq!(post(exits(), neighbour, &memory).await.unwrap().status, 502);
    }

    #[tokio::test]
    async fn nde_19_the_answer_of_a_server_is_counted_before_it_is_read() {
        let body = "x".repeat(5000);
        let with_len = format!("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{body}");
        let memory = Memory::new(4096);
        assert_eq!(
            post(Exits::Anywhere, server(with_len.clone()).await, &memory).await,
            Err(NoMemory)
        );
        assert!(memory.take(4096).is_some());
        let memory = Memory::new(8192);
        let relayed = post(Exits::Anywhere, server(with_len).await, &memory)
            .await
            .unwrap();
        assert!(memory.take(4096).is_none(), "while it is on its way");
        drop(relayed);
        assert!(memory.take(8192).is_some());
        let without_len = format!("HTTP/1.1 200 OK\r\n\r\n{body}");
        assert_eq!(
            post(Exits::Anywhere, server(without_len).await, &memory).await,
            Err(NoMemory)
        );
    }
}
