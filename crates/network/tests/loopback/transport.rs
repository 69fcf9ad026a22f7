//! The HTTPS transport against servers that answer as a script says.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use data_encoding::HEXLOWER;
use dialer::Dialer;
use network::{
    HttpReply, HttpsTransport, Limits, ONION_PATH, SEED_PATH, Seed, Transfer, Transport, TransportError,
};
use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

const LIMITS: Limits = Limits {
    total: Duration::from_secs(5),
    connect: Duration::from_secs(2),
    max_len_bytes: 1000,
};

/// What the server does with a request.
#[derive(Clone, Copy)]
enum Script {
    /// Sends these bytes and waits for the next request.
    Send(&'static [u8]),
    /// Sends these bytes and closes.
    SendAndClose(&'static [u8]),
    /// Sends these bytes again and again.
    Repeat(&'static [u8], &'static [u8]),
    /// Sends nothing.
    Nothing,
}

/// A chunk of 100 bytes.
const HUGE_CHUNK: &[u8] = b"64\r\n\
    hugehugehugehugehugehugehugehugehugehugehugehugehuge\
    hugehugehugehugehugehugehugehugehugehugehugehuge\r\n";
const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

/// A server on a free loopback port; its tasks end with it.
struct Server {
    address: SocketAddr,
    spki_sha256: [u8; 32],
    connections: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl Server {
    async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (config, spki_sha256) = Self::config();
        let acceptor = TlsAcceptor::from(config);
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut serving = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::Relaxed);
                serving.spawn(serve(acceptor.clone(), stream, script));
            }
        });
        Self {
            address,
            spki_sha256,
            connections,
            _tasks: tasks,
        }
    }

    /// A certificate of its own and the hash of its key.
    fn config() -> (Arc<ServerConfig>, [u8; 32]) {
        let key = KeyPair::generate().expect("a key");
        let spki_sha256 = Sha256::digest(rcgen::PublicKeyData::subject_public_key_info(&key)).into();
        let certificate = CertificateParams::new(vec!["localhost".to_owned()])
            .and_then(|params| params.self_signed(&key))
            .expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("its own key");
        (Arc::new(config), spki_sha256)
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

async fn serve(acceptor: TlsAcceptor, stream: TcpStream, script: Script) {
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    while read_request(&mut stream).await.is_some() {
        let sent = match script {
            Script::Send(bytes) => stream.write_all(bytes).await,
            Script::SendAndClose(bytes) => {
                let _ = stream.write_all(bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Script::Repeat(head, bytes) => {
                let mut sent = stream.write_all(head).await;
                while sent.is_ok() {
                    sent = stream.write_all(bytes).await;
                }
                sent
            }
            Script::Nothing => std::future::pending().await,
        };
        if sent.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

/// Reads a head and the body it announces; gives back the request line.
async fn read_request(stream: &mut TlsStream<TcpStream>) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?.to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))?;
    let mut body = vec![0; length.trim().parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    head.lines().next().map(str::to_owned)
}

async fn post(transport: &HttpsTransport, server: &Server) -> Result<HttpReply, TransportError> {
    let progress = watch::Sender::default();
    transport
        .post_to_relay(server.address, Bytes::from_static(b"onion"), LIMITS, &progress)
        .await
}

#[track_caller]
fn body(reply: Result<HttpReply, TransportError>) -> Vec<u8> {
    reply.expect("answered").body.to_vec()
}

#[tokio::test]
async fn a_kept_connection_serves_further_requests() {
    let server = Server::start(Script::Send(OK)).await;
    let transport = HttpsTransport::new(Dialer::default());
    for _ in 0..5 {
        assert_eq!(body(post(&transport, &server).await), b"hi");
    }
    assert_eq!(server.connections(), 1);
    transport.forget_connections();
    assert_eq!(body(post(&transport, &server).await), b"hi");
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn requests_at_the_same_time_get_a_connection_each() {
    let server = Server::start(Script::Send(OK)).await;
    let transport = HttpsTransport::new(Dialer::default());
    let (one, two) = tokio::join!(post(&transport, &server), post(&transport, &server));
    assert_eq!((body(one), body(two)), (b"hi".to_vec(), b"hi".to_vec()));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_kept_connection_that_died_is_replaced_once() {
    let server = Server::start(Script::SendAndClose(OK)).await;
    let transport = HttpsTransport::new(Dialer::default());
    for _ in 0..5 {
        assert_eq!(body(post(&transport, &server).await), b"hi");
    }
    let refusing = Server::start(Script::SendAndClose(b"")).await;
    assert_eq!(post(&transport, &refusing).await, Err(TransportError::Closed));
    assert_eq!(
        refusing.connections(),
        1,
        "a new connection that closes is not tried again"
    );
}

#[tokio::test]
async fn a_refused_connection_is_known_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let start = Instant::now();
    let transport = HttpsTransport::new(Dialer::default());
    let reply = transport
        .post_to_relay(address, Bytes::new(), LIMITS, &watch::Sender::default())
        .await;
    assert_eq!(reply, Err(TransportError::Refused));
    assert_eq!(
        transport.probe(address, LIMITS.connect).await,
        Err(TransportError::Refused)
    );
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn hostile_answers_are_clear_errors() {
    let cases: [(Script, TransportError); 8] = [
        (Script::SendAndClose(b""), TransportError::Closed),
        (
            Script::SendAndClose(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi"),
            TransportError::Closed,
        ),
        (
            Script::Send(b"\x16\x03\x01garbage\r\n\r\n"),
            TransportError::NotHttp,
        ),
        (
            Script::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n"),
            TransportError::TooLong,
        ),
        (
            Script::Repeat(
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
                HUGE_CHUNK,
            ),
            TransportError::TooLong,
        ),
        (
            Script::Repeat(b"HTTP/1.1 200 OK\r\n", b"x-header: endless\r\n"),
            TransportError::NotHttp,
        ),
        (Script::Nothing, TransportError::TimedOut),
        (
            Script::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nslow"),
            TransportError::TimedOut,
        ),
    ];
    for (number, (script, error)) in cases.into_iter().enumerate() {
        let server = Server::start(script).await;
        let limits = Limits {
            total: Duration::from_secs(3),
            ..LIMITS
        };
        let transport = HttpsTransport::new(Dialer::default());
        let reply = transport
            .post_to_relay(
                server.address,
                Bytes::from_static(b"onion"),
                limits,
                &watch::Sender::default(),
            )
            .await;
        assert_eq!(reply, Err(error), "case {number}");
    }
}

#[tokio::test]
async fn a_relay_without_tls_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let reply = HttpsTransport::new(Dialer::default())
        .post_to_relay(address, Bytes::new(), LIMITS, &watch::Sender::default())
        .await;
    assert_eq!(reply, Err(TransportError::Tls));
}

#[tokio::test]
async fn net_56_progress_is_told_while_an_answer_comes() {
    let server = Server::start(Script::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nslow")).await;
    let transport = HttpsTransport::new(Dialer::default());
    let (progress, mut told) = watch::channel(Transfer::default());
    let posting = transport.post_to_relay(server.address, Bytes::from_static(b"onion"), LIMITS, &progress);
    let half = Transfer {
        sent: 5,
        to_send: 5,
        received: 4,
        to_receive: Some(9),
    };
    tokio::select! {
        came = told.wait_for(|transfer| *transfer == half) => drop(came.expect("told")),
        reply = posting => panic!("the answer is not complete: {reply:?}"),
    }
}

#[tokio::test]
async fn net_57_dropping_an_upload_ends_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let acceptor = TlsAcceptor::from(Server::config().0);
    let (progress, mut told) = watch::channel(Transfer::default());
    let transport = HttpsTransport::new(Dialer::default());
    // More than fits into the buffers between two sockets, so that it cannot be on its way whole.
    let body = Bytes::from(vec![7; 64 * 1024 * 1024]);
    let length = u64::try_from(body.len()).expect("64 MiB");
    let uploading = transport.post_to_relay(address, body, LIMITS, &progress);
    let accepting = async {
        let (stream, _) = listener.accept().await.expect("connected to");
        acceptor.accept(stream).await.expect("TLS")
    };
    let begun = told.wait_for(|transfer| transfer.sent > 0);
    let mut stream = tokio::select! {
        (stream, begun) = async { tokio::join!(accepting, begun) } => {
            begun.expect("the transfer has begun");
            stream
        }
        reply = uploading => panic!("no answer was sent: {reply:?}"),
    };
    let mut rest = Vec::new();
    // How it ends, with an end of the stream or a reset, is the system's affair.
    let _ = stream.read_to_end(&mut rest).await;
    let came = u64::try_from(rest.len()).expect("64 MiB");
    assert!(came < length, "{came} bytes came");
    assert!(told.borrow().sent < length);
}

fn seed(scheme: &str, server: &Server, pins: Vec<[u8; 32]>) -> Seed {
    let url = format!("{scheme}://localhost:{}", server.address.port());
    Seed {
        url: url.parse().expect("a URL"),
        spki_sha256: pins,
    }
}

#[tokio::test]
async fn net_02_a_seed_is_known_by_its_pinned_key_only() {
    let server = Server::start(Script::Send(OK)).await;
    let transport = HttpsTransport::new(Dialer::default());
    let ask = async |pins| {
        let seed = seed("https", &server, pins);
        transport
            .post_to_seed(&seed, Bytes::from_static(b"{}"), LIMITS)
            .await
    };
    assert_eq!(body(ask(vec![server.spki_sha256]).await), b"hi");
    assert_eq!(body(ask(vec![[0; 32], server.spki_sha256]).await), b"hi");
    let mut off_by_one_bit = server.spki_sha256;
    off_by_one_bit[31] ^= 1;
    assert_eq!(ask(vec![off_by_one_bit]).await, Err(TransportError::Tls));
    assert_eq!(
        ask(vec![]).await,
        Err(TransportError::Tls),
        "no public authority signed it"
    );
}

#[tokio::test]
async fn requests_go_to_the_paths_of_the_network() {
    assert_eq!((ONION_PATH, SEED_PATH), ("/onion_req/v2", "/json_rpc"));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let seed = Seed {
        url: format!("http://127.0.0.1:{port}").parse().expect("a URL"),
        spki_sha256: vec![],
    };
    let transport = HttpsTransport::new(Dialer::default());
    let asked = transport.post_to_seed(&seed, Bytes::from_static(b"{}"), LIMITS);
    let answering = async {
        let (mut stream, _) = listener.accept().await.expect("asked");
        let mut request = vec![0; 1024];
        let length = stream.read(&mut request).await.expect("asked");
        stream.write_all(OK).await.expect("answered");
        String::from_utf8_lossy(&request[..length]).to_ascii_lowercase()
    };
    let (reply, request) = tokio::join!(asked, answering);
    assert_eq!(body(reply), b"hi", "{}", HEXLOWER.encode(request.as_bytes()));
    assert!(request.starts_with("post /json_rpc http/1.1\r\n"), "{request}");
    assert!(
        request.contains("content-type: application/json\r\n"),
        "{request}"
    );
    assert!(
        request.contains(&format!("host: 127.0.0.1:{port}\r\n")),
        "{request}"
    );
}
