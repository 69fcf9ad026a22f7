//! A file server on a port, running or not.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use data_encoding::HEXLOWER;
use hyper::service::service_fn;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::http::FileFront;
use super::{ArchiveError, FileLimits, FileServer};
use crate::faults::Faults;
use crate::http::{Cuttable, Limits, Place, accept_each, serve_http};
use crate::identity::{IdentityError, NodeIdentity};
use crate::port::Port;
use crate::rate_limit::RateLimit;
use crate::running::Running;
use crate::{clock, random};

/// How often the server forgets what has expired.
const CLEAN_UP_PERIOD: Duration = Duration::from_secs(15);

/// What a file server is.
#[derive(Clone)]
pub struct FileHostConfig {
    /// The keys that requests are encrypted to.
    pub identity: Arc<NodeIdentity>,
    /// Where files are kept; in memory, and lost at each stop, where there is no folder.
    pub folder: Option<PathBuf>,
    /// On files.
    pub files: FileLimits,
    /// On requests.
    pub rate_limit: RateLimit,
    /// On what strangers can hold.
    pub limits: Limits,
}

impl FileHostConfig {
    /// A server that keeps its keys (`identity`) and its files in `folder`, both made where they are missing, with the
    /// limits of the deployed network.
    ///
    /// # Errors
    /// [`FileHostError::Identity`], [`FileHostError::Archive`]
    pub fn open(folder: &Path) -> Result<Self, FileHostError> {
        std::fs::create_dir_all(folder).map_err(ArchiveError::Disk)?;
        let identity = NodeIdentity::load_or_create(&folder.join("identity"), &mut random::rng())?;
        Ok(Self {
            identity: Arc::new(identity),
            folder: Some(folder.to_owned()),
            files: FileLimits::default(),
            rate_limit: RateLimit::Network,
            limits: Limits::default(),
        })
    }
}

/// Why a file server does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileHostError {
    /// The port cannot be had.
    #[error("cannot listen on port {port}")]
    Listen {
        /// The port.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// The keys cannot be used.
    #[error("the keys cannot be used")]
    Identity(#[from] IdentityError),
    /// The files cannot be opened.
    #[error("the files cannot be opened")]
    Archive(#[from] ArchiveError),
    /// Opening the files failed in an unforeseen way.
    #[error("opening the files ended in a panic")]
    Panicked,
    /// It runs already.
    #[error("the file server is running")]
    Running,
}

/// One file server on one port; can be stopped and started again on the same port with the same files.
///
/// Dropping it ends it at once, as [`FileHost::kill`] does, without waiting for its tasks.
pub struct FileHost {
    config: FileHostConfig,
    faults: Faults,
    port: Port,
    running: Mutex<Option<Running>>,
}

impl FileHost {
    /// Starts a server on a port that was bound for it.
    ///
    /// # Errors
    /// [`FileHostError`]
    pub async fn start(config: FileHostConfig, port: Port) -> Result<Self, FileHostError> {
        let host = Self {
            config,
            faults: Faults::default(),
            port,
            running: Mutex::default(),
        };
        host.restart().await?;
        Ok(host)
    }

    /// Starts it again after [`FileHost::stop`] or [`FileHost::kill`]: same port, same keys, same files.
    ///
    /// # Errors
    /// [`FileHostError`]
    pub async fn restart(&self) -> Result<(), FileHostError> {
        if self.is_running() {
            return Err(FileHostError::Running);
        }
        let FileHostConfig {
            identity,
            folder,
            files,
            rate_limit,
            limits,
        } = self.config.clone();
        let open = move || match folder {
            Some(folder) => FileServer::open(identity, &folder, files),
            None => FileServer::in_memory(identity, files),
        };
        let opened = tokio::task::spawn_blocking(open).await;
        let server = Arc::new(opened.map_err(|_| FileHostError::Panicked)??);
        let listener = self.port.listen().map_err(|source| FileHostError::Listen {
            port: self.port.number(),
            source,
        })?;
        let running = Running::default();
        let (faults, threads) = (self.faults.clone(), running.tasks.clone());
        let front = FileFront::new(server.clone(), rate_limit, limits, faults, threads);
        let listening = Arc::new(Listening {
            front,
            drain: running.drain.clone(),
            stop: running.stop.clone(),
        });
        let tracker = running.connections.clone();
        running
            .connections
            .spawn(async move { listening.accept(listener, tracker).await });
        running.tasks.spawn(clean_up(server, running.stop.clone()));
        running.close();
        *self.lock() = Some(running);
        Ok(())
    }

    /// Stops it: no new connection, a short while for requests in progress, then all connections end. The port stays
    /// reserved; connecting to it is refused.
    pub async fn stop(&self) {
        let Some(running) = self.lock().take() else { return };
        running.drain().await;
        running.end().await;
        self.port.reserve();
    }

    /// Ends it at once, in the middle of whatever it does.
    pub async fn kill(&self) {
        let Some(running) = self.lock().take() else { return };
        running.end().await;
        self.port.reserve();
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.lock().is_some()
    }

    /// What it does wrong on purpose.
    pub const fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.port.address()
    }

    /// The server as a network profile names it, `{"url","x25519","ed25519"}`, at a URL other than that of its port.
    pub fn profile_json_at(&self, url: &str) -> Value {
        json!({
            "url": url,
            "x25519": HEXLOWER.encode(self.identity().x25519()),
            "ed25519": HEXLOWER.encode(&self.identity().ed25519()),
        })
    }

    /// The server as a network profile names it, at its port.
    pub fn profile_json(&self) -> Value {
        self.profile_json_at(&format!("http://{}", self.address()))
    }

    /// The keys that requests are encrypted to.
    pub fn identity(&self) -> &NodeIdentity {
        &self.config.identity
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        // Nothing panics while it holds the lock.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Listening {
    front: FileFront,
    drain: CancellationToken,
    stop: CancellationToken,
}

impl Listening {
    async fn accept(self: Arc<Self>, listener: TcpListener, connections: tokio_util::task::TaskTracker) {
        let begin = |stream, address, place: Place| {
            let serving = self.clone();
            connections.spawn(async move {
                let _place = place;
                let connection = serving.serve(stream, address);
                serving.stop.run_until_cancelled(connection).await;
            });
        };
        accept_each(listener, &self.front.limits, &self.drain, begin).await;
    }

    async fn serve(&self, stream: TcpStream, address: std::net::Ipv4Addr) {
        let front = &self.front;
        if !front.faults.admit().await || stream.set_nodelay(true).is_err() {
            return;
        }
        let stream = Cuttable::new(stream, front.faults.clone());
        let service = service_fn(|request| front.respond(address, request));
        serve_http(stream, service, &front.limits, &self.drain).await;
    }
}

async fn clean_up(server: Arc<FileServer>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(CLEAN_UP_PERIOD);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        let server = server.clone();
        let cleaned = tokio::task::spawn_blocking(move || server.clean_up(clock::now())).await;
        if !matches!(cleaned, Ok(Ok(()))) {
            tracing::warn!("what has expired could not be forgotten");
        }
    }
}
