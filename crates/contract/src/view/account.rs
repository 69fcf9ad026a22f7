//! The account and its recovery phrase.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Failure, PictureId, PictureSaving};

/// Where a start leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// No account yet.
    Landing,
    /// A new account still needs its display name.
    Name,
    /// The notification mode is to be chosen.
    Notifications,
    /// The recovery phrase of a new account is offered for saving.
    SavePhrase,
    /// A restored account is being looked up on the network.
    Loading,
    /// Nothing was found for a restored account: ask for a name.
    RestoreName,
    /// Onboarding is done.
    Home,
}

/// How an account came to be on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Made here.
    Created,
    /// Brought here by its recovery phrase.
    Restored,
}

/// How new messages reach the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationMode {
    /// A push service wakes the app.
    Fast,
    /// The app looks by itself about every 15 minutes.
    Slow,
}

/// Answer to `get_startup`: what the first screen needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartupView {
    /// The screen to show.
    pub stage: Stage,
    /// The account, once there is one.
    pub account: Option<AccountView>,
    /// The name of the push service of this device, if there is one; `None` disables Fast mode.
    pub push_provider: Option<String>,
    /// What keeps the store's key.
    pub key_custody: KeyCustody,
    /// Name of the network profile in use (`local`, `testnet`, `mainnet` or a file's own name).
    pub network: String,
}

/// What keeps the key of the local store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyCustody {
    /// The operating system's keychain.
    Keychain,
    /// A passphrase that the user types (no keychain answered).
    Passphrase,
    /// Memory only; gone when the process ends.
    Memory,
}

/// The account as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// The Account ID.
    pub account_id: AccountId,
    /// The display name; empty until one is chosen.
    pub display_name: String,
    /// Made here or restored.
    pub origin: Origin,
    /// Chosen notification mode.
    pub notification_mode: Option<NotificationMode>,
    /// Whether the recovery phrase was opened with its words visible, or marked as saved.
    pub phrase_seen: bool,
    /// Whether the reminder to save the phrase is due on the home screen.
    pub phrase_reminder: bool,
    /// Whether the recovery phrase is hidden on this device for good.
    #[serde(default)]
    pub phrase_hidden: bool,
    /// The picture.
    #[serde(default)]
    pub picture: Option<PictureId>,
    /// Whether that is on the network.
    #[serde(default)]
    pub picture_saving: PictureSaving,
}

/// Answer to `get_recovery_phrase`. Secret: never log it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryPhraseView {
    /// The words in order, 13 of them (25 for an account with an old 32-byte seed).
    pub words: Vec<String>,
    /// The words as a QR code.
    pub qr: QrView,
}

impl std::fmt::Debug for RecoveryPhraseView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryPhraseView(redacted)")
    }
}

/// A QR code as modules, so that a shell can draw it in its own colours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrView {
    /// Modules along one side.
    pub size: u16,
    /// One row a string, `1` dark and `0` light.
    pub rows: Vec<String>,
}

/// Answer to `check_phrase`: what is known of the words typed so far. Nothing is stored. Secret: never log it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhraseCheck {
    /// Each word typed.
    pub words: Vec<PhraseWord>,
    /// What Continue would say, or nothing when the phrase is good.
    pub failure: Option<Failure>,
}

impl std::fmt::Debug for PhraseCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PhraseCheck({} words redacted)", self.words.len())
    }
}

/// One typed word of a recovery phrase. Secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhraseWord {
    /// As typed, lower case.
    pub typed: String,
    /// The list word with the same first three letters, if there is one.
    pub word: Option<String>,
}

impl std::fmt::Debug for PhraseWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PhraseWord(redacted)")
    }
}

/// Answer to `get_restore_progress`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreProgressView {
    /// The storage group (swarm) is known.
    pub swarm_found: bool,
    /// The account's settings were looked for; `Some(true)` if they were found.
    pub settings_found: Option<bool>,
    /// Waiting messages were fetched.
    pub messages_fetched: bool,
    /// Why nothing moves, if so.
    pub failure: Option<Failure>,
}
