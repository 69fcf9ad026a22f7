//! Onion requests: four encryption layers around a request, so that no relay knows both who asks and what is asked.
//!
//! A request travels client → guard → middle → exit → destination. The destination is a service node or an HTTP
//! server; each of the four gets one layer under a fresh X25519 key pair. The reply is encrypted once, by the
//! destination, and the relays pass it back as opaque bytes.
//!
//! Owns: the client's building ([`OnionRequest`]) and opening of replies ([`ReplyKey`]), a node's parsing and opening of
//! layers ([`parse_outer`], [`open_layer`], [`Layer`]), the form between nodes ([`PeerRequest`]), server requests
//! ([`ServerRequest`]), the meaning of unencrypted errors ([`PathFault`]) and where relays may stand
//! ([`is_public_address`]). Never: which relays are used, how bytes are carried, and what is tried after a failure.
//!
//! Invariant: only a client's public ephemeral keys leave this module; each secret is wiped when dropped.
//! Spec: onion (ONI-01 to ONI-20).

mod cipher;
mod errors;
mod frame;
mod layer;
mod path;
mod peer;
mod public_address;
mod reply;
mod server;

#[cfg(test)]
mod cipher_tests;
#[cfg(test)]
mod errors_tests;
#[cfg(test)]
mod layer_tests;
#[cfg(test)]
mod mutation_tests;
#[cfg(test)]
mod path_tests;
#[cfg(test)]
mod server_tests;

pub use cipher::{Cipher, EncType, HopSecret, OpenFailed, UnusableKey};
pub use errors::PathFault;
pub use frame::FrameError;
pub use layer::{
    HOP_LIMIT, Layer, LayerError, OpenedLayer, Outer, OuterError, is_allowed_target, open_layer, parse_outer,
    passable_status,
};
pub use path::{BuildError, Destination, Hop, OnionRequest, Protocol, ServerDestination, build};
pub use peer::{PeerRequest, PeerRequestError};
pub use public_address::is_public_address;
pub use reply::{NodeReply, ReplyError, ReplyForm, ReplyKey};
pub use server::{ListError, ServerReply, ServerRequest, encode_list, parse_list};
