//! The first bytes of a connection: which version, and whether the other side has the same account. Pure.
//!
//! `"TERNMOVE" (8) || version (1) || Noise message (48)` from the taking side, then the same from the giving one. Noise is
//! `NNpsk0_25519_ChaChaPoly_SHA256` (revision 34), the taking side being the initiator; both first bytes are its prologue,
//! its pre-shared key is that of the account. Spec: history-transfer, Handshake (MOV-03).

use snow::{Builder, HandshakeState, StatelessTransportState};
use zeroize::Zeroizing;

use crate::Secret;
use crate::primitives::Primitives;

/// The version that this is.
pub(crate) const VERSION: u8 = 1;
/// What every connection and every announcement begins with.
pub(crate) const MAGIC: &[u8; 8] = b"TERNMOVE";
const PATTERN: &str = "Noise_NNpsk0_25519_ChaChaPoly_SHA256";
const HEAD_LEN: usize = 9;
const NOISE_LEN: usize = 48;
/// Bytes of what each side sends first.
pub const FIRST_LEN: usize = HEAD_LEN + NOISE_LEN;

/// Which side one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It has what is passed on, and waits for connections.
    Giver,
    /// It connects.
    Taker,
}

/// Why two sides do not come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HandshakeError {
    /// It is something else that speaks there.
    #[error("not this protocol")]
    Foreign,
    /// Another version.
    #[error("version {0}")]
    Version(u8),
    /// Without the account's key.
    #[error("another account")]
    OtherAccount,
    /// A bug of ours.
    #[error("the handshake is used out of order")]
    Internal,
}

/// One side of a handshake that is under way. The taker writes first; the giver reads first.
pub struct Handshake(HandshakeState);

impl Handshake {
    /// Begins. `seed`: 32 random bytes that serve nothing else.
    ///
    /// # Errors
    /// [`HandshakeError::Internal`].
    pub fn new(side: Side, secret: &Secret, seed: &Zeroizing<[u8; 32]>) -> Result<Self, HandshakeError> {
        let internal = |_| HandshakeError::Internal;
        let pattern = PATTERN.parse().map_err(internal)?;
        let head = head();
        let builder = Builder::with_resolver(pattern, Box::new(Primitives::new(seed)))
            .psk(0, secret.of_handshakes())
            .and_then(|builder| builder.prologue(&head))
            .map_err(internal)?;
        let state = match side {
            Side::Giver => builder.build_responder(),
            Side::Taker => builder.build_initiator(),
        };
        state.map(Self).map_err(internal)
    }

    /// What this side sends next.
    ///
    /// # Errors
    /// [`HandshakeError::Internal`].
    pub fn write(&mut self) -> Result<[u8; FIRST_LEN], HandshakeError> {
        let mut bytes = [0; FIRST_LEN];
        let (first, noise) = bytes
            .split_first_chunk_mut::<HEAD_LEN>()
            .ok_or(HandshakeError::Internal)?;
        *first = head();
        match self.0.write_message(&[], noise) {
            Ok(NOISE_LEN) => Ok(bytes),
            _ => Err(HandshakeError::Internal),
        }
    }

    /// Takes what the other side sent.
    ///
    /// # Errors
    /// [`HandshakeError`].
    pub fn read(&mut self, bytes: &[u8; FIRST_LEN]) -> Result<(), HandshakeError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(HandshakeError::Foreign)?;
        let (version, noise) = rest.split_first().ok_or(HandshakeError::Foreign)?;
        if *version != VERSION {
            return Err(HandshakeError::Version(*version));
        }
        let mut nothing = [0; NOISE_LEN];
        match self.0.read_message(noise, &mut nothing) {
            Ok(0) => Ok(()),
            _ => Err(HandshakeError::OtherAccount),
        }
    }

    /// The keys of the stream and the hash of everything that was said, 32 bytes.
    ///
    /// # Errors
    /// [`HandshakeError::Internal`] before both sides have spoken.
    pub(crate) fn finish(self) -> Result<(StatelessTransportState, [u8; 32]), HandshakeError> {
        let hash = *self
            .0
            .get_handshake_hash()
            .first_chunk()
            .ok_or(HandshakeError::Internal)?;
        let keys = self
            .0
            .into_stateless_transport_mode()
            .map_err(|_| HandshakeError::Internal)?;
        Ok((keys, hash))
    }
}

/// What a giver says to a taker of another version: its own one, and nothing that only the account can say.
pub(crate) fn other_version() -> [u8; FIRST_LEN] {
    let mut bytes = [0; FIRST_LEN];
    for (to, from) in bytes.iter_mut().zip(head()) {
        *to = from;
    }
    bytes
}

fn head() -> [u8; HEAD_LEN] {
    let mut head = [VERSION; HEAD_LEN];
    for (to, from) in head.iter_mut().zip(MAGIC) {
        *to = *from;
    }
    head
}

#[cfg(test)]
#[path = "handshake_tests.rs"]
mod tests;
