//! Groups and communities that the account is in.
//!
//! ```text
//! g  33-byte group id -> { "K": 32-byte admin seed or nothing, "s": 100 bytes of a member's rights, "n": name,
//!                          "r": 1 removed, 2 destroyed, common }
//! o  base address -> { "#": 32-byte key, "R": { room in lower case -> { "n": room as written, common } } }
//! C  33-byte legacy group id -> { "n": name, "k" and "K": key pair, "m" and "a": sets of members and admins,
//!                                 "E": timer in seconds, common }
//!
//! common = { "+": priority, "j": joined s, "@": notifications, "!": mute until s, "i": 1 while an invitation waits }
//! ```
//!
//! Spec: config §14 (CFG-70 to CFG-74)

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use super::community_url::{self, CommunityRoom};
use super::entry::{Entry, MAX_NAME_LEN_BYTES, Notifications, array, int, seconds, text, truncate};
use super::state::Config;
use super::value::{Dict, Scalar, Set, Value};
use crate::account::AccountId;

const GROUPS: &[u8] = b"g";
const LEGACY_GROUPS: &[u8] = b"C";

/// What groups of all kinds have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    /// -1 hidden, 0 in its place, above pinned.
    pub priority: i64,
    /// When the account joined, seconds; 0 if nobody said.
    pub joined_s: i64,
    /// What notifies.
    pub notifications: Notifications,
    /// Until when nothing notifies, seconds; 0 for never.
    pub mute_until_s: i64,
    /// An invitation that was not accepted as yet.
    pub invited: bool,
}

impl Membership {
    fn read(dict: &Dict) -> Self {
        Self {
            priority: int(dict, "+"),
            joined_s: seconds(int(dict, "j").max(0)),
            notifications: Notifications::of(dict),
            mute_until_s: seconds(int(dict, "!")),
            invited: int(dict, "i") != 0,
        }
    }

    fn write(&self, entry: &mut Entry<'_>) {
        entry
            .nonzero("+", self.priority)
            .positive("j", seconds(self.joined_s))
            .positive("@", self.notifications.number())
            .positive("!", seconds(self.mute_until_s))
            .flag("i", self.invited);
    }
}

/// Why a group is not the account's any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// An admin removed it.
    Kicked,
    /// The group was deleted.
    Destroyed,
}

/// What the account may do in a group.
#[derive(Clone, PartialEq, Eq)]
pub enum GroupKey {
    /// The group's seed: everything.
    Admin(Zeroizing<[u8; 32]>),
    /// A member's token with its signature: read and write messages.
    Member(Box<[u8; 100]>),
}

impl std::fmt::Debug for GroupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Admin(_) => "Admin(redacted)",
            Self::Member(_) => "Member(redacted)",
        })
    }
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which one.
    pub id: AccountId,
    /// Its name as last known; may be empty.
    pub name: String,
    /// What the account may do.
    pub key: Option<GroupKey>,
    /// Why it may nothing any more.
    pub removed: Option<Removed>,
    /// What groups of all kinds have.
    pub membership: Membership,
}

impl Group {
    /// A group of which nothing is known.
    pub fn new(id: AccountId) -> Self {
        Self {
            id,
            name: String::new(),
            key: None,
            removed: None,
            membership: Membership::default(),
        }
    }

    fn read(id: AccountId, dict: &Dict) -> Self {
        let seed = array(dict, "K")
            .map(Zeroizing::new)
            .filter(|seed| is_seed_of(id, seed));
        let rights = array(dict, "s").map(Box::new);
        Self {
            id,
            name: text(dict, "n"),
            key: seed.map(GroupKey::Admin).or_else(|| rights.map(GroupKey::Member)),
            removed: match int(dict, "r") {
                1 => Some(Removed::Kicked),
                2 => Some(Removed::Destroyed),
                _ => None,
            },
            membership: Membership::read(dict),
        }
    }

    /// Notes that an admin removed the account. A group that was deleted stays deleted.
    pub fn mark_kicked(&mut self) {
        self.key = None;
        self.removed = self.removed.or(Some(Removed::Kicked));
    }

    /// Notes that the account was invited again.
    pub fn mark_invited(&mut self) {
        self.removed = self.removed.filter(|removed| *removed == Removed::Destroyed);
    }

    /// Notes that the group was deleted.
    pub fn mark_destroyed(&mut self) {
        self.key = None;
        self.removed = Some(Removed::Destroyed);
    }
}

fn is_seed_of(id: AccountId, seed: &[u8; 32]) -> bool {
    SigningKey::from_bytes(seed).verifying_key().as_bytes() == id.key()
}

/// One group, if known.
pub fn group(config: &Config, id: AccountId) -> Option<Group> {
    let dict = config.get(&[GROUPS, &id.to_bytes()])?.as_dict()?;
    Some(Group::read(id, dict))
}

/// All groups, by id. Entries of another form are passed over, and kept.
pub fn groups(config: &Config) -> impl Iterator<Item = Group> {
    entries(config, GROUPS, AccountId::GROUP).map(|(id, dict)| Group::read(id, dict))
}

