//! Opens the store, the network and the engine of one data folder.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use contract::{Command, ErrorCode, Event, Failure, KeyCustody, Reply};
use engine::{Config, Engine, EngineParts, Entropy, Mode, StoreCache, SystemClock, SystemEntropy};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt};
use network::{NetworkProfile, OnionNetwork};
use store::keychain::{Passphrase, PassphraseKeychain};
use store::{Custody, DataDir, OpenError, Store};
use zeroize::Zeroizing;

use crate::options::Options;
use crate::shell::{Messenger, Opened, Opener};

/// Opens the account in `data` as the options say. A passphrase that the user typed goes before the one in a file.
pub(crate) fn opener(data: PathBuf, options: Options) -> Opener {
    Box::new(move |typed| open(data.clone(), options.clone(), typed).boxed())
}

/// An open engine; `None` once closed.
struct OpenEngine(RwLock<Option<Arc<Engine>>>);

impl OpenEngine {
    fn engine(&self) -> Option<Arc<Engine>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Messenger for OpenEngine {
    fn handle(&self, command: Command) -> BoxFuture<'_, Result<Reply, Failure>> {
        async move {
            let Some(engine) = self.engine() else {
                return Err(unknown("closed"));
            };
            engine.handle(command).await
        }
        .boxed()
    }

    fn events(&self) -> BoxStream<'static, Event> {
        let Some(engine) = self.engine() else {
            return stream::empty().boxed();
        };
        stream::unfold(engine.events(), async |mut events| {
            Some((events.next().await?, events))
        })
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async move {
            let engine = self.0.write().unwrap_or_else(PoisonError::into_inner).take();
            // A command still under way keeps it for its last moments; everything is on disk already.
            if let Some(engine) = engine.and_then(Arc::into_inner) {
                engine.close().await;
            }
        }
        .boxed()
    }
}

async fn open(data: PathBuf, options: Options, typed: Option<Passphrase>) -> Opened {
    let profile = profile(&options.network)?;
    let opening =
        tokio::task::spawn_blocking(move || open_store(&data, options.passphrase_file.as_deref(), typed));
    let (store, custody) = opening.await.map_err(|_| unknown("task"))??;
    let store = Arc::new(store);
    let clock = Arc::new(SystemClock::from_environment());
    let cache = Arc::new(StoreCache::new(Arc::clone(&store), clock.clone()));
    let mut seed = Zeroizing::new([0; 32]);
    SystemEntropy.fill(seed.as_mut_slice());
    let network = OnionNetwork::start(profile.clone(), cache, clock.clone(), *seed)
        .map_err(|error| engine::failure::of_profile(&error))?;
    let parts = EngineParts {
        config: Config {
            profile,
            key_custody: custody_of(custody),
            push_provider: None,
            mode: Mode::Active,
        },
        store,
        network: Arc::new(network),
        clock,
        entropy: Arc::new(SystemEntropy),
    };
    let engine = Arc::new(Engine::open(parts).await?);
    Ok(Arc::new(OpenEngine(RwLock::new(Some(engine)))))
}

fn open_store(
    data: &Path,
    file: Option<&Path>,
    typed: Option<Passphrase>,
) -> Result<(Store, Custody), Failure> {
    let folder = DataDir::prepare(data).map_err(|error| engine::failure::of_opening(&error))?;
    let passphrase = match (typed, file) {
        (Some(typed), _) => Some(typed),
        (None, Some(file)) => Some(read_passphrase(file).ok_or_else(|| passphrase_needed(&folder))?),
        (None, None) => None,
    };
    folder.open_store(passphrase).map_err(|error| match error {
        OpenError::PassphraseNeeded => passphrase_needed(&folder),
        error => engine::failure::of_opening(&error),
    })
}

fn read_passphrase(file: &Path) -> Option<Passphrase> {
    let text = std::fs::read_to_string(file)
        .inspect_err(|error| tracing::warn!(kind = ?error.kind(), "the passphrase file cannot be read"))
        .ok()?;
    Passphrase::new(text)
}

/// Asks for the passphrase; with `first`, for a new one, because none protects this folder yet.
fn passphrase_needed(folder: &DataDir) -> Failure {
    let failure = Failure::new(ErrorCode::PassphraseNeeded);
    if PassphraseKeychain::holds(folder.path(), &folder.key_name()) {
        failure
    } else {
        failure.with("first", "yes")
    }
}

fn profile(network: &str) -> Result<NetworkProfile, Failure> {
    match network {
        "mainnet" => Ok(NetworkProfile::mainnet()),
        "testnet" => Ok(NetworkProfile::testnet()),
        file => NetworkProfile::load(Path::new(file)).map_err(|error| engine::failure::of_profile(&error)),
    }
}

fn custody_of(custody: Custody) -> KeyCustody {
    match custody {
        Custody::Keychain => KeyCustody::Keychain,
        Custody::Passphrase => KeyCustody::Passphrase,
        Custody::Memory => KeyCustody::Memory,
    }
}

fn unknown(code: &str) -> Failure {
    Failure::new(ErrorCode::Unknown).with("code", code)
}
