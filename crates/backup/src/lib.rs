//! The encrypted backup file as bytes: passphrase, sealing in chunks, records.
//!
//! Owns: how a passphrase becomes a key, how bytes are sealed so that a changed, cut, reordered or spliced file is
//! noticed, and what the records inside look like; all of it is described in `docs/backup.md`. Pure: bytes in, bytes out,
//! through [`std::io::Read`] and [`std::io::Write`], so that a file of any size passes through little memory. Never: files,
//! the database, or what is done with what a backup holds.

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

mod contents;
mod error;
mod key;
mod passphrase;
mod records;
mod sealed;

pub use contents::{
    Contact, Conversation, Disappearing, File, Head, Identity, MOST_PICTURE, Message, Picture, Preferences,
    Preview, Reaction, Remote, Removed,
};
pub use error::{Malformed, OpenError};
pub use key::{BackupKey, Cost, Header};
pub use passphrase::{Passphrase, WORDS, generate};
pub use records::{Content, Item, Reader, Totals, Writer};
pub use sealed::{SealedReader, SealedWriter};
