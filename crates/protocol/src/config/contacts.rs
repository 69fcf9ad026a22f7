//! People, under `c`, by their 33-byte id.
//!
//! | key | value |
//! |---|---|
//! | `n` | name, always there, at most 100 bytes |
//! | `N` | nickname, at most 100 bytes |
//! | `p`, `q`, `t` | picture: address, key; seconds of the profile |
//! | `a`, `A`, `b` | 1 when I accepted, they accepted, I blocked |
//! | `+` | priority: -1 hidden, above 0 pinned |
//! | `@`, `!` | notifications; seconds until which it is mute |
//! | `e`, `E` | how messages disappear (1 after send, 2 after read), and seconds |
//! | `j` | seconds since when they are known |
//!
//! Spec: config §11 (CFG-55 to CFG-58)

use super::entry::{
    Entry, ExpirationMode, MAX_NAME_LEN_BYTES, Notifications, Picture, int, picture, seconds, text, truncate,
};
use super::state::Config;
use super::value::{Dict, Value};
use crate::account::AccountId;

const PEOPLE: &[u8] = b"c";

/// One person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Who.
    pub id: AccountId,
    /// Their name for themselves; may be empty.
    pub name: String,
    /// My name for them; may be empty.
    pub nickname: String,
    /// Their picture.
    pub picture: Option<Picture>,
    /// When their profile changed, seconds; 0 if nobody said.
    pub profile_updated_s: i64,
    /// I accepted them.
    pub approved: bool,
    /// They accepted me.
    pub approved_me: bool,
    /// I blocked them.
    pub blocked: bool,
    /// -1 hidden, 0 in its place, above pinned.
    pub priority: i64,
    /// What notifies.
    pub notifications: Notifications,
    /// Until when nothing notifies, seconds; 0 for never.
    pub mute_until_s: i64,
    /// How my messages disappear, with seconds.
    pub expiration: Option<(ExpirationMode, i64)>,
    /// Since when they are known, seconds; 0 if nobody said.
    pub created_s: i64,
}

impl Contact {
    /// A person of whom nothing is known.
    pub const fn new(id: AccountId) -> Self {
        Self {
            id,
            name: String::new(),
            nickname: String::new(),
            picture: None,
            profile_updated_s: 0,
            approved: false,
            approved_me: false,
            blocked: false,
            priority: 0,
            notifications: Notifications::Default,
            mute_until_s: 0,
            expiration: None,
            created_s: 0,
        }
    }

    fn read(id: AccountId, dict: &Dict) -> Self {
        let mode = match int(dict, "e") {
            1 => Some(ExpirationMode::AfterSend),
            2 => Some(ExpirationMode::AfterRead),
            _ => None,
        };
        Self {
            id,
            name: text(dict, "n"),
            nickname: text(dict, "N"),
            picture: picture(dict, "p", "q"),
            profile_updated_s: int(dict, "t").max(0),
            approved: int(dict, "a") != 0,
            approved_me: int(dict, "A") != 0,
            blocked: int(dict, "b") != 0,
            priority: int(dict, "+"),
            notifications: of_a_person(Notifications::of(dict)),
            mute_until_s: seconds(int(dict, "!")),
            expiration: mode.zip(Some(int(dict, "E")).filter(|seconds| *seconds > 0)),
            created_s: seconds(int(dict, "j")),
        }
    }
}

/// Nobody is named in a conversation of two.
const fn of_a_person(notifications: Notifications) -> Notifications {
    match notifications {
        Notifications::MentionsOnly => Notifications::All,
        other => other,
    }
}

/// One person, if known.
pub fn contact(config: &Config, id: AccountId) -> Option<Contact> {
    let dict = config.get(&[PEOPLE, &id.to_bytes()])?.as_dict()?;
    Some(Contact::read(id, dict))
}

/// Everybody, by id. Entries of another form are passed over, and kept.
pub fn contacts(config: &Config) -> impl Iterator<Item = Contact> {
    let people = config.get(&[PEOPLE]).and_then(Value::as_dict);
    people.into_iter().flatten().filter_map(|(id, value)| {
        let id = AccountId::from_bytes(id.as_slice().try_into().ok()?);
        let dict = value.as_dict().filter(|_| id.is_account())?;
        Some(Contact::read(id, dict))
    })
}

/// Writes a person. Names are cut to 100 bytes.
pub fn set_contact(config: &mut Config, contact: &Contact) {
    let id = contact.id.to_bytes();
    Entry::new(config, &[PEOPLE, &id])
        // Without a value that is always there, an entry that says nothing would be pruned.
        .always("n", truncate(&contact.name, MAX_NAME_LEN_BYTES))
        .name("N", &contact.nickname)
        .picture("p", "q", contact.picture.as_ref())
        .positive("t", contact.profile_updated_s)
        .flag("a", contact.approved)
        .flag("A", contact.approved_me)
        .flag("b", contact.blocked)
        .nonzero("+", contact.priority)
        .positive("@", of_a_person(contact.notifications).number())
        .positive("!", seconds(contact.mute_until_s))
        .option("e", contact.expiration.map(|(mode, _)| number(mode)))
        .option("E", contact.expiration.map(|(_, seconds)| seconds))
        .positive("j", seconds(contact.created_s));
}

const fn number(mode: ExpirationMode) -> i64 {
    match mode {
        ExpirationMode::AfterSend => 1,
        ExpirationMode::AfterRead => 2,
    }
}

/// Removes a person with all that is said of them. Returns whether they were there.
pub fn erase_contact(config: &mut Config, id: AccountId) -> bool {
    config.remove(&[PEOPLE, &id.to_bytes()])
}
