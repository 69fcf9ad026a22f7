//! What changed. Events carry ids; a shell asks for the content it shows.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, MessageId};

/// Something a shell may be showing has changed.
///
/// Events may be merged or repeated; after [`Event::Lagged`] a shell asks again for everything it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The account, its name or its settings changed, or it was created or erased.
    AccountChanged,
    /// The conversation list or the requests list changed in content or order.
    ConversationsChanged,
    /// Rows or settings of one conversation changed.
    ConversationChanged {
        /// Which one.
        conversation: ConversationId,
    },
    /// A message from somebody else was stored for the first time.
    MessageReceived {
        /// Where it belongs.
        conversation: ConversationId,
        /// Its row.
        message: MessageId,
    },
    /// The state of one message changed (for instance Sending to Sent).
    MessageChanged {
        /// Where it belongs.
        conversation: ConversationId,
        /// Its row.
        message: MessageId,
    },
    /// Somebody began or stopped typing.
    TypingChanged {
        /// Where.
        conversation: ConversationId,
    },
    /// What the user likes changed.
    PreferencesChanged,
    /// The connection or the path changed.
    ConnectionChanged,
    /// The loading of a restored account moved on.
    RestoreProgress,
    /// How far this device is in step with the account's others changed.
    SyncChanged,
    /// A restored account's settings were found after all, when nobody waited for them any more.
    SettingsFound,
    /// The store of an earlier version is brought up to date; sent by a shell that opens it while somebody watches.
    StoreUpdating {
        /// Steps that were taken.
        done: u32,
        /// All steps, at least one.
        of: u32,
    },
    /// Files were shared into the app; sent by a shell that can be shared into.
    FilesShared,
    /// A backup, a restore or an export moved on, or the disk is almost full or no longer.
    DataChanged,
    /// The move of history to or from another device went on.
    HistoryChanged,
    /// Events were lost because the shell was too slow: ask again for everything.
    Lagged,
}
