//! The app's frame: start, shared state, events, and which screen shows.

mod frame;
mod navigation;
mod preferences;
mod state;

pub(crate) use frame::App;
pub(crate) use navigation::{Navigator, Route};
pub(crate) use preferences::Liked;
pub(crate) use state::{Ui, ui};
