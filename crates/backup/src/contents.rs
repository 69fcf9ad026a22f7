//! What the records of a backup say. Each is one JSON object; a field that is missing has its default, and one that is
//! unknown is passed over, so that fields may be added without a new format.
//!
//! Account IDs are texts of 66 hex digits, times are network time in milliseconds since the Unix epoch unless said, bytes
//! are base64 with padding (RFC 4648 §4). Numbers of kinds, states and modes are those of the store's tables.

use std::collections::BTreeMap;

use protocol::account::AccountId;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The first record: whose backup it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Whose.
    pub account: AccountId,
    /// When it was made.
    pub made_at: i64,
}

/// The account itself, if its owner wanted it in the backup. Secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Identity {
    /// The seed: 32 hex digits, or 64 of a very old account.
    pub seed: String,
    /// Display name; empty when none was chosen.
    #[serde(default)]
    pub display_name: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(redacted)")
    }
}

/// What the user likes: numbers by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// `null` is "as the system says".
    #[serde(default)]
    pub values: BTreeMap<String, Option<i64>>,
}

/// How messages disappear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disappearing {
    /// 0 not, 1 after reading, 2 after sending.
    pub mode: i64,
    /// After how many seconds.
    pub seconds: u32,
    /// When that was set.
    pub set_at: i64,
}

impl Disappearing {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Somebody who is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Who.
    pub id: AccountId,
    /// The name they gave themselves.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The name given here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub nickname: String,
    /// Their profile's own time, in seconds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub profile_updated_s: i64,
    /// I accept them.
    #[serde(default, skip_serializing_if = "is_no")]
    pub approved: bool,
    /// They accept me.
    #[serde(default, skip_serializing_if = "is_no")]
    pub approved_me: bool,
    /// Blocked.
    #[serde(default, skip_serializing_if = "is_no")]
    pub blocked: bool,
    /// When they were last blocked.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub blocked_at: i64,
    /// When they were last unblocked.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unblocked_at: i64,
    /// When the conversation with them was last deleted.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub deleted_at: i64,
    /// Everything that was sent up to then was removed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cleared_up_to: i64,
    /// Their files are fetched without asking: 0 undecided, 1 yes, 2 no.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub auto_download: i64,
    /// How mine to them disappear.
    #[serde(default, skip_serializing_if = "Disappearing::is_none")]
    pub disappearing: Disappearing,
    /// How theirs to me disappear.
    #[serde(default, skip_serializing_if = "Disappearing::is_none")]
    pub their_disappearing: Disappearing,
    /// Since when they are known.
    #[serde(default)]
    pub created_at: i64,
    /// Their picture, when it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// Somebody's picture, and where they say that it lies. Secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// On a file server.
    pub url: String,
    /// What decrypts it there, base64.
    #[serde(with = "base64")]
    pub key: Vec<u8>,
    /// The picture as it is shown, base64; at most [`MOST_PICTURE`].
    #[serde(with = "base64")]
    pub bytes: Vec<u8>,
}

/// Bytes of a picture at most, so that a record holds it; those that are shown have far fewer.
pub const MOST_PICTURE: usize = 512 << 10;

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Picture(redacted)")
    }
}

/// A message that was removed and is not to come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// The other side of its conversation.
    pub with: AccountId,
    /// Who wrote it.
    pub author: AccountId,
    /// Carried in the message.
    pub sent_at: i64,
}

/// A conversation. The messages behind it, up to the next conversation, are its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// The other side; the account itself for Note to Self.
    pub with: AccountId,
    /// Order number of its pin, higher first; zero when not pinned.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pinned: i64,
    /// Notifies from then on; the largest number: never; zero when not muted.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub muted_until: i64,
    /// Taken off the home list by hand.
    #[serde(default, skip_serializing_if = "is_no")]
    pub hidden: bool,
    /// Keeps its place in the list when it is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_at: Option<i64>,
    /// Unsent text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub draft: String,
    /// Since when it exists.
    #[serde(default)]
    pub created_at: i64,
}

/// A message of the conversation before it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who wrote it; missing for the other side of the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<AccountId>,
    /// Carried in the message; with the author it names the message.
    pub sent_at: i64,
    /// When it was stored.
    #[serde(default)]
    pub received_at: i64,
    /// What it is: 0 unknown content, 1 text, from 32 on lines about the conversation.
    pub kind: i64,
    /// The text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Unknown content as it came, base64.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "optional_base64")]
    pub raw: Option<Vec<u8>>,
    /// State of a message of mine: 0 none, 1 queued, 2 sending, 3 sent, 4 read, 5 failed, 6 not copied to my devices.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub status: i64,
    /// Its hash in my own swarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_hash: Option<String>,
    /// Its hash in the recipient's swarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_hash: Option<String>,
    /// Who wrote the message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote_author: Option<AccountId>,
    /// When that was sent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub quote_sent_at: i64,
    /// What it shows of a link in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<Preview>,
    /// Who gave what to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// Its files, in order. The bytes of those that are whole follow in records of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
}

/// What a message shows of a link in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// As it stands in the text.
    pub url: String,
    /// The page's title.
    #[serde(default)]
    pub title: String,
}

/// Somebody's newest word about one emoji.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// Whose.
    pub author: AccountId,
    /// Given, or taken back.
    pub given: bool,
    /// When.
    pub sent_at: i64,
}

/// What is known of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// 1 image, 2 video, 3 voice, 4 audio, 5 other.
    pub kind: i64,
    /// 1 offered, 2 to be downloaded, 3 to be uploaded, 4 whole, 5 given up, 6 gone.
    pub state: i64,
    /// Its name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its media type.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content_type: String,
    /// Bytes in the clear.
    pub size: u32,
    /// Width and height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pixels: Option<(u32, u32)>,
    /// How long it plays, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u32>,
    /// Where it lies on a file server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<Remote>,
}

/// Where a file lies on a file server, and what decrypts it. Secret.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    /// Its URL.
    pub url: String,
    /// What decrypts it, base64.
    #[serde(with = "base64")]
    pub key: Vec<u8>,
    /// SHA-256 of the encrypted file, base64.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "optional_base64")]
    pub digest: Option<Vec<u8>>,
    /// Bytes in the clear as its sender says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Remote(redacted)")
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(number: &i64) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_no(flag: &bool) -> bool {
    !*flag
}

mod base64 {
    use data_encoding::BASE64;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        BASE64
            .decode(text.as_bytes())
            .map_err(|_| D::Error::custom("not base64"))
    }
}

mod optional_base64 {
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &Option<Vec<u8>>, to: S) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => super::base64::serialize(bytes, to),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<u8>>, D::Error> {
        super::base64::deserialize(from).map(Some)
    }
}
