//! A TCP port that stays ours while nobody listens on it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use tokio::net::{TcpListener, TcpSocket};

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// A bound port. While the node does not listen, a bound socket that does not listen either keeps the port: connecting is
/// refused and no other program is given the number.
#[derive(Debug)]
pub struct Port {
    address: SocketAddr,
    reserved: Mutex<Option<TcpSocket>>,
}

impl Port {
    /// Binds a port; 0 takes a free one.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn bind(ip: Ipv4Addr, number: u16) -> io::Result<Self> {
        let socket = socket_at((ip, number).into())?;
        Ok(Self {
            address: socket.local_addr()?,
            reserved: Mutex::new(Some(socket)),
        })
    }

    /// The port's number.
    pub const fn number(&self) -> u16 {
        self.address.port()
    }

    /// The address and number.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Listens; needs an async runtime.
    pub(crate) fn listen(&self) -> io::Result<TcpListener> {
        let reserved = self.lock().take();
        match reserved {
            Some(socket) => socket.listen(BACKLOG),
            None => socket_at(self.address)?.listen(BACKLOG),
        }
    }

    /// Keeps the port after its listener is gone; where that fails, the next start binds it anew.
    pub(crate) fn reserve(&self) {
        *self.lock() = socket_at(self.address).ok();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<TcpSocket>> {
        // Nothing panics while it holds the lock.
        self.reserved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn socket_at(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Connections of the listener before may still be winding down.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
