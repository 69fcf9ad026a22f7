//! What the shells (app window, command line, phone services) and the engine say to each other.
//!
//! A shell sends a [`Command`] and receives a [`Reply`] or a [`Failure`]; the engine tells what changed by
//! [`Event`]s, which carry ids and never content. The web view, the JSON-RPC of the command line and the phone
//! bridge all speak exactly these types, so nothing can be done in one shell that is not named here.
//!
//! Owns: names, shapes and stable error codes. Never depends on another crate of the project, on a runtime or on a
//! platform; it builds for `wasm32-unknown-unknown`.

mod command;
mod event;
mod failure;
mod id;
mod secret;
mod view;

pub use command::*;
pub use event::Event;
pub use failure::{ErrorCode, Failure};
pub use id::{AccountId, ConversationId, MessageId, TimestampMs};
pub use secret::SecretText;
pub use view::*;
