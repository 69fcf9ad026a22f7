//! From a data folder to a running engine: the one way in which every shell opens an account.
//!
//! Folder, key, database, network profile, network and engine, in this order; a failure leaves nothing running. What
//! shells decide for themselves is in [`Opening`]; everything else is alike for the window, the command line and phones.

mod error;
mod no_network;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ::previews::{Direct, Reach};
use contract::{Failure, KeyCustody};
use network::{Network, NetworkProfile, OnionNetwork, ProfileError, WallClock};
use store::keychain::{Passphrase, PassphraseKeychain};
use store::{Custody, DataDir, OpenError, Store, Upgrade};
use zeroize::Zeroizing;

pub use error::OpeningError;

use crate::failure;
use crate::{
    Clock, Config, Engine, EngineParts, Entropy, Mode, StoreCache, SystemClock, SystemEntropy, WaysOut,
};
use no_network::NoNetwork;

/// The first list is on the screen by then, or nearly.
const HEAD_START: Duration = Duration::from_millis(250);

/// How a shell wants the account of a folder to be opened.
#[derive(Debug)]
pub struct Opening {
    /// The folder with the account's data.
    pub data: PathBuf,
    /// What happens when the folder holds no account yet.
    pub missing: Missing,
    /// `mainnet`, `testnet`, or the path of a network profile.
    pub network: String,
    /// What seals the key where no keychain answers.
    pub passphrase: Option<Passphrase>,
    /// What the engine does by itself.
    pub activity: Activity,
    /// The name of this device's push service, if it has one.
    pub push_provider: Option<String>,
}

/// What happens when a folder holds no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Folder and store are made.
    Make,
    /// [`OpeningError::NoAccount`]; nothing is made.
    Refuse,
}

/// What an opened engine does by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// It sends and looks for messages all the time.
    Constant,
    /// It uses the network only within [`Engine::poll_once`] and `poll_now`.
    Visits,
    /// It never uses the network.
    Offline,
}

/// A running engine and the network under it.
pub struct OpenEngine {
    engine: Engine,
    network: Option<Arc<OnionNetwork>>,
    store: Arc<Store>,
    data: PathBuf,
    key_custody: KeyCustody,
}

impl Opening {
    /// Opens the folder. To be called within a tokio runtime.
    ///
    /// # Errors
    /// [`OpeningError`]; the folder is as it was, but for a store made under [`Missing::Make`].
    pub async fn open(self) -> Result<OpenEngine, OpeningError> {
        self.open_telling(|_| ()).await
    }

    /// [`Opening::open`], telling how far a store of an earlier version is. `tell` runs on a thread of its own and must not
    /// block.
    ///
    /// # Errors
    /// As [`Opening::open`].
    pub async fn open_telling(
        self,
        tell: impl Fn(Upgrade) + Send + 'static,
    ) -> Result<OpenEngine, OpeningError> {
        let profile = profile(&self.network)?;
        let (folder, passphrase, missing) = (self.data.clone(), self.passphrase, self.missing);
        let opening = tokio::task::spawn_blocking(move || {
            let (store, custody) = open_store(&folder, passphrase, missing, &tell)?;
            let ways_out = WaysOut::load(&store)?;
            Ok::<_, OpeningError>((store, custody, ways_out))
        });
        let (store, custody, ways_out) = opening.await.map_err(|_| OpeningError::Task)??;
        let (store, key_custody) = (Arc::new(store), key_custody(custody));
        let clock = Arc::new(SystemClock::from_environment());
        let network = match self.activity {
            Activity::Offline => None,
            Activity::Constant | Activity::Visits => Some(Arc::new(start_network(
                &ways_out,
                profile.clone(),
                &store,
                &clock,
            )?)),
        };
        let websites = Arc::new(Direct::new(Reach {
            private_addresses: profile.private_addresses,
            dialer: ways_out.websites.clone(),
            more_roots: roots_of_a_test(),
        }));
        let parts = EngineParts {
            config: Config {
                profile,
                key_custody,
                push_provider: self.push_provider,
                nearby: nearby_reach(),
                mode: match self.activity {
                    Activity::Constant => Mode::Active,
                    Activity::Visits | Activity::Offline => Mode::OnDemand,
                },
                head_start: HEAD_START,
            },
            store: Arc::clone(&store),
            network: match &network {
                Some(network) => Arc::clone(network) as Arc<dyn Network>,
                None => Arc::new(NoNetwork::new()),
            },
            clock,
            entropy: Arc::new(SystemEntropy),
            websites,
            ways_out,
        };
        let engine = Engine::open(parts).await.map_err(OpeningError::Engine)?;
        Ok(OpenEngine {
            engine,
            network,
            store,
            data: self.data,
            key_custody,
        })
    }
}

