//! The giving side before the meeting: it waits at a port of the local network and says so aloud.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::Duration;

use rand_core::CryptoRng;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::meeting::{Bound, Seeds, welcome};
use crate::reach::Interface;
use crate::{Announcement, Meeting, NearbyError, Reach, Secret};

/// Handshakes at the same time. Strangers who connect hold one each, for as long as a handshake may take.
const MOST_HANDSHAKES: usize = 8;
const EVERY: Duration = Duration::from_secs(1);

/// A device that offers what it has. It can be reached from [`Offer::open`] on and for as long as the value lives, and by
/// one device only: [`Offer::meet`] uses it up.
#[derive(Debug)]
pub struct Offer {
    reach: Reach,
    secret: Secret,
    listener: TcpListener,
    addresses: Vec<SocketAddrV4>,
}

impl Offer {
    /// Opens a port. Nobody is told of it before [`Offer::meet`].
    ///
    /// # Errors
    /// [`NearbyError::NoNetwork`], or the system's failure.
    pub async fn open(reach: Reach, secret: Secret) -> Result<Self, NearbyError> {
        let interfaces = reach.interfaces().map_err(NearbyError::Io)?;
        if interfaces.is_empty() {
            return Err(NearbyError::NoNetwork);
        }
        let listener = TcpListener::bind(reach.listen(0))
            .await
            .map_err(NearbyError::Io)?;
        let port = listener.local_addr().map_err(NearbyError::Io)?.port();
        let at = |interface: Interface| SocketAddrV4::new(interface.address, port);
        Ok(Self {
            reach,
            secret,
            listener,
            addresses: interfaces.into_iter().map(at).collect(),
        })
    }

    /// Where the other device reaches this one when it does not hear it.
    pub fn addresses(&self) -> &[SocketAddrV4] {
        &self.addresses
    }

    /// Waits for the first device of the same account, saying each second that this one is here. Strangers are turned
    /// away without being noticed; a device of the account that leaves half-way ends the offer.
    ///
    /// # Errors
    /// [`NearbyError::Broken`] and [`NearbyError::Invalid`] of the device that came.
    pub async fn meet(self, rng: &mut (impl CryptoRng + Send)) -> Result<Meeting, NearbyError> {
        let mut handshakes = JoinSet::new();
        let mut announce = tokio::time::interval(EVERY);
        announce.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut resting = false;
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if handshakes.len() < MOST_HANDSHAKES && !resting => match accepted {
                    Ok((stream, from)) if self.is_allowed(from) => {
                        let (secret, seeds) = (self.secret.clone(), Seeds::draw(rng));
                        handshakes.spawn(async move { give_hand(stream, &secret, seeds).await });
                    }
                    Ok(_) => {}
                    // Somebody left before they were let in, or there is no room: it goes on with the next second.
                    Err(error) => {
                        tracing::debug!(%error, "nobody could be let in");
                        resting = true;
                    }
                },
                Some(met) = handshakes.join_next() => match met {
                    // From here on it is this one or nobody.
                    Ok(Ok(bound)) => {
                        handshakes.abort_all();
                        return bound.exchange().await;
                    }
                    Ok(Err(error)) => tracing::debug!(%error, "somebody was turned away"),
                    Err(_) => tracing::error!("a handshake ended early"),
                },
                _ = announce.tick() => {
                    resting = false;
                    self.announce(rng).await;
                }
            }
        }
    }

    fn is_allowed(&self, from: SocketAddr) -> bool {
        matches!(from, SocketAddr::V4(from) if self.reach.allows(*from.ip()))
    }

    /// Says in every network that this device is here. What fails is tried again in a second.
    async fn announce(&self, rng: &mut (impl CryptoRng + Send)) {
        let (Some(to), Some(port)) = (
            self.reach.announcements,
            self.addresses.first().map(SocketAddrV4::port),
        ) else {
            return;
        };
        // Networks come and go while somebody waits.
        for interface in self.reach.interfaces().unwrap_or_default() {
            let datagram = Announcement::new(port, rng).encode(&self.secret);
            if say(interface, to, &datagram).await.is_err() {
                tracing::debug!("an announcement could not be made");
            }
        }
    }
}

async fn say(interface: Interface, port: u16, datagram: &[u8]) -> std::io::Result<()> {
    let socket = UdpSocket::bind((interface.address, 0)).await?;
    socket.set_broadcast(interface.broadcast != Ipv4Addr::LOCALHOST)?;
    socket.send_to(datagram, (interface.broadcast, port)).await?;
    Ok(())
}

async fn give_hand(stream: TcpStream, secret: &Secret, seeds: Seeds) -> Result<Bound, NearbyError> {
    // Frames are written whole; waiting for more would only delay them.
    stream.set_nodelay(true).map_err(NearbyError::Io)?;
    welcome(stream, secret, seeds).await
}
