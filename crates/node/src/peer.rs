//! The link between nodes: one connection a direction and pair, many requests on it at once.
//!
//! TLS proves both ends to be nodes of the list ([`crate::tls`]); a stranger's handshake fails. On it go frames, each led
//! by its length:
//!
//! ```text
//! request   length u32 BE ‖ id u32 BE ‖ command length u8 ‖ command ‖ payload
//! reply     length u32 BE ‖ id u32 BE ‖ status u16 BE ‖ body
//! ```
//!
//! The node that connects asks, the other answers, in any order; `length` counts what follows it, at most
//! 12 MiB. Frames that break the form end the connection. Nodes of other makers speak other links; clients never
//! see this one.

mod answering;
mod asking;
mod frame;
mod links;
mod writing;

pub(crate) use answering::{PeerService, serve};
pub(crate) use links::PeerLinks;

#[cfg(test)]
mod peer_tests;