/// Writes a group.
pub fn set_group(config: &mut Config, group: &Group) {
    let id = group.id.to_bytes();
    let mut entry = Entry::new(config, &[GROUPS, &id]);
    group.membership.write(&mut entry);
    entry.name("n", &group.name).positive(
        "r",
        match group.removed {
            None => 0,
            Some(Removed::Kicked) => 1,
            Some(Removed::Destroyed) => 2,
        },
    );
    match &group.key {
        // A member's rights stay beside the seed, as all clients leave them.
        Some(GroupKey::Admin(seed)) if is_seed_of(group.id, seed) => entry.always("K", seed.as_slice()),
        Some(GroupKey::Member(rights)) => entry.always("K", "").always("s", rights.as_slice()),
        _ => entry.always("K", "").option("s", None::<&str>),
    };
}

/// Removes a group. Returns whether it was there.
pub fn erase_group(config: &mut Config, id: AccountId) -> bool {
    config.remove(&[GROUPS, &id.to_bytes()])
}

/// All rooms of communities.
pub fn communities(config: &Config) -> impl Iterator<Item = (CommunityRoom, Membership)> {
    community_url::rooms(config).map(|(room, dict)| (room, Membership::read(dict)))
}

/// Writes a room of a community.
pub fn set_community(config: &mut Config, room: &CommunityRoom, membership: &Membership) {
    community_url::set_server_key(config, room);
    let path: [&[u8]; 4] = [b"o", room.base_url().as_bytes(), b"R", room.token().as_bytes()];
    let mut entry = Entry::new(config, &path);
    membership.write(&mut entry);
    entry.always("n", room.name());
}

/// Removes a room of a community. Returns whether it was there.
pub fn erase_community(config: &mut Config, room: &CommunityRoom) -> bool {
    community_url::erase_room(config, room)
}

/// A group of the old format. It can be read; nobody writes to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyGroup {
    /// Which one.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Its key pair: public, secret.
    pub key_pair: Option<([u8; 32], Zeroizing<[u8; 32]>)>,
    /// Members who are no admins.
    pub members: BTreeSet<AccountId>,
    /// Admins.
    pub admins: BTreeSet<AccountId>,
    /// Seconds after which messages disappear, or 0.
    pub expiry_s: i64,
    /// What groups of all kinds have.
    pub membership: Membership,
}

impl LegacyGroup {
    /// A group of which nothing is known.
    pub fn new(id: AccountId) -> Self {
        Self {
            id,
            name: String::new(),
            key_pair: None,
            members: BTreeSet::new(),
            admins: BTreeSet::new(),
            expiry_s: 0,
            membership: Membership::default(),
        }
    }

    fn read(id: AccountId, dict: &Dict) -> Self {
        Self {
            id,
            name: text(dict, "n"),
            key_pair: array(dict, "k").zip(array(dict, "K").map(Zeroizing::new)),
            members: people(dict, "m"),
            admins: people(dict, "a"),
            expiry_s: int(dict, "E").max(0),
            membership: Membership::read(dict),
        }
    }
}

/// All groups of the old format.
pub fn legacy_groups(config: &Config) -> impl Iterator<Item = LegacyGroup> {
    entries(config, LEGACY_GROUPS, AccountId::ACCOUNT).map(|(id, dict)| LegacyGroup::read(id, dict))
}

/// Writes a group of the old format.
pub fn set_legacy_group(config: &mut Config, group: &LegacyGroup) {
    let id = group.id.to_bytes();
    let mut entry = Entry::new(config, &[LEGACY_GROUPS, &id]);
    group.membership.write(&mut entry);
    let (public, secret) = group
        .key_pair
        .as_ref()
        .map(|(public, secret)| (public, secret))
        .unzip();
    let ids = |people: &BTreeSet<AccountId>| -> Set {
        people
            .iter()
            .map(|id| Scalar::Bytes(id.to_bytes().to_vec()))
            .collect()
    };
    entry
        .always("n", truncate(&group.name, MAX_NAME_LEN_BYTES))
        .option("k", public.map(|key| key.as_slice()))
        .option("K", secret.map(|key| key.as_slice()))
        .set("m", ids(&group.members))
        .set("a", ids(&group.admins))
        .positive("E", group.expiry_s);
}

/// Removes a group of the old format. Returns whether it was there.
pub fn erase_legacy_group(config: &mut Config, id: AccountId) -> bool {
    config.remove(&[LEGACY_GROUPS, &id.to_bytes()])
}

fn entries<'a>(
    config: &'a Config,
    key: &'static [u8],
    prefix: u8,
) -> impl Iterator<Item = (AccountId, &'a Dict)> + use<'a> {
    let entries = config.get(&[key]).and_then(Value::as_dict);
    entries.into_iter().flatten().filter_map(move |(id, value)| {
        let id = AccountId::from_bytes(id.as_slice().try_into().ok()?);
        Some((id, value.as_dict().filter(|_| id.prefix() == prefix)?))
    })
}

fn people(dict: &Dict, key: &str) -> BTreeSet<AccountId> {
    let set = dict.get(key.as_bytes()).and_then(Value::as_set);
    set.into_iter()
        .flatten()
        .filter_map(|scalar| match scalar {
            Scalar::Bytes(id) => Some(AccountId::from_bytes(id.as_slice().try_into().ok()?)),
            Scalar::Int(_) => None,
        })
        .filter(AccountId::is_account)
        .collect()
}
