//! The taking side before the meeting: it listens for an announcement, or is told where to connect.

use std::collections::VecDeque;
use std::net::{SocketAddr, SocketAddrV4};

use rand_core::CryptoRng;
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use crate::meeting::{LONGEST_HANDSHAKE, Seeds, approach};
use crate::{Announcement, Meeting, NearbyError, Reach, Secret};

/// Announcements that are remembered, so that one which was recorded and said again leads nowhere.
const REMEMBERED: usize = 256;

/// Waits until a device of the same account is heard, and meets it.
///
/// # Errors
/// [`NearbyError::NoNetwork`] when there is nothing to listen to, or the system's failure.
pub async fn look_for(
    reach: Reach,
    secret: &Secret,
    rng: &mut (impl CryptoRng + Send),
) -> Result<Meeting, NearbyError> {
    let port = reach.announcements.ok_or(NearbyError::NoNetwork)?;
    let socket = UdpSocket::bind(reach.listen(port))
        .await
        .map_err(NearbyError::Io)?;
    listen(&socket, reach, secret, rng).await
}

pub(crate) async fn listen(
    socket: &UdpSocket,
    reach: Reach,
    secret: &Secret,
    rng: &mut (impl CryptoRng + Send),
) -> Result<Meeting, NearbyError> {
    let mut heard = VecDeque::with_capacity(REMEMBERED);
    // One byte more than an announcement has: longer ones are refused, not cut.
    let mut datagram = [0; Announcement::LEN + 1];
    loop {
        let (len, from) = socket.recv_from(&mut datagram).await.map_err(NearbyError::Io)?;
        let said = datagram
            .get(..len)
            .and_then(|said| Announcement::open(said, secret));
        let (SocketAddr::V4(from), Some(said)) = (from, said) else {
            continue;
        };
        if heard.contains(&said.number) {
            continue;
        }
        if heard.len() == REMEMBERED {
            heard.pop_front();
        }
        heard.push_back(said.number);
        match connect(reach, secret, SocketAddrV4::new(*from.ip(), said.port), rng).await {
            // It may be the wrong one of several networks, or somebody in between, who may say anything, another version
            // too: the next announcement may be right.
            Err(error) => tracing::debug!(%error, "a device that was heard could not be met"),
            met => return met,
        }
    }
}

/// Meets the device at an address of the local network.
///
/// # Errors
/// [`NearbyError::Address`] without a try, [`NearbyError::Unreachable`], and those of the handshake.
pub async fn connect(
    reach: Reach,
    secret: &Secret,
    address: SocketAddrV4,
    rng: &mut (impl CryptoRng + Send),
) -> Result<Meeting, NearbyError> {
    if !reach.allows(*address.ip()) || address.port() == 0 {
        return Err(NearbyError::Address);
    }
    let stream = match timeout(LONGEST_HANDSHAKE, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => stream,
        _ => return Err(NearbyError::Unreachable),
    };
    stream.set_nodelay(true).map_err(NearbyError::Io)?;
    approach(stream, secret, Seeds::draw(rng)).await
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
