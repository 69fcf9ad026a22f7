//! View models: what a shell shows, ready to be rendered, without secrets unless a command asked for them.

mod account;
mod conversation;
mod message;
mod network;

pub use account::*;
pub use conversation::*;
pub use message::*;
pub use network::*;
