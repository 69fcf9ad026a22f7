//! Why two devices did not come together, or why what was passed on did not arrive.

use crate::{FrameError, HandshakeError};

/// Why the other side ends it, as one byte on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// Somebody said that the codes differ.
    CodesDiffer = 1,
    /// Somebody ended it.
    Cancelled = 2,
    /// Too little room.
    Space = 3,
    /// Something failed there.
    Failed = 4,
}

impl Reason {
    /// Reads the byte; what a later version may say counts as a failure.
    pub(crate) const fn parse(byte: u8) -> Self {
        match byte {
            1 => Self::CodesDiffer,
            2 => Self::Cancelled,
            3 => Self::Space,
            _ => Self::Failed,
        }
    }
}

/// Why it came to nothing. Whatever it is, nothing is lost and it can be begun again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NearbyError {
    /// This device is in no local network.
    #[error("there is no local network")]
    NoNetwork,
    /// An address outside of the local network.
    #[error("not an address of the local network")]
    Address,
    /// Nobody answers at that address.
    #[error("nobody answers there")]
    Unreachable,
    /// Who answers has another account, or is something else altogether.
    #[error("the other side has another account")]
    OtherAccount,
    /// The other side speaks another version.
    #[error("the other side speaks version {0}")]
    Version(u8),
    /// The people have not compared the codes in time.
    #[error("nobody confirmed in time")]
    Unconfirmed,
    /// This side's person said that the codes differ.
    #[error("the codes differ")]
    CodesDiffer,
    /// The other side ended it.
    #[error("the other side ended it: {0:?}")]
    Ended(Reason),
    /// The connection broke off, or nothing came for too long.
    #[error("the connection broke off")]
    Broken,
    /// Something came that does not belong there.
    #[error("the other side does not keep to the protocol")]
    Invalid,
    /// The system failed at something local.
    #[error("the system failed")]
    Io(#[source] std::io::Error),
}

impl From<HandshakeError> for NearbyError {
    fn from(error: HandshakeError) -> Self {
        match error {
            HandshakeError::Version(version) => Self::Version(version),
            HandshakeError::Foreign | HandshakeError::OtherAccount => Self::OtherAccount,
            HandshakeError::Internal => Self::Invalid,
        }
    }
}

impl From<FrameError> for NearbyError {
    fn from(_: FrameError) -> Self {
        Self::Invalid
    }
}
