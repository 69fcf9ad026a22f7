//! What a phone runs while the web view does not.
//!
//! A push or the system's timer wakes a Kotlin worker or a Swift extension for some seconds. It calls [`poll_once`], which
//! opens the account, looks for messages, sends what waits, closes again, and says what notifications should show. Kotlin
//! and Swift get this interface from UniFFI; errors are a flat list of stable codes.
//!
//! Owns nothing but the way from these calls to the engine. The app's window must not be running at the same time in the
//! same process; a second process is safe, as the store waits for its turn and swarms keep one copy of each message.

uniffi::setup_scaffolding!();

mod poll;
mod wake_error;

pub use poll::{KeyChoice, NotificationKind, NotificationToShow, Visit, poll_once};
pub use wake_error::WakeError;
