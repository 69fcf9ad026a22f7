//! View models: what a shell shows, ready to be rendered, without secrets unless a command asked for them.

mod account;
mod attachment;
mod conversation;
mod data;
mod disappearing;
mod gallery;
mod history;
mod link;
mod message;
mod network;
mod person;
mod picture;
mod preferences;
mod preview;
mod proxy;
mod reaction;
mod search;
mod voice;

pub use account::*;
pub use attachment::*;
pub use conversation::*;
pub use data::*;
pub use disappearing::*;
pub use gallery::*;
pub use history::*;
pub use link::*;
pub use message::*;
pub use network::*;
pub use person::*;
pub use picture::*;
pub use preferences::*;
pub use preview::*;
pub use proxy::*;
pub use reaction::*;
pub use search::*;
pub use voice::*;
