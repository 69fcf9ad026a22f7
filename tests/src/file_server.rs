//! The file server of the simulated network: the real one, plugged in, with a way to break what it answers.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use node::{FileLimits, FileServer, NodeIdentity};
use protocol::TimestampMs;
use protocol::file_server::{FileEncryption, FileRequest, FileUrl, Uploaded};
use protocol::onion::ServerReply;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde_json::{Value, json};

use crate::simulated_network::World;

const HOST: &str = "files.test";

/// The same keys in every world, so that one profile fits all.
static IDENTITY: LazyLock<Arc<NodeIdentity>> = LazyLock::new(|| {
    let mut rng = ChaCha20Rng::seed_from_u64(44);
    Arc::new(NodeIdentity::generate(&mut rng))
});

/// What becomes of an answer on its way.
pub type Breaking = dyn Fn(ServerReply) -> ServerReply + Send + Sync;

/// A file server in a world.
pub struct Files {
    server: Arc<FileServer>,
    breaking: Arc<Mutex<Option<Box<Breaking>>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

/// As a network profile names the server.
pub fn profile_entry() -> Value {
    let hex = |key: &[u8; 32]| data_encoding::HEXLOWER.encode(key);
    json!({
        "url": format!("http://{HOST}"),
        "x25519": hex(IDENTITY.x25519()),
        "ed25519": hex(&IDENTITY.ed25519()),
    })
}

impl Files {
    /// Plugs a server without files into a world.
    pub fn plug_in(world: &World) -> Self {
        let server = FileServer::in_memory(Arc::clone(&IDENTITY), FileLimits::default());
        let server = Arc::new(server.expect("SQLite has memory"));
        let files = Self {
            server: Arc::clone(&server),
            breaking: Arc::default(),
            asked: Arc::default(),
        };
        let (breaking, asked) = (Arc::clone(&files.breaking), Arc::clone(&files.asked));
        let answer = move |now, request: &protocol::onion::ServerRequest| {
            let line = format!("{} {}", request.method, request.endpoint);
            asked.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            let reply = server.handle(now, request.clone());
            match breaking.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
                Some(breaking) => breaking(reply),
                None => reply,
            }
        };
        world.plug_in(HOST, Arc::new(answer));
        files
    }

    /// Has every answer go through `breaking` from now on; `None` heals.
    pub fn set_breaking(&self, breaking: Option<Box<Breaking>>) {
        *self.breaking.lock().unwrap_or_else(PoisonError::into_inner) = breaking;
    }

    /// Has the server keep a file, as anybody can, and names it by its URL.
    pub fn put(&self, now: TimestampMs, file: &[u8]) -> FileUrl {
        let request = FileRequest::Upload {
            file: file.to_vec(),
            ttl_s: None,
        };
        let reply = self.server.handle(now, request.into_server_request());
        let uploaded = Uploaded::parse(&reply).expect("it is kept");
        let named = protocol::file_server::FileServer::parse(&format!("http://{HOST}"), IDENTITY.ed25519());
        named
            .expect("a server's address")
            .url(uploaded.id, FileEncryption::Legacy)
    }

    /// What was asked so far: method and endpoint.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
