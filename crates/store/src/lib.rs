//! The encrypted local database, and the custody of its key.
//!
//! Owns: the schema and its migrations, every query, and where the key of the database is kept. Never: what a message
//! means, when something is sent, what a user sees. Depends on `protocol` for identifiers and on nothing else of the
//! project; it knows no async runtime, so callers put its blocking calls where blocking is allowed.
//!
//! [`Store::read`] runs queries on one snapshot of the data, [`Store::write`] runs changes as one transaction: either
//! everything that the closure did is kept, through power loss too, or nothing is.
//!
//! ```
//! use store::{Store, StoreError};
//!
//! let store = Store::in_memory()?;
//! let nobody = store.read(|r| r.account())?;
//! assert!(nobody.is_none());
//! # Ok::<(), StoreError>(())
//! ```

mod account;
mod attachments;
mod backups;
mod column;
mod configs;
mod contacts;
mod conversations;
mod data_dir;
mod disk;
mod error;
mod hiding;
mod key;
pub mod keychain;
mod messages;
mod migrations;
mod network_state;
mod open;
mod outbox;
mod pictures;
#[cfg(test)]
mod plans_tests;
mod preferences;
mod proxy;
mod receipts;
mod sealed_files;
mod search;
mod sent_times;
#[cfg(test)]
mod story;
mod swarm_deletions;
mod swarm_state;

pub use account::{Account, NewAccount, NotificationMode, Origin, Restored, Stage};
pub use attachments::{
    Attachment, AttachmentId, AttachmentKind, AttachmentState, FileFacts, OfferedFile, RemoteFile, Wanted,
};
pub use backups::{
    BackupError, BackupFile, BackupOrder, BackupSchedule, Checked, Ending, IncomingBackup, Progress,
    UnderWay, Watch, open_backup,
};
pub use configs::{ConfigUpkeep, SharedConversation, SharedPerson};
pub use contacts::{Contact, People, PeoplePage, Person, Profile};
pub use conversations::{
    Conversation, ConversationKind, ConversationList, ConversationPage, ConversationRow, Freed, Mute,
    Snippet, SpaceOf,
};
pub use data_dir::{Custody, DataDir, OpenError, is_open_to_others};
pub use error::StoreError;
pub use key::StoreKey;
pub use messages::{
    Control, Leaves, LinkPreview, Message, MessageId, MessageKind, MessageName, MessagePage, MessageStatus,
    NewPreview, NewReaction, NewText, NewTimerLine, OfferedPreview, Outcome, Quote, QuotedMessage, Reaction,
    ReactionCount, Received, ReceivedBatch, ReceivedControl, ReceivedMessage, SwarmExpiry, TakeBack, Typing,
    Window, setting_of_line,
};
pub use migrations::Upgrade;
pub use network_state::{CachePart, ServiceHealth};
pub use open::{Reading, Store, Writing};
pub use outbox::{Delivery, DeliveryId, NewDelivery, NextTry, Step};
pub use pictures::{
    OwnPicture, PictureAddress, PictureId, PictureTask, SaidPicture, UploadedPicture, WantedPicture,
};
pub use preferences::{Accent, Preferences, Theme};
pub use proxy::ProxySetting;
pub use sealed_files::{SealedFile, SealedFiles};
pub use search::{ExcerptPart, Hit, Hits, Looking, name_matches};
pub use swarm_deletions::SwarmDeletions;
pub use swarm_state::LastHash;
