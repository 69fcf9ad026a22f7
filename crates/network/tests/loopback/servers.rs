//! Requests to a server through a local network of real nodes.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use dialer::Dialer;
use network::{
    MAX_SERVER_BODY_LEN, MemoryCache, Network, NetworkProfile, OnionNetwork, RequestError, ServerAddress,
    ServerRequest, SystemWallClock, Transfer,
};
use node::LocalNetwork;
use protocol::onion::{self, HopSecret, ServerReply, open_layer, parse_outer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The longest file that the deployed network's file server keeps.
const LONGEST_FILE: usize = 10_223_616;

/// A server of onion requests that tells what it was sent, and sends as many bytes as it is asked for; its tasks end with
/// it.
struct Server {
    address: SocketAddr,
    _tasks: JoinSet<()>,
}

fn secret() -> HopSecret {
    HopSecret::from_bytes([42; 32])
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut serving = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                serving.spawn(async move {
                    answer(stream).await;
                });
            }
        });
        Self {
            address,
            _tasks: tasks,
        }
    }

    fn address(&self) -> ServerAddress {
        ServerAddress {
            url: format!("http://{}", self.address).parse().expect("a URL"),
            x25519: *secret().public(),
        }
    }
}

/// Answers one request; `None` when it does not come whole.
async fn answer(mut stream: TcpStream) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?.to_ascii_lowercase();
    assert!(head.starts_with("post /oxen/v4/lsrpc "), "{head}");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))?;
    let mut body = vec![0; length.trim().parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    let reply = tokio::task::spawn_blocking(move || serve(&body)).await.ok()?;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", reply.len());
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(&reply).await.ok()
}

fn serve(body: &[u8]) -> Vec<u8> {
    let outer = parse_outer(body).expect("clients keep to the protocol");
    let layer = open_layer(&secret(), outer.enc_type, &outer.ephemeral_key, outer.ciphertext);
    let layer = layer.expect("the server's key");
    let request = onion::ServerRequest::parse(&layer.plaintext).expect("a list");
    let asked_for = request.endpoint.strip_prefix("/bytes/").map(str::parse);
    let (code, body) = match (&*request.method, asked_for) {
        ("POST", _) => (200, digest(&request.body.unwrap_or_default())),
        ("GET", Some(Ok(count))) => (200, pattern(count)),
        _ => (404, Vec::new()),
    };
    let reply = ServerReply {
        code,
        headers: BTreeMap::from([("endpoint".to_owned(), request.endpoint)]),
        body,
    };
    layer.seal_server_reply(&mut ChaCha20Rng::from_seed([3; 32]), &reply.encode())
}

fn get(endpoint: &str, max_reply_len: usize) -> ServerRequest {
    let request = onion::ServerRequest {
        method: "GET".to_owned(),
        endpoint: endpoint.to_owned(),
        headers: BTreeMap::new(),
        body: None,
    };
    ServerRequest::new(request, max_reply_len)
}

fn pattern(count: usize) -> Vec<u8> {
    (0..count).map(|at| at.to_le_bytes()[0]).collect()
}

fn digest(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

fn client(local: &LocalNetwork) -> OnionNetwork {
    let profile = NetworkProfile::from_json(&local.profile_json()).expect("a good profile");
    let cache = Arc::new(MemoryCache::default());
    OnionNetwork::start(
        Dialer::default(),
        profile,
        cache,
        Arc::new(SystemWallClock),
        [5; 32],
    )
    .expect("a good profile")
}

#[tokio::test(flavor = "multi_thread")]
async fn net_52_the_longest_file_goes_up_and_comes_down_and_progress_is_told() {
    let local = LocalNetwork::start(9, 3).await.expect("started");
    let server = Server::start().await;
    let network = client(&local);
    let body = pattern(LONGEST_FILE);
    let request = onion::ServerRequest {
        method: "POST".to_owned(),
        endpoint: "/file".to_owned(),
        headers: BTreeMap::from([("Content-Type".to_owned(), "application/octet-stream".to_owned())]),
        body: Some(body.clone()),
    };
    let request = ServerRequest::new(request, 1_000);
    let (progress, told) = watch::channel(Transfer::default());
    let request = request.with_progress(progress);
    let response = network.to_server(&server.address(), request).await;
    let response = response.expect("answered");
    assert_eq!((response.code, &*response.headers["endpoint"]), (200, "/file"));
    assert_eq!(response.body, digest(&body));
    let transfer = *told.borrow();
    assert_eq!(transfer.sent, transfer.to_send);
    assert!(transfer.sent > u64::try_from(body.len()).expect("10 MB"));

    let (progress, told) = watch::channel(Transfer::default());
    let request = get(&format!("/bytes/{LONGEST_FILE}"), MAX_SERVER_BODY_LEN);
    let response = network
        .to_server(&server.address(), request.with_progress(progress))
        .await;
    let response = response.expect("answered");
    assert!(
        response.body == pattern(LONGEST_FILE),
        "{} bytes came",
        response.body.len()
    );
    let transfer = *told.borrow();
    assert_eq!(Some(transfer.received), transfer.to_receive);
    assert!(transfer.received > u64::try_from(LONGEST_FILE).expect("10 MB"));
}

#[tokio::test(flavor = "multi_thread")]
async fn net_50_a_status_is_an_answer_and_a_dead_server_is_none() {
    let local = LocalNetwork::start(9, 3).await.expect("started");
    let server = Server::start().await;
    let network = client(&local);
    let get = || get("/file/none", 1_000);
    let response = network
        .to_server(&server.address(), get())
        .await
        .expect("answered");
    assert_eq!((response.code, response.body.len()), (404, 0));
    let wrong_key = ServerAddress {
        x25519: *HopSecret::from_bytes([1; 32]).public(),
        ..server.address()
    };
    let mut request = get();
    request.deadline = Duration::from_secs(20);
    let result = network.to_server(&wrong_key, request).await;
    assert_eq!(result, Err(RequestError::ServerSilent));
    let address = server.address();
    drop(server);
    assert_eq!(
        network.to_server(&address, get()).await,
        Err(RequestError::ServerSilent)
    );
}
