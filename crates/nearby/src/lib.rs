//! Two devices of one account on one local network: finding each other, a code that people compare, an encrypted stream.
//!
//! Owns: announcements, the handshake, the code, and how something long passes from one device to the other;
//! `docs/history-transfer.md` has the bytes. Never: what is passed on, files, the database, or any address outside of the
//! local network.
//!
//! Nobody gets past the handshake who does not have the account's seed, and nothing is passed on before the people at
//! both devices have said that they see the same code: who has the recovery phrase and stands between the two devices
//! shows them different ones.
//!
//! The device that gives opens an [`Offer`] and waits with [`Offer::meet`]; the one that takes calls [`look_for`] or
//! [`connect`]. Both have a [`Meeting`] then, show its code, and call [`Meeting::compare`]; what that answers becomes
//! [`Giving`] at one side and [`Taking`] at the other.

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

mod announcement;
mod channel;
mod code;
mod error;
mod frame;
mod giving;
mod handshake;
mod meeting;
mod offer;
mod primitives;
mod reach;
mod search;
mod secret;
mod taking;

pub use announcement::Announcement;
pub use channel::Channel;
pub use code::Code;
pub use error::{NearbyError, Reason};
pub use frame::{Contents, Frame, FrameError, LONGEST_PART};
pub use giving::Giving;
pub use handshake::{FIRST_LEN, Handshake, HandshakeError, Side};
pub use meeting::{Answer, Meeting};
pub use offer::Offer;
pub use reach::{Reach, Scope};
pub use search::{connect, look_for};
pub use secret::Secret;
pub use taking::Taking;
