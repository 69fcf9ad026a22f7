//! Opening TCP connections: by this device itself, or through the SOCKS5 proxy that its user has set.
//!
//! Owns: which way out is taken. Never: what is said on a connection, or who is connected to. With a proxy set nothing goes
//! around it: names are looked up by the proxy, and a proxy that does not answer is an error, not a reason to connect
//! directly.

mod proxy;

pub use proxy::{Login, Proxy};

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::net::TcpStream;
use tokio_socks::TargetAddr;
use tokio_socks::tcp::Socks5Stream;

/// Whom to connect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// An address.
    Address(SocketAddr),
    /// A name, or an address in words, and a port.
    Host(&'a str, u16),
}

/// Why there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DialError {
    /// Nothing accepts connections there, the name is not known, or there is no way to that address.
    #[error("the connection was refused")]
    Refused,
    /// The system gave up waiting.
    #[error("connecting took too long")]
    TimedOut,
    /// The proxy cannot be reached, does not speak SOCKS5, or does not let this user in.
    #[error("the proxy did not answer")]
    Proxy,
}

/// Opens connections the way that is set; clones share it, so that a change holds for all of them at once.
#[derive(Clone, Debug, Default)]
pub struct Dialer(Arc<RwLock<Way>>);

#[derive(Clone, Debug, Default)]
struct Way {
    proxy: Option<Arc<Proxy>>,
    changes: u64,
}

impl Dialer {
    /// One that goes through `proxy`, or out directly.
    pub fn new(proxy: Option<Proxy>) -> Self {
        let dialer = Self::default();
        dialer.set_proxy(proxy);
        dialer
    }

    /// Sets or takes away the proxy. Connections that stand are the business of whoever opened them: see
    /// [`Dialer::changes`].
    pub fn set_proxy(&self, proxy: Option<Proxy>) {
        let mut way = self.0.write().unwrap_or_else(PoisonError::into_inner);
        way.proxy = proxy.map(Arc::new);
        way.changes = way.changes.wrapping_add(1);
    }

    /// Whether connections go out directly.
    pub fn is_direct(&self) -> bool {
        self.way().proxy.is_none()
    }

    /// How often the way was changed; what was opened under another number went another way.
    pub fn changes(&self) -> u64 {
        self.way().changes
    }

    /// Connects. Waits as long as the system or the proxy does: callers bound it.
    ///
    /// # Errors
    /// [`DialError`].
    pub async fn connect(&self, target: Target<'_>) -> Result<TcpStream, DialError> {
        let stream = match self.way().proxy {
            Some(proxy) => through(&proxy, target).await?,
            None => directly(target).await?,
        };
        // Requests are written in one piece; waiting for more only delays them.
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    fn way(&self) -> Way {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn directly(target: Target<'_>) -> Result<TcpStream, DialError> {
    let stream = match target {
        Target::Address(address) => TcpStream::connect(address).await,
        Target::Host(host, port) => TcpStream::connect((host, port)).await,
    };
    stream.map_err(|error| match error.kind() {
        ErrorKind::TimedOut => DialError::TimedOut,
        _ => DialError::Refused,
    })
}

async fn through(proxy: &Proxy, target: Target<'_>) -> Result<TcpStream, DialError> {
    let target = match target {
        Target::Address(address) => TargetAddr::Ip(address),
        Target::Host(host, port) => match host.parse() {
            Ok(ip) => TargetAddr::Ip(SocketAddr::new(ip, port)),
            Err(_) => TargetAddr::Domain(host.into(), port),
        },
    };
    let at = (proxy.host.as_str(), proxy.port);
    let stream = match &proxy.login {
        Some(login) => {
            Socks5Stream::connect_with_password(at, target, &login.user, login.password.as_str()).await
        }
        None => Socks5Stream::connect(at, target).await,
    };
    stream.map(Socks5Stream::into_inner).map_err(|error| {
        use tokio_socks::Error;
        match error {
            // The proxy speaks, and says that the other end does not.
            Error::HostUnreachable
            | Error::NetworkUnreachable
            | Error::ConnectionRefused
            | Error::TtlExpired
            | Error::GeneralSocksServerFailure => DialError::Refused,
            _ => DialError::Proxy,
        }
    })
}
