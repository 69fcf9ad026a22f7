//! View models: what a shell shows, ready to be rendered, without secrets unless a command asked for them.

mod account;
mod attachment;
mod conversation;
mod disappearing;
mod message;
mod network;
mod person;
mod preferences;
mod reaction;
mod search;

pub use account::*;
mod preview;
pub use attachment::*;
pub use conversation::*;
pub use disappearing::*;
pub use message::*;
pub use network::*;
pub use person::*;
pub use preferences::*;
pub use reaction::*;
pub use search::*;
pub use preview::*;
