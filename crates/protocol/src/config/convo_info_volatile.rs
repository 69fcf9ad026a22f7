//! Up to where each conversation was read: what changes often.
//!
//! ```text
//! 1  33-byte account id -> entry        g  33-byte group id -> entry
//! C  33-byte legacy group id -> entry   b  33-byte blinded id -> entry
//! o  base address -> { "#": 32-byte key, "R": { room in lower case -> entry } }
//!
//! entry = { "r": sent time of the newest message that was read, ms; "u": 1 when marked as unread }
//! ```
//!
//! Old entries are not written, and go with the next push. Spec: config §12 (CFG-60 to CFG-63)

use super::community_url::CommunityRoom;
use super::entry::{Entry, int};
use super::state::Config;
use super::value::{Dict, Value};
use crate::TimestampMs;
use crate::account::AccountId;

const DAY_MS: i64 = 24 * 3_600_000;

/// Older read marks are not written.
const MAX_AGE_MS: i64 = 30 * DAY_MS;

/// Older read marks are removed.
const PRUNE_AGE_MS: i64 = 45 * DAY_MS;

/// Which conversation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conversation {
    /// With a person.
    OneToOne(AccountId),
    /// A group.
    Group(AccountId),
    /// A group of the old format.
    LegacyGroup(AccountId),
    /// A room of a community.
    Community(CommunityRoom),
}

/// Up to where it was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadMark {
    /// Sent time of the newest message that was read, ms; 0 for none.
    pub last_read_ms: i64,
    /// Marked as unread by hand.
    pub unread: bool,
}

impl ReadMark {
    fn read(dict: &Dict) -> Self {
        Self {
            last_read_ms: int(dict, "r"),
            unread: int(dict, "u") != 0,
        }
    }
}

/// The mark of one conversation.
pub fn read_mark(config: &Config, conversation: &Conversation) -> Option<ReadMark> {
    with_path(conversation, |path| {
        config.get(path)?.as_dict().map(ReadMark::read)
    })
}

/// Every mark.
pub fn read_marks(config: &Config) -> Vec<(Conversation, ReadMark)> {
    type Kind = fn(AccountId) -> Conversation;
    let kinds: [(_, Kind); 3] = [
        (("1", AccountId::ACCOUNT), Conversation::OneToOne),
        (("g", AccountId::GROUP), Conversation::Group),
        (("C", AccountId::ACCOUNT), Conversation::LegacyGroup),
    ];
    let mut marks = Vec::new();
    for ((key, prefix), conversation) in kinds {
        let entries = config.get(&[key.as_bytes()]).and_then(Value::as_dict);
        marks.extend(entries.into_iter().flatten().filter_map(|(id, value)| {
            let id = AccountId::from_bytes(id.as_slice().try_into().ok()?);
            let dict = value.as_dict().filter(|_| id.prefix() == prefix)?;
            Some((conversation(id), ReadMark::read(dict)))
        }));
    }
    let rooms = super::community_url::rooms(config);
    marks.extend(rooms.map(|(room, dict)| (Conversation::Community(room), ReadMark::read(dict))));
    marks
}

/// Sets a mark. One that is older than 30 days is only written where it takes a newer one back.
pub fn set_read_mark(config: &mut Config, conversation: &Conversation, mark: ReadMark, now: TimestampMs) {
    let old = read_mark(config, conversation).unwrap_or_default().last_read_ms;
    let is_recent = mark.last_read_ms > now.0.saturating_sub(MAX_AGE_MS);
    with_path(conversation, |path| {
        if let Conversation::Community(room) = conversation {
            super::community_url::set_server_key(config, room);
        }
        let mut entry = Entry::new(config, path);
        if mark.last_read_ms < old || is_recent {
            entry.always("r", mark.last_read_ms);
        }
        entry.flag("u", mark.unread);
    });
}

/// Removes a mark. Returns whether it was there.
pub fn erase_read_mark(config: &mut Config, conversation: &Conversation) -> bool {
    match conversation {
        Conversation::Community(room) => super::community_url::erase_room(config, room),
        _ => with_path(conversation, |path| config.remove(path)),
    }
}

/// Removes marks older than 45 days that are not marked as unread. Call it before each push.
pub fn prune_stale(config: &mut Config, now: TimestampMs) {
    let oldest = now.0.saturating_sub(PRUNE_AGE_MS);
    let stale: Vec<_> = read_marks(config)
        .into_iter()
        .filter(|(_, mark)| !mark.unread && mark.last_read_ms < oldest)
        .collect();
    for (conversation, _) in stale {
        erase_read_mark(config, &conversation);
    }
}

fn with_path<T>(conversation: &Conversation, run: impl FnOnce(&[&[u8]]) -> T) -> T {
    match conversation {
        Conversation::OneToOne(id) => run(&[b"1", &id.to_bytes()]),
        Conversation::Group(id) => run(&[b"g", &id.to_bytes()]),
        Conversation::LegacyGroup(id) => run(&[b"C", &id.to_bytes()]),
        Conversation::Community(room) => {
            run(&[b"o", room.base_url().as_bytes(), b"R", room.token().as_bytes()])
        }
    }
}
