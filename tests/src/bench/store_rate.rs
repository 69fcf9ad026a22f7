//! How many messages a node stores in a second, against a bare handler on the same server.
//!
//! Both run over TLS on loopback with the same clients and bodies; the bare handler gives each body back. The clients look
//! at the status and length of an answer, and do not verify what is in it. The ratio says what the database, the checks
//! and the signature cost beside what serving costs anyway. What the node puts off counts too: it is only done when all
//! messages are in the tables and these in their file.

mod blind_tls;
mod cost;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, ensure};
use futures::future::{BoxFuture, try_join_all};
use node::storage::SwarmStorage;
use node::{
    Answer, Certificate, Exits, Limits, Node, NodeConfig, NodeIdentity, NodeList, NodeRecord, OpenStorage,
    PeerReply, Port, RateLimit, Storage,
};
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::{Namespace, Request, Store, SwarmId};
use rand_core::SeedableRng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use cost::Cost;

/// Bytes of each message.
const MESSAGE_LEN: usize = 1_000;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StoreRate {
    /// Messages stored in a second.
    pub stores_per_s: f64,
    /// Bodies given back in a second.
    pub echoes_per_s: f64,
    /// Processor time that a stored message takes, its client's included.
    pub store_cpu_us: f64,
    /// The same for a body that is given back.
    pub echo_cpu_us: f64,
}

impl StoreRate {
    /// Stores for each echo.
    pub fn ratio(&self) -> f64 {
        self.stores_per_s / self.echoes_per_s
    }

    /// Stores for the processor time of each echo, which other programs on the machine change less.
    pub fn cpu_ratio(&self) -> f64 {
        self.echo_cpu_us / self.store_cpu_us
    }
}

/// Runs `rounds` rounds of `requests` requests each over `connections` connections, storing and echoing in turns.
///
/// # Errors
/// When a node does not start or does not store.
pub async fn measure(rounds: usize, requests: usize, connections: usize) -> Result<StoreRate> {
    let folder = tempfile::tempdir()?;
    let path = Some(folder.path().join("messages.db"));
    let opened: Arc<OnceLock<Arc<SwarmStorage>>> = Arc::default();
    let storing = start(path, {
        let opened = Arc::clone(&opened);
        Arc::new(move |setup| {
            let storage = Arc::new(SwarmStorage::open(setup)?);
            Ok(opened.get_or_init(|| storage).clone())
        })
    })
    .await?;
    let database = opened
        .get()
        .context("the node has no storage")?
        .service()
        .database();
    let echoing = start(None, Arc::new(|_| Ok(Arc::new(Echo)))).await?;
    let (mut store, mut echo) = (Cost::default(), Cost::default());
    for round in 0..rounds {
        let bodies: Vec<_> = (0..requests)
            .map(|number| store_body(round * requests + number))
            .collect();
        echo = echo + run(echoing.address(), &bodies, connections).await?;
        store = store + run(storing.address(), &bodies, connections).await?;
        let begin = Cost::so_far();
        // Counting moves all messages into the tables.
        let stored = database.count()?;
        store = store + Cost::so_far() - begin;
        ensure!(
            usize::try_from(stored)? == (round + 1) * requests,
            "messages are missing"
        );
    }
    let begin = Cost::so_far();
    database.checkpoint()?;
    store = store + Cost::so_far() - begin;
    storing.stop().await;
    echoing.stop().await;
    let count = (rounds * requests) as f64;
    Ok(StoreRate {
        stores_per_s: count / store.wall_s,
        echoes_per_s: count / echo.wall_s,
        store_cpu_us: store.cpu_s * 1e6 / count,
        echo_cpu_us: echo.cpu_s * 1e6 / count,
    })
}

