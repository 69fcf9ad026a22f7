//! One run's engine: opened from the arguments, asked through the contract, closed at the end.

mod no_network;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use contract::{Command, ErrorCode, Event, Failure, KeyCustody, Request};
use engine::{Clock, Config, Engine, EngineParts, EventStream, Mode, StoreCache, SystemClock, SystemEntropy};
use network::{Network, NetworkProfile, OnionNetwork, WallClock};
use serde_json::Value;
use store::keychain::Passphrase;
use store::{Custody, DataDir, Store};
use zeroize::Zeroizing;

use crate::args::{self, Arguments};
use crate::exit::Stop;
use crate::secret_file;
use no_network::NoNetwork;

/// An open account.
pub(crate) struct Session {
    engine: Engine,
    network: Option<Arc<OnionNetwork>>,
    custody: Custody,
}

/// Events of the engine.
pub(crate) struct Events(EventStream);

impl Session {
    /// Opens the data folder and, for the commands that need it, the network.
    ///
    /// # Errors
    /// [`Stop::NotOpened`] for the folder, the passphrase and the network profile; [`Stop::BadFile`].
    pub(crate) async fn open(arguments: &Arguments) -> Result<Self, Stop> {
        let profile = profile(&arguments.network)?;
        let passphrase = arguments.passphrase_file.as_deref().map(passphrase).transpose()?;
        let folder = data_folder(arguments.data.as_deref())?;
        let (store, custody) = open_store(folder, passphrase).await?;
        let clock = Arc::new(SystemClock::from_environment());
        let network = match works_offline(&arguments.command) {
            true => None,
            false => Some(Arc::new(start_network(&profile, &store, &clock)?)),
        };
        let parts = EngineParts {
            config: Config {
                profile,
                key_custody: match custody {
                    Custody::Keychain => KeyCustody::Keychain,
                    Custody::Passphrase => KeyCustody::Passphrase,
                    Custody::Memory => KeyCustody::Memory,
                },
                push_provider: None,
                mode: if network.is_some() {
                    Mode::Active
                } else {
                    Mode::OnDemand
                },
            },
            store,
            network: match &network {
                Some(network) => Arc::clone(network) as Arc<dyn Network>,
                None => Arc::new(NoNetwork::new()),
            },
            clock,
            entropy: Arc::new(SystemEntropy),
        };
        let engine = Engine::open(parts).await.map_err(Stop::NotOpened)?;
        Ok(Self {
            engine,
            network,
            custody,
        })
    }

    /// Carries out a command whose answer has a known type.
    ///
    /// # Errors
    /// What the engine refuses.
    pub(crate) async fn call<R: Request>(&self, request: R) -> Result<R::Reply, Failure> {
        self.engine.request(request).await
    }

    /// Carries out any command; the answer as JSON.
    ///
    /// # Errors
    /// What the engine refuses.
    pub(crate) async fn command(&self, command: Command) -> Result<Value, Failure> {
        let reply = self.engine.handle(command).await?;
        serde_json::to_value(reply).map_err(|_| Failure::new(ErrorCode::Unknown).with("code", "reply"))
    }

    /// Events from now on.
    pub(crate) fn events(&self) -> Events {
        Events(self.engine.events())
    }

    /// What keeps the key of the data folder.
    pub(crate) fn custody(&self) -> Custody {
        self.custody
    }

    /// Ends the engine's tasks and waits for them; everything is on disk already.
    pub(crate) async fn close(self) {
        self.engine.close().await;
        if let Some(network) = self.network.and_then(Arc::into_inner) {
            network.close().await;
        }
    }
}

impl Events {
    /// The next event; waits for ever once the engine is closed. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Event {
        match self.0.next().await {
            Some(event) => event,
            None => std::future::pending().await,
        }
    }
}

/// Commands that only look at or change what is here do not touch the network.
fn works_offline(command: &args::Command) -> bool {
    match command {
        args::Command::Account(_) | args::Command::Messages { .. } | args::Command::Conversations => true,
        args::Command::Send { .. }
        | args::Command::Listen { .. }
        | args::Command::Echo { .. }
        | args::Command::Rpc => false,
    }
}

fn profile(name: &str) -> Result<NetworkProfile, Stop> {
    match name {
        "mainnet" => Ok(NetworkProfile::mainnet()),
        "testnet" => Ok(NetworkProfile::testnet()),
        file => NetworkProfile::load(Path::new(file))
            .map_err(|error| Stop::NotOpened(engine::failure::of_profile(&error))),
    }
}

fn passphrase(file: &Path) -> Result<Passphrase, Stop> {
    let text = secret_file::read(file)?;
    Passphrase::new(text.as_str().to_owned())
        .ok_or_else(|| Stop::BadFile(format!("{}: the passphrase is empty", file.display())))
}

/// The folder given, else the usual place for a program's data.
fn data_folder(given: Option<&Path>) -> Result<PathBuf, Stop> {
    let usual = || {
        let data_home = std::env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute());
        let home = || std::env::home_dir().map(|home| home.join(".local").join("share"));
        data_home.or_else(home).map(|folder| folder.join("tern"))
    };
    given
        .map(Path::to_owned)
        .or_else(usual)
        .ok_or_else(|| Stop::BadFile("there is no home folder; name a data folder with --data".to_owned()))
}

async fn open_store(folder: PathBuf, passphrase: Option<Passphrase>) -> Result<(Arc<Store>, Custody), Stop> {
    let opening = tokio::task::spawn_blocking(move || DataDir::prepare(&folder)?.open_store(passphrase));
    let opened = opening
        .await
        .map_err(|_| Failure::new(ErrorCode::Unknown).with("code", "task"))?;
    let (store, custody) = opened.map_err(|error| Stop::NotOpened(engine::failure::of_opening(&error)))?;
    Ok((Arc::new(store), custody))
}

fn start_network(
    profile: &NetworkProfile,
    store: &Arc<Store>,
    clock: &Arc<SystemClock>,
) -> Result<OnionNetwork, Stop> {
    let cache = Arc::new(StoreCache::new(
        Arc::clone(store),
        Arc::clone(clock) as Arc<dyn Clock>,
    ));
    let mut seed = Zeroizing::new([0; 32]);
    engine::Entropy::fill(&SystemEntropy, seed.as_mut_slice());
    OnionNetwork::start(
        profile.clone(),
        cache,
        Arc::clone(clock) as Arc<dyn WallClock>,
        *seed,
    )
    .map_err(|error| Stop::NotOpened(engine::failure::of_profile(&error)))
}
