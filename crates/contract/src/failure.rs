//! Why a command was refused, or why a message was not sent: a stable code and the values its wording needs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A refused command or a reason shown under a message.
///
/// The wording belongs to the shell (by [`ErrorCode`]); `values` fills its placeholders, for instance
/// `{"n": "12"}`. Nothing secret is ever put in `values`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What went wrong.
    pub code: ErrorCode,
    /// Values for the placeholders of the wording, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl Failure {
    /// A failure without placeholders.
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            values: BTreeMap::new(),
        }
    }

    /// Adds the value of one placeholder.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.as_str())?;
        for (name, value) in &self.values {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

macro_rules! error_codes {
    ($( $(#[$doc:meta])* $name:ident = $text:literal, )*) => {
        /// Stable codes. They appear in logs, in the command line's output and behind every wording.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        #[non_exhaustive]
        pub enum ErrorCode {
            $( $(#[$doc])* #[serde(rename = $text)] $name, )*
        }

        impl ErrorCode {
            /// Every code, in the order of declaration.
            pub const ALL: &'static [Self] = &[$( Self::$name, )*];

            /// The code's text, for instance `E-NAME-EMPTY`.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$name => $text, )* }
            }
        }
    };
}

// By the list, which is there already: derived, the reading of all codes weighs 15 kB in the web view.
impl TryFrom<String> for ErrorCode {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let known = Self::ALL.iter().find(|code| code.as_str() == text);
        known.copied().ok_or("an unknown error code")
    }
}

error_codes! {
    /// A display name is missing.
    NameEmpty = "E-NAME-EMPTY",
    /// A display name has more than 100 bytes.
    NameLong = "E-NAME-LONG",
    /// A picture of oneself could not be used.
    ProfilePicture = "E-PROFILE-PIC",
    /// The profile is saved here and not yet on the network.
    ProfileSave = "E-PROFILE-SAVE",
    /// A nickname has more than 100 bytes.
    NickLong = "E-NICK-LONG",
    /// A recovery phrase has fewer than 13 words. Values: `n`.
    PhraseShort = "E-PHRASE-SHORT",
    /// A word is not in the list. Values: `word`, `guess`.
    PhraseWord = "E-PHRASE-WORD",
    /// The check word does not match, or there are too many words.
    PhraseCheck = "E-PHRASE-CHECK",
    /// An Account ID was typed where the phrase belongs.
    PhraseIsId = "E-PHRASE-IS-ID",
    /// The wrong word was picked in the check. Values: `k`.
    PhraseQuiz = "E-PHRASE-QUIZ",
    /// The recovery phrase is hidden on this device.
    PhraseHidden = "E-PHRASE-HIDDEN",
    /// A picture holds no recovery phrase as a code.
    QrNotPhrase = "E-QR-NOT-PHRASE",
    /// A code that was scanned holds no Account ID.
    QrNotId = "E-QR-NOT-ID",
    /// The camera may not be used.
    CameraDenied = "E-CAMERA-DENIED",
    /// The action needs a connection.
    Offline = "E-OFFLINE",
    /// Restoring waits for a connection.
    OfflineRestore = "E-OFFLINE-RESTORE",
    /// Not an Account ID.
    IdInvalid = "E-ID-INVALID",
    /// Nobody has registered that name.
    OnsNone = "E-ONS-NONE",
    /// A registered name could not be looked up.
    OnsNet = "E-ONS-NET",
    /// Not sent: no connection.
    SendNet = "E-SEND-NET",
    /// Not sent: no path of three relays could be built.
    SendPath = "E-SEND-PATH",
    /// Not sent: the recipient's swarm did not answer.
    SendSwarm = "E-SEND-SWARM",
    /// Not sent: the network refused it for good. Values: `reason`.
    SendRefused = "E-SEND-REFUSED",
    /// The text has more than 2000 characters. Values: `n`, how many too many.
    TextLong = "E-TEXT-LONG",
    /// There is nothing to send.
    TextEmpty = "E-TEXT-EMPTY",
    /// Files and voice messages wait until they accept. Values: `name`.
    RequestLimit = "E-REQ-LIMIT",
    /// A file has more than 10,000,000 bytes.
    AttachmentSize = "E-ATT-SIZE",
    /// More than 32 files.
    AttachmentCount = "E-ATT-COUNT",
    /// An empty file, or one that cannot be read.
    AttachmentType = "E-ATT-TYPE",
    /// What a picture or film tells of its maker could not be removed.
    AttachmentMeta = "E-ATT-META",
    /// Not sent: a file could not be uploaded.
    AttachmentUpload = "E-ATT-UP",
    /// A file could not be downloaded.
    AttachmentDownload = "E-ATT-DOWN",
    /// A file is no longer on the server.
    AttachmentGone = "E-ATT-GONE",
    /// A file could not be written.
    AttachmentSave = "E-ATT-SAVE",
    /// There is no microphone, or it may not be used.
    MicDenied = "E-MIC-DENIED",
    /// A recording broke off.
    VoiceRecord = "E-VOICE-REC",
    /// A voice message that is here cannot be played.
    VoicePlay = "E-VOICE-PLAY",
    /// A message could not be deleted for everyone yet.
    DeleteFailed = "E-DEL-FAIL",
    /// Another passphrase than the backup's, or the file is damaged.
    BackupPassphrase = "E-BACKUP-PASS",
    /// The backup belongs to another account.
    BackupOther = "E-BACKUP-OTHER",
    /// Too little room for a backup, or for what is in one. Values: `n`, megabytes that are needed.
    BackupSpace = "E-BACKUP-SPACE",
    /// This device is in no local network, or may not use it.
    HistoryNetwork = "E-MOVE-NET",
    /// What was typed is no address of the local network.
    HistoryAddress = "E-MOVE-ADDRESS",
    /// No other device was found.
    HistoryNobody = "E-MOVE-NOBODY",
    /// No device waits at that address.
    HistoryUnreachable = "E-MOVE-REACH",
    /// The other device has another account.
    HistoryOther = "E-MOVE-OTHER",
    /// The other device speaks another version.
    HistoryVersion = "E-MOVE-VERSION",
    /// The code was not confirmed in time.
    HistoryUnconfirmed = "E-MOVE-TIME",
    /// Somebody said that the codes differ.
    HistoryCode = "E-MOVE-CODE",
    /// The other device ended it.
    HistoryEnded = "E-MOVE-ENDED",
    /// The other device has too little room.
    HistorySpace = "E-MOVE-SPACE",
    /// The connection broke off; nothing is lost.
    HistoryBroken = "E-MOVE-BROKEN",
    /// A backup, a restore or an export was cancelled.
    Cancelled = "E-CANCELLED",
    /// The user's proxy does not answer, does not let this user in, or reaches nothing.
    Proxy = "E-PROXY",
    /// Settings have not reached the account's other devices for a while.
    Sync = "E-SYNC",
    /// Relays did not confirm that what they keep is deleted. Values: `n` of `m`, zeros when none was reached.
    ClearNetwork = "E-CLEAR-NET",
    /// A received message could not be read.
    Decrypt = "E-DECRYPT",
    /// This device's clock is wrong. Values: `n`, minutes.
    Clock = "E-CLOCK",
    /// The disk is full.
    Disk = "E-DISK",
    /// The store could not be opened.
    Store = "E-STORE",
    /// The keychain has lost the store's key.
    Keyring = "E-KEYRING",
    /// No keychain answers and no passphrase was given. Values: `first` (`yes`) when none protects the store yet.
    PassphraseNeeded = "E-PASSPHRASE-NEEDED",
    /// The passphrase does not open the store.
    PassphraseWrong = "E-PASSPHRASE-WRONG",
    /// There is no account on this device.
    NoAccount = "E-NO-ACCOUNT",
    /// There already is an account on this device.
    AccountExists = "E-ACCOUNT-EXISTS",
    /// The conversation or message does not exist.
    NotFound = "E-NOT-FOUND",
    /// You blocked this contact.
    Blocked = "E-BLOCKED",
    /// The network profile could not be read. Values: `reason`.
    Profile = "E-PROFILE",
    /// The phone asked for its owner, who was not there.
    LockFail = "E-LOCK-FAIL",
    /// Files were shared into the app, which has no account.
    ShareNoAccount = "E-SHARE-NOACC",
    /// Several files were shared that are not all pictures and films.
    ShareTypes = "E-SHARE-TYPES",
    /// A command or its parameters are malformed. Values: `reason`.
    BadCommand = "E-BAD-COMMAND",
    /// A bug of ours. Values: `code`, for support.
    Unknown = "E-UNKNOWN",
}
