//! Requests to a server through a local network of real nodes.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use network::{
    MAX_SERVER_BODY_LEN, MemoryCache, Network, NetworkProfile, OnionNetwork, RequestError, ServerAddress,
    ServerRequest, SystemWallClock, Transfer,
};
use node::LocalNetwork;
use protocol::onion::{self, HopSecret, ServerReply, open_layer, parse_outer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The longest file that the deployed network's file server keeps.
const LONGEST_FILE: usize = 10_223_616;

/// A server of onion requests that answers with the body it was sent; its tasks end with it.
struct Echo {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

fn secret() -> HopSecret {
    HopSecret::from_bytes([42; 32])
}

impl Echo {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut serving = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let counter = Arc::clone(&counter);
                serving.spawn(async move {
                    answer(stream, &counter).await;
                });
            }
        });
        Self {
            address,
            asked,
            _tasks: tasks,
        }
    }

    fn address(&self) -> ServerAddress {
        ServerAddress {
            url: format!("http://{}", self.address).parse().expect("a URL"),
            x25519: *secret().public(),
        }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Answers one request; `None` when it does not come whole.
async fn answer(mut stream: TcpStream, asked: &AtomicUsize) -> Option<()> {
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
    asked.fetch_add(1, Ordering::Relaxed);
    let reply = tokio::task::spawn_blocking(move || echo(&body)).await.ok()?;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", reply.len());
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(&reply).await.ok()
}

fn echo(body: &[u8]) -> Vec<u8> {
    let outer = parse_outer(body).expect("clients keep to the protocol");
    let layer = open_layer(&secret(), outer.enc_type, &outer.ephemeral_key, outer.ciphertext);
    let layer = layer.expect("the server's key");
    let request = onion::ServerRequest::parse(&layer.plaintext).expect("a list");
    let reply = ServerReply {
        code: if request.method == "GET" { 404 } else { 200 },
        headers: BTreeMap::from([("endpoint".to_owned(), request.endpoint)]),
        body: request.body.unwrap_or_default(),
    };
    layer.seal_server_reply(&mut ChaCha20Rng::from_seed([3; 32]), &reply.encode())
}

fn client(local: &LocalNetwork) -> OnionNetwork {
    let profile = NetworkProfile::from_json(&local.profile_json()).expect("a good profile");
    let cache = Arc::new(MemoryCache::default());
    OnionNetwork::start(profile, cache, Arc::new(SystemWallClock), [5; 32]).expect("a good profile")
}

fn upload(body: Vec<u8>) -> ServerRequest {
    ServerRequest::post("/file", "application/octet-stream", body, MAX_SERVER_BODY_LEN)
}

#[tokio::test(flavor = "multi_thread")]
async fn net_52_the_longest_file_goes_both_ways_and_its_progress_is_told() {
    let local = LocalNetwork::start(9, 3).await.expect("started");
    let server = Echo::start().await;
    let network = client(&local);
    let body: Vec<u8> = (0..LONGEST_FILE).map(|at| at.to_le_bytes()[0]).collect();
    let (progress, told) = watch::channel(Transfer::default());
    let request = upload(body.clone()).with_progress(progress);
    let response = network.to_server(&server.address(), request).await;
    let response = response.expect("answered");
    assert_eq!((response.status, &*response.headers["endpoint"]), (200, "/file"));
    assert!(response.body == body, "{} bytes came back", response.body.len());
    assert_eq!(server.asked(), 1);
    let last = *told.borrow();
    assert_eq!((last.sent, Some(last.received)), (last.to_send, last.to_receive));
}

#[tokio::test(flavor = "multi_thread")]
async fn net_50_a_status_is_an_answer_and_a_dead_server_is_none() {
    let local = LocalNetwork::start(9, 3).await.expect("started");
    let server = Echo::start().await;
    let network = client(&local);
    let get = || ServerRequest::get("/file/none", 1_000);
    let response = network
        .to_server(&server.address(), get())
        .await
        .expect("answered");
    assert_eq!((response.status, response.body.len()), (404, 0));
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
