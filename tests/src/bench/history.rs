//! What a person waits for with little, much and very much history, by the program without a window.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use node::LocalNetwork;
use store::DataDir;
use store::keychain::Passphrase;

use super::feed;
use super::headless::{self, Measured, Place};
use crate::large_store;

/// Opens the stores; nothing in them is worth more.
const PASSPHRASE: &str = "only for the bench";
/// Nodes and swarms of the network that the program is connected to.
const NODES: usize = 9;
const SWARMS: usize = 3;

/// What was measured with one size of store.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Messages in the store.
    pub messages: usize,
    /// Bytes of its file.
    pub bytes: u64,
    /// Making it.
    pub filled: Duration,
    /// The program on it.
    pub program: Measured,
}

/// Fills a store of each size and starts the program on it.
///
/// # Errors
/// When the network, a store or the program fails.
pub fn measure(tern: &Path, sizes: &[usize]) -> anyhow::Result<Vec<Size>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let network = runtime
        .block_on(LocalNetwork::start(NODES, SWARMS))
        .context("local network")?;
    let folder = tempfile::tempdir()?;
    let profile = folder.path().join("network.json");
    std::fs::write(&profile, network.profile_json())?;
    let passphrase = folder.path().join("passphrase");
    write_private(&passphrase)?;
    sizes
        .iter()
        .map(|messages| {
            let data = folder.path().join(messages.to_string());
            let made = make(&data, *messages)?;
            let place = Place {
                tern,
                data: &data,
                passphrase: &passphrase,
                network: &profile,
            };
            let program = headless::measure(place, &made.largest)?;
            std::fs::remove_dir_all(&data)?;
            Ok(Size {
                messages: *messages,
                bytes: made.bytes,
                filled: made.took,
                program,
            })
        })
        .collect()
}

struct Made {
    largest: String,
    bytes: u64,
    took: Duration,
}

fn make(data: &Path, messages: usize) -> anyhow::Result<Made> {
    let started = Instant::now();
    let folder = DataDir::prepare(data)?;
    let (store, _) = folder.open_store(Passphrase::new(PASSPHRASE.to_owned()))?;
    let filled = large_store::fill(&store, messages, feed::now())?;
    store.close();
    Ok(Made {
        largest: filled.largest.to_hex(),
        bytes: std::fs::metadata(folder.database())?.len(),
        took: started.elapsed(),
    })
}

fn write_private(path: &PathBuf) -> anyhow::Result<()> {
    std::fs::write(path, PASSPHRASE)?;
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}
