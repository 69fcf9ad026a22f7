//! The proxy that the user has set.

use serde::{Deserialize, Serialize};

use crate::SecretText;

/// Answer to `get_proxy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProxyState {
    /// The proxy; without it connections go out directly.
    pub proxy: Option<ProxyView>,
}

/// A SOCKS5 proxy, and what goes through it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProxyView {
    /// Its name or address, 1 to 255 characters.
    pub host: String,
    /// Its port, not 0.
    pub port: u16,
    /// Who one is there, at most 255 bytes; empty for proxies that do not ask.
    #[serde(default)]
    pub user: String,
    /// Goes with a user, at most 255 bytes.
    #[serde(default)]
    pub password: SecretText,
    /// Everything goes through it; otherwise only visits for previews of links, which do not go through relays.
    pub everything: bool,
}
