//! A network as data: where its relays are learnt and which services belong to it.
//!
//! A profile is all that differs between the deployed network, its test network and one of our own; it is read from a JSON
//! file whose form `docs/network-profile.md` describes. No address outside a profile, and outside the node lists that its
//! seeds and relays give, is ever connected to.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use protocol::onion::{Hop, is_public_address};
use protocol::storage::SwarmId;
use serde::{Deserialize, Serialize};
use url::Url;

mod known;
pub(crate) mod text;

/// Fewest relays that make three hops and a destination.
const FEWEST_RELAYS: usize = 4;

/// A network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkProfile {
    /// Shown to people and used to keep caches of networks apart.
    pub name: String,
    /// Servers that give the first list of relays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seeds: Vec<Seed>,
    /// Relays known from the start; used directly and to refresh the list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relays: Vec<Relay>,
    /// Whether relays of one path must stand in different /24 networks; off where all share an address.
    #[serde(default = "on")]
    pub path_diversity: bool,
    /// Whether relays may stand at private, loopback and other addresses that are not public; for networks of one's own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private_addresses: bool,
    /// A list with fewer relays than this is refused.
    #[serde(default = "default_min_relays")]
    pub min_relays: usize,
    /// Keeps attachments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_server: Option<ServiceAddress>,
    /// Wakes phones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push_server: Option<ServiceAddress>,
    /// Suggests communities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub community_list: Option<ServiceAddress>,
    /// Resolves registered names; where absent, relays are asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<ServiceAddress>,
}

/// A server that gives the first list of relays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// `https://host:port` or `http://host:port`; the path `/json_rpc` is added.
    pub url: Url,
    /// SHA-256 of the SubjectPublicKeyInfo of each certificate that is accepted; none: the web's authorities decide.
    #[serde(default, with = "text::pins", skip_serializing_if = "Vec::is_empty")]
    pub spki_sha256: Vec<[u8; 32]>,
}

/// A service node, as a profile or a node list names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relay {
    /// Ed25519 public key, 64 hex digits.
    #[serde(with = "text::key")]
    pub ed25519: [u8; 32],
    /// X25519 public key; where absent, the conversion of `ed25519`.
    #[serde(default, with = "text::optional_key", skip_serializing_if = "Option::is_none")]
    pub x25519: Option<[u8; 32]>,
    /// Address.
    pub ip: IpAddr,
    /// Port of its HTTPS server.
    pub https_port: u16,
    /// Port of its QUIC server, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quic_port: Option<u16>,
    /// Its swarm's number in hex; where absent, relays are asked for swarms.
    #[serde(default, with = "text::swarm", skip_serializing_if = "Option::is_none")]
    pub swarm: Option<SwarmId>,
}

/// A server that is reached through the onion path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAddress {
    /// `http://host[:port]` or `https://host[:port]`.
    pub url: Url,
    /// The server's X25519 public key, 64 hex digits.
    #[serde(with = "text::key")]
    pub x25519: [u8; 32],
    /// The server's Ed25519 public key, where it has one.
    #[serde(default, with = "text::optional_key", skip_serializing_if = "Option::is_none")]
    pub ed25519: Option<[u8; 32]>,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// The file cannot be read.
    #[error("cannot read the network profile {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The text is no JSON, or a field is missing, unknown or malformed.
    #[error("the network profile is malformed: {0}")]
    Form(#[from] serde_json::Error),
    /// Neither seeds nor relays.
    #[error("the network profile names neither seeds nor relays")]
    NoWayIn,
    /// A URL is not http or https, or has no host.
    #[error("{0} is not an http or https address")]
    Address(Url),
    /// A pin stands beside a plain http address, where it would protect nothing.
    #[error("{0} has a certificate pin but no TLS")]
    PinWithoutTls(Url),
    /// A relay's Ed25519 key is no point of the curve.
    #[error("relay number {0} has an unusable key")]
    Key(usize),
    /// A relay's port is 0 or its address is unspecified.
    #[error("relay number {0} cannot be connected to")]
    Unreachable(usize),
    /// A relay's address is not public, and the profile does not say that such addresses are wanted.
    #[error("relay number {0} has an address that is not public, for which private_addresses must be true")]
    PrivateAddress(usize),
    /// Fewer relays than [`NetworkProfile::min_relays`] can ever be known, as there are no seeds.
    #[error("without seeds at least {needed} relays are needed, {given} are given")]
    TooFewRelays {
        /// As required.
        needed: usize,
        /// As named.
        given: usize,
    },
}

impl NetworkProfile {
    /// The deployed network.
    pub fn mainnet() -> Self {
        known::mainnet()
    }

    /// The deployed network's public test network.
    pub fn testnet() -> Self {
        known::testnet()
    }

    /// Reads a profile from a file.
    ///
    /// # Errors
    /// [`ProfileError`]
    pub fn load(path: &Path) -> Result<Self, ProfileError> {
        let text = std::fs::read_to_string(path).map_err(|source| ProfileError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::from_json(&text)
    }

    /// Reads a profile from JSON text and checks it.
    ///
    /// # Errors
    /// [`ProfileError`], except `Read`.
    pub fn from_json(text: &str) -> Result<Self, ProfileError> {
        let profile: Self = serde_json::from_str(text)?;
        profile.check()?;
        Ok(profile)
    }

    /// The profile as a JSON file's text.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a profile has text keys only")
    }

    /// Checks what the form alone does not say.
    ///
    /// # Errors
    /// [`ProfileError`], except `Read` and `Form`.
    pub fn check(&self) -> Result<(), ProfileError> {
        if self.seeds.is_empty() && self.relays.is_empty() {
            return Err(ProfileError::NoWayIn);
        }
        let services = [
            &self.file_server,
            &self.push_server,
            &self.community_list,
            &self.names,
        ];
        let urls = self.seeds.iter().map(|seed| &seed.url);
        for url in urls.chain(services.into_iter().flatten().map(|service| &service.url)) {
            if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
                return Err(ProfileError::Address(url.clone()));
            }
        }
        if let Some(seed) = self
            .seeds
            .iter()
            .find(|seed| seed.url.scheme() == "http" && !seed.spki_sha256.is_empty())
        {
            return Err(ProfileError::PinWithoutTls(seed.url.clone()));
        }
        for (number, relay) in self.relays.iter().enumerate() {
            if relay.hop().is_none() {
                return Err(ProfileError::Key(number));
            }
            if relay.https_port == 0 || relay.ip.is_unspecified() {
                return Err(ProfileError::Unreachable(number));
            }
            if !self.private_addresses && !is_public_address(relay.ip) {
                return Err(ProfileError::PrivateAddress(number));
            }
        }
        let (needed, given) = (self.min_relays.max(FEWEST_RELAYS), self.relays.len());
        if self.seeds.is_empty() && given < needed {
            return Err(ProfileError::TooFewRelays { needed, given });
        }
        Ok(())
    }
}

impl Relay {
    /// The two keys; `None` where the X25519 key is absent and cannot be derived.
    pub fn hop(&self) -> Option<Hop> {
        match self.x25519 {
            Some(x25519) => Some(Hop {
                ed25519: self.ed25519,
                x25519,
            }),
            None => Hop::from_ed25519(self.ed25519),
        }
    }
}

fn on() -> bool {
    true
}

fn default_min_relays() -> usize {
    12
}

#[cfg(test)]
#[path = "profile/tests.rs"]
mod tests;