/// Erases the account of a folder that does not open, so that the folder can be begun anew. Blocks.
///
/// # Errors
/// `E-STORE` or `E-DISK` when the file system fails.
pub fn erase_unopened(data: &Path) -> Result<(), Failure> {
    DataDir::erase(data).map_err(|error| failure::of_opening(&error))
}

impl OpenEngine {
    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What keeps the key of the store.
    pub fn key_custody(&self) -> KeyCustody {
        self.key_custody
    }

    /// Ends the engine's tasks and then the network's, and waits for them; everything is on disk already. What was cleared
    /// ([`contract::ClearData`]) is erased then, the key first.
    pub async fn close(self) {
        self.engine.close().await;
        if let Some(network) = self.network.and_then(Arc::into_inner) {
            network.close().await;
        }
        // What was begun is carried out on other threads; the process must not end in the middle of it.
        let (store, data) = (self.store, self.data);
        let close = move || {
            store.close();
            if let Err(error) = DataDir::erase_condemned(&data) {
                tracing::warn!(%error, "what was cleared is erased when the folder is opened next");
            }
        };
        if tokio::task::spawn_blocking(close).await.is_err() {
            tracing::warn!("the store was not closed in order");
        }
    }
}

fn profile(name: &str) -> Result<NetworkProfile, ProfileError> {
    match name {
        "mainnet" => Ok(NetworkProfile::mainnet()),
        "testnet" => Ok(NetworkProfile::testnet()),
        file => NetworkProfile::load(Path::new(file)),
    }
}

/// Blocks: the keychain may ask its user, and a passphrase costs its time.
fn open_store(
    data: &Path,
    passphrase: Option<Passphrase>,
    missing: Missing,
    tell: &dyn Fn(Upgrade),
) -> Result<(Store, Custody), OpeningError> {
    // What another process was asked to clear and did not live to erase.
    DataDir::erase_condemned(data)?;
    if missing == Missing::Refuse && !DataDir::holds_store(data) {
        return Err(OpeningError::NoAccount);
    }
    let folder = DataDir::prepare(data)?;
    let opened = folder.open_store_telling(passphrase, tell);
    let (store, custody) = opened.map_err(|error| match error {
        OpenError::PassphraseNeeded => OpeningError::PassphraseNeeded {
            first: !PassphraseKeychain::holds(folder.path(), &folder.key_name()),
        },
        error => error.into(),
    })?;
    if missing == Missing::Refuse && store.read(|reading| reading.account())?.is_none() {
        return Err(OpeningError::NoAccount);
    }
    Ok((store, custody))
}

fn start_network(
    ways_out: &WaysOut,
    profile: NetworkProfile,
    store: &Arc<Store>,
    clock: &Arc<SystemClock>,
) -> Result<OnionNetwork, ProfileError> {
    let cache = StoreCache::new(Arc::clone(store), Arc::clone(clock) as Arc<dyn Clock>);
    let mut seed = Zeroizing::new([0; 32]);
    SystemEntropy.fill(seed.as_mut_slice());
    OnionNetwork::start(
        ways_out.network.clone(),
        profile,
        Arc::new(cache),
        Arc::clone(clock) as Arc<dyn WallClock>,
        *seed,
    )
}

/// Authorities that websites of a test show: the file `TERN_WEB_ROOT` names one, as a DER certificate. In debug builds
/// only; what ships trusts nobody but the web's authorities.
fn roots_of_a_test() -> Vec<Vec<u8>> {
    if !cfg!(debug_assertions) {
        return Vec::new();
    }
    let file = std::env::var_os("TERN_WEB_ROOT");
    file.and_then(|file| std::fs::read(file).ok())
        .into_iter()
        .collect()
}

/// All local networks; in a test, which names the UDP port of announcements in `TERN_NEARBY_PORT`, this machine only. In debug
/// builds only.
fn nearby_reach() -> nearby::Reach {
    let port = match cfg!(debug_assertions) {
        true => std::env::var("TERN_NEARBY_PORT").ok(),
        false => None,
    };
    port.map_or(nearby::Reach::LOCAL_NETWORK, |port| nearby::Reach {
        scope: nearby::Scope::ThisMachine,
        announcements: port.parse().ok(),
    })
}

const fn key_custody(custody: Custody) -> KeyCustody {
    match custody {
        Custody::Keychain => KeyCustody::Keychain,
        Custody::Passphrase => KeyCustody::Passphrase,
        Custody::Memory => KeyCustody::Memory,
    }
}

#[cfg(test)]
#[path = "opening_tests.rs"]
mod tests;
