//! One-to-one messages (protocol V1): from content to the bytes that a swarm stores, and back.
//!
//! Outwards: [`content::Content`] → [`padding`] → [`signed_box`] (sign, then seal) → [`envelope`]; [`outgoing`] does it
//! in one call. Inwards: [`envelope::UnopenedMessage::parse`] takes a stored payload apart without believing anything
//! in it, [`open`](envelope::UnopenedMessage::open) proves who wrote it and gives a [`VerifiedMessage`], the only form
//! that may change state.
//!
//! Does not know groups' encryption, communities or the second protocol version. Invariant: a [`VerifiedMessage`] was
//! signed by its author for this recipient, and its times agree. Spec: messages.

pub mod content;
pub mod envelope;
pub mod expiration;
mod incoming;
mod open;
pub mod outgoing;
pub mod padding;
pub mod sealed_box;
mod sent_time;
pub mod signed_box;

pub use incoming::{Body, Conversation, Disappearing, DisappearingMode, LONGEST_BODY, MOST_ATTACHMENTS};
pub use open::{OpenError, VerifiedMessage};
pub use sent_time::{Carrier, times_agree};
