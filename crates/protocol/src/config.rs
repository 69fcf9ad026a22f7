//! Config messages: what the devices of one account, and the admins of a group, agree on.
//!
//! A [`Config`] is a small tree of values with a revision number. A device edits it, pushes the whole tree with a diff to
//! the swarm, and merges what other devices pushed: two that merge the same revisions arrive at the same bytes. Nobody
//! decides; whoever sees a conflict resolves it and pushes the result.
//!
//! ```text
//! value     the tree                          change    what one revision changed of it
//! revision  one config message, as plain text merge     several revisions become one
//! config    what a device holds of one type   dump      the same, at rest
//! encryption, compression, parts, wrapping    from plain text to what a swarm stores, and back
//! user_profile, contacts, ...                 what the keys of each type mean
//! ```
//!
//! Keys and values that this version does not know survive an edit and a merge. The module knows nothing of when to push
//! or poll. Spec: config (CFG-01 and on)

mod change;
mod compression;
mod dump;
mod encryption;
mod merge;
mod parts;
mod revision;
mod state;
mod value;
mod wrapping;

pub mod community_url;
pub mod contacts;
pub mod convo_info_volatile;
pub mod user_groups;
pub mod user_profile;

mod entry;

pub use change::{Change, Diff, difference};
pub use compression::{compress, decompress};
pub use dump::DumpError;
pub use encryption::{DecryptError, decrypt, encrypt, padded_len};
pub use entry::{ExpirationMode, Notifications, Picture, truncate};
pub use merge::{Merged, merge};
pub use parts::Parts;
pub use revision::{Authority, LAG, Revision, RevisionError, RevisionId};
pub use state::{Config, EncryptionKey, Push, State};
pub use value::{Dict, Scalar, Set, Value, encode_dict, parse_dict};
pub use wrapping::{unwrap, wrap};

use crate::message::content::ConfigKind;
use crate::storage::Namespace;

/// What a config is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConfigType {
    /// One's own name, picture and settings.
    UserProfile,
    /// People.
    Contacts,
    /// Up to where each conversation was read.
    ConvoInfoVolatile,
    /// Groups and communities.
    UserGroups,
}

impl ConfigType {
    /// The types of an account, in the order in which they are pushed.
    pub const ALL: [Self; 4] = [
        Self::UserProfile,
        Self::Contacts,
        Self::ConvoInfoVolatile,
        Self::UserGroups,
    ];

    /// Where a swarm keeps it. Spec: config §6 (CFG-30)
    pub const fn namespace(self) -> Namespace {
        match self {
            Self::UserProfile => Namespace::USER_PROFILE,
            Self::Contacts => Namespace::CONTACTS,
            Self::ConvoInfoVolatile => Namespace::CONVO_INFO_VOLATILE,
            Self::UserGroups => Namespace::USER_GROUPS,
        }
    }

    /// The name that keys and nonces depend on, 1 to 24 ASCII bytes.
    pub const fn domain(self) -> &'static str {
        match self {
            Self::UserProfile => "UserProfile",
            Self::Contacts => "Contacts",
            Self::ConvoInfoVolatile => "ConvoInfoVolatile",
            Self::UserGroups => "UserGroups",
        }
    }

    /// What the protobuf around it calls it.
    pub(crate) const fn kind(self) -> ConfigKind {
        match self {
            Self::UserProfile => ConfigKind::UserProfile,
            Self::Contacts => ConfigKind::Contacts,
            Self::ConvoInfoVolatile => ConfigKind::ConvoInfoVolatile,
            Self::UserGroups => ConfigKind::UserGroups,
        }
    }
}

/// Bytes that a swarm takes at most in one message.
pub const MAX_MESSAGE_LEN_BYTES: usize = 76_800;
