//! Where a proxy is, and who one is there.

use std::fmt;

use zeroize::Zeroizing;

/// A SOCKS5 proxy. Spec: RFC 1928
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// For proxies that ask who one is.
    pub login: Option<Login>,
}

/// Who one is at a proxy. Spec: RFC 1929
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// 1 to 255 bytes.
    pub user: String,
    /// 1 to 255 bytes.
    pub password: Zeroizing<String>,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login")
    }
}
