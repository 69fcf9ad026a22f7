//! What the command line may choose on a desktop. Phones always use the defaults.

use std::path::PathBuf;

/// Where the data is, which network is used and what opens the store.
#[derive(Clone, Debug)]
#[cfg_attr(desktop, derive(clap::Parser))]
#[cfg_attr(
    desktop,
    command(name = "tern-app", about = "Tern: private messages, no phone number.")
)]
pub(crate) struct Options {
    /// Folder of this account's data; made when missing. Without it, the platform's folder for app data.
    #[cfg_attr(desktop, arg(long, value_name = "DIR"))]
    pub(crate) data: Option<PathBuf>,
    /// The network: `mainnet`, `testnet`, or a file with a network profile.
    #[cfg_attr(desktop, arg(long, value_name = "FILE|mainnet|testnet", default_value = DEFAULT_NETWORK))]
    pub(crate) network: String,
    /// A file with the passphrase of the store, for machines without a keychain service.
    #[cfg_attr(desktop, arg(long, value_name = "FILE"))]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Files to be sent: the app asks to whom. An open window on the same data takes them over.
    #[cfg_attr(desktop, arg(long, value_name = "FILE", num_args = 1..))]
    pub(crate) share: Vec<PathBuf>,
}

const DEFAULT_NETWORK: &str = "mainnet";

impl Options {
    #[cfg(desktop)]
    pub(crate) fn from_command_line() -> Self {
        <Self as clap::Parser>::parse()
    }

    #[cfg(mobile)]
    pub(crate) fn from_command_line() -> Self {
        Self {
            data: None,
            network: DEFAULT_NETWORK.to_owned(),
            passphrase_file: None,
            share: Vec::new(),
        }
    }
}