async fn start(database: Option<std::path::PathBuf>, storage: Arc<OpenStorage>) -> Result<Node> {
    let port = Port::bind(std::net::Ipv4Addr::LOCALHOST, 0)?;
    let identity = NodeIdentity::generate(&mut rand_chacha::ChaCha8Rng::from_seed([1; 32]));
    let record = NodeRecord {
        legacy: *identity.legacy(),
        ed25519: identity.ed25519(),
        x25519: *identity.x25519(),
        ip: std::net::Ipv4Addr::LOCALHOST,
        https_port: port.number(),
        quic_port: port.number(),
        swarm: SwarmId(0),
    };
    let config = NodeConfig {
        identity: Arc::new(identity),
        certificate: Arc::new(Certificate::generate()?),
        nodes: Arc::new(NodeList::new([record])),
        database,
        rate_limit: RateLimit::Off,
        exits: Exits::Anywhere,
        limits: Limits::default(),
        storage,
    };
    Ok(Node::start(config, port).await?)
}

/// A request that stores a message of its own.
fn store_body(number: usize) -> Vec<u8> {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    let timestamp = TimestampMs(i64::try_from(now.as_millis()).unwrap_or_default());
    let mut data = number.to_be_bytes().to_vec();
    data.resize(MESSAGE_LEN, 7);
    let mut account = [5; 33];
    account[1..9].copy_from_slice(&(number % 1_000).to_be_bytes());
    let store = Store {
        account: AccountId::from_bytes(account),
        namespace: Namespace::MESSAGES,
        data,
        timestamp,
        expiry: timestamp.plus_ms(86_400_000),
        proof: None,
    };
    let body = Request::Store(store).to_json().to_string();
    format!(
        "POST /storage_rpc/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Sends all bodies over connections that are there; what it cost until all answers were there.
async fn run(address: SocketAddr, bodies: &[Vec<u8>], connections: usize) -> Result<Cost> {
    let mut clients = try_join_all((0..connections).map(|_| connect(address))).await?;
    let share = bodies.len().div_ceil(connections);
    let begin = Cost::so_far();
    try_join_all(
        clients
            .iter_mut()
            .zip(bodies.chunks(share))
            .map(|(client, bodies)| send(client, bodies)),
    )
    .await?;
    Ok(Cost::so_far() - begin)
}

async fn connect(address: SocketAddr) -> Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(blind_tls::connector()
        .connect("localhost".try_into()?, stream)
        .await?)
}

async fn send(client: &mut TlsStream<TcpStream>, bodies: &[Vec<u8>]) -> Result<()> {
    let mut buffer = Vec::new();
    for body in bodies {
        client.write_all(body).await?;
        client.flush().await?;
        buffer.clear();
        let (head_len, body_len) = loop {
            ensure!(client.read_buf(&mut buffer).await? > 0, "the node hung up");
            if let Some(lens) = lens(&buffer)? {
                break lens;
            }
        };
        while buffer.len() < head_len + body_len {
            ensure!(client.read_buf(&mut buffer).await? > 0, "the node hung up");
        }
    }
    Ok(())
}

/// Lengths of head and body of a good reply, once the head is there.
fn lens(buffer: &[u8]) -> Result<Option<(usize, usize)>> {
    let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(&buffer[..end])?.to_ascii_lowercase();
    ensure!(head.starts_with("http/1.1 200"), "refused: {head}");
    let len = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .context("no length")?;
    Ok(Some((end + 4, len.trim().parse()?)))
}

/// Gives each body back.
struct Echo;

impl Storage for Echo {
    fn handle<'a>(&'a self, _now: TimestampMs, body: &'a [u8]) -> BoxFuture<'a, Answer> {
        Box::pin(async move { Answer::binary(200, body.to_vec()) })
    }

    fn handle_peer<'a>(
        &'a self,
        _now: TimestampMs,
        _from: &'a NodeRecord,
        _command: &'a str,
        _payload: &'a [u8],
    ) -> BoxFuture<'a, PeerReply> {
        Box::pin(async { PeerReply::text(404, "unknown command") })
    }

    fn clean_up(&self, _now: TimestampMs) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}
