//! What a device holds of one config.
//!
//! ```text
//!          edit                    push                  confirm_pushed
//! Clean ─────────▶ Dirty ─────────────────▶ Waiting ─────────────────────▶ Clean
//!   ▲                ▲                         │ edit: a next revision, Dirty
//!   └── merge: theirs says all of ours         │
//!                    └── merge: they disagree ─┘
//! ```
//!
//! The caller stores [`Config::dump`] whenever [`Config::needs_dump`] says so, and before it pushes. Spec: config §5, §8

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::encryption::{OVERHEAD, encrypt, pad};
use super::parts::{self, Parts};
use super::revision::{Authority, Revision};
use super::value::{Dict, Value};
use super::{ConfigType, MAX_MESSAGE_LEN_BYTES, compression};
use crate::TimestampMs;
use crate::account::AccountKeys;
use crate::storage::MessageHash;

mod draft;
mod merging;

pub(super) use draft::Draft;

/// 32 bytes under which a config is encrypted, erased when dropped.
#[derive(Clone)]
pub struct EncryptionKey(Zeroizing<[u8; 32]>);

impl EncryptionKey {
    /// The key of an account's own configs: its Ed25519 seed. Spec: config §5 (CFG-18)
    pub fn of_account(keys: &AccountKeys) -> Self {
        let secret = keys.expose_ed25519_secret();
        let mut key = Zeroizing::new([0; 32]);
        key.iter_mut()
            .zip(secret.iter())
            .for_each(|(to, from)| *to = *from);
        Self(key)
    }

    /// A key given as bytes.
    pub fn from_bytes(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }
}

impl std::fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EncryptionKey(redacted)")
    }
}

/// Whether the swarm has what the device has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has.
    Clean,
    /// There are edits that were never pushed.
    Dirty,
    /// They were pushed, and nobody confirmed it.
    Waiting,
}

/// What goes to the swarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// The revision's number; [`Config::confirm_pushed`] wants it back.
    pub seqno: i64,
    /// One message, or the parts of one. All of them must be stored.
    pub messages: Vec<Vec<u8>>,
    /// What the swarm may forget once the messages are stored.
    pub obsolete: Vec<MessageHash>,
}

/// One config as a device holds it.
#[derive(Clone, Debug)]
pub struct Config {
    pub(super) config_type: ConfigType,
    pub(super) keys: Vec<EncryptionKey>,
    pub(super) authority: Authority,
    pub(super) state: State,
    pub(super) draft: Draft,
    /// Where the swarm keeps the revision.
    pub(super) current: BTreeSet<MessageHash>,
    pub(super) obsolete: BTreeSet<MessageHash>,
    pub(super) parts: Parts,
    pub(super) needs_dump: bool,
    /// The last merge dropped edits that no other device has.
    pub(super) lost_edits: bool,
}

impl Config {
    /// An empty config of an account.
    pub fn new(config_type: ConfigType, keys: &AccountKeys) -> Self {
        Self::with_keys(
            config_type,
            vec![EncryptionKey::of_account(keys)],
            Authority::Unsigned,
        )
    }

    /// An empty config under other keys. The first encrypts, all are tried to decrypt.
    pub fn with_keys(config_type: ConfigType, keys: Vec<EncryptionKey>, authority: Authority) -> Self {
        Self {
            config_type,
            keys,
            authority,
            state: State::Clean,
            draft: Draft::new(Revision::default(), None),
            current: BTreeSet::new(),
            obsolete: BTreeSet::new(),
            parts: Parts::default(),
            needs_dump: false,
            lost_edits: false,
        }
    }

    /// What it is about.
    pub const fn config_type(&self) -> ConfigType {
        self.config_type
    }

    /// Whether the swarm has what the device has.
    pub const fn state(&self) -> State {
        self.state
    }

    /// The revision's number.
    pub const fn seqno(&self) -> i64 {
        self.draft.seqno()
    }

    /// The whole data.
    pub const fn data(&self) -> &Dict {
        self.draft.data()
    }

    /// Whether [`Config::push`] has something that the swarm does not have.
    pub const fn needs_push(&self) -> bool {
        !matches!(self.state, State::Clean) && !self.authority.is_read_only()
    }

    /// How many values differ from what the swarm has, as far as this revision tells; zero without edits.
    pub fn edits(&self) -> usize {
        if self.needs_push() { self.draft.edits() } else { 0 }
    }

    /// Whether the last merge dropped edits of this device that were too late. They may be made again.
    /// Spec: config §8 (CFG-44)
    pub const fn lost_edits(&self) -> bool {
        self.lost_edits
    }

    /// Whether anything changed since the last [`Config::dump`].
    pub const fn needs_dump(&self) -> bool {
        self.needs_dump
    }

    /// Storage hashes of the live message, or of its parts.
    pub const fn current_hashes(&self) -> &BTreeSet<MessageHash> {
        &self.current
    }

    /// Storage hashes whose lifetime must be extended: the live message and parts that wait for others.
    pub fn active_hashes(&self) -> BTreeSet<MessageHash> {
        self.current.iter().chain(self.parts.waiting()).copied().collect()
    }

    /// The value at the end of a path of keys.
    pub fn get(&self, path: &[&[u8]]) -> Option<&Value> {
        let (last, way) = path.split_last()?;
        let dict = way
            .iter()
            .try_fold(self.data(), |dict, key| dict.get(*key).and_then(Value::as_dict))?;
        dict.get(*last)
    }

    /// Writes a value; dictionaries on the way are made. An empty set or dictionary removes. Returns whether anything
    /// changed; a reader changes nothing. Spec: config §8 (CFG-41)
    pub fn set(&mut self, path: &[&[u8]], value: impl Into<Value>) -> bool {
        let mut value = value.into();
        value.prune();
        if value.is_empty() {
            return self.remove(path);
        }
        if self.authority.is_read_only() || self.get(path) == Some(&value) {
            return false;
        }
        self.make_dirty();
        self.draft.insert(path, value);
        true
    }

    /// Removes a value with all that is in it, and what it leaves empty. Returns whether it was there; a reader changes
    /// nothing.
    pub fn remove(&mut self, path: &[&[u8]]) -> bool {
        if self.authority.is_read_only() || self.get(path).is_none() {
            return false;
        }
        self.make_dirty();
        self.draft.remove(path)
    }

    fn make_dirty(&mut self) {
        if self.state != State::Dirty {
            self.draft = self.draft.next(&self.authority);
            self.obsolete.append(&mut self.current);
            self.state = State::Dirty;
        }
        self.needs_dump = true;
    }

    /// What the swarm must store, encrypted. On a clean config the same bytes as before, for a swarm that lost them.
    /// `None` when it has become too large for any number of parts. Spec: config §5 (CFG-21)
    pub fn push(&mut self, now: TimestampMs) -> Option<Push> {
        let text = pad(&compression::compress(self.draft.message(&self.authority)));
        // The next edit or merge asks for it: worked out here, where the message is at hand.
        self.draft.id(&self.authority);
        let texts = if text.len().saturating_add(OVERHEAD) > MAX_MESSAGE_LEN_BYTES {
            let (texts, hash) = parts::split(&text)?;
            self.parts.remember(hash, now);
            self.needs_dump = true;
            texts
        } else {
            vec![text]
        };
        let key = self.keys.first()?;
        let domain = self.config_type.domain();
        let messages: Result<_, _> = texts.iter().map(|text| encrypt(text, &key.0, domain)).collect();
        let messages = messages.ok()?;
        if self.state == State::Dirty {
            self.state = State::Waiting;
            self.needs_dump = true;
        }
        let obsolete = std::mem::take(&mut self.obsolete);
        Some(Push {
            seqno: self.draft.seqno(),
            messages,
            obsolete: obsolete
                .into_iter()
                .filter(|_| !self.authority.is_read_only())
                .collect(),
        })
    }

    /// Takes back what a push made obsolete: the swarm did not come to delete it.
    pub fn keep_obsolete(&mut self, hashes: impl IntoIterator<Item = MessageHash>) {
        self.obsolete.extend(hashes);
        self.obsolete.retain(|hash| !self.current.contains(hash));
        self.needs_dump = true;
    }

    /// Notes that the swarm stored all messages of a push. Ignored when there was an edit since. Spec: config §8 (CFG-42)
    pub fn confirm_pushed(&mut self, seqno: i64, hashes: impl IntoIterator<Item = MessageHash>) {
        if self.state == State::Waiting && seqno == self.draft.seqno() {
            self.state = State::Clean;
            self.current = hashes.into_iter().collect();
            self.obsolete.retain(|hash| !self.current.contains(hash));
            self.needs_dump = true;
        }
    }

    /// Notes that the swarm stored all messages of a push of a clean config again. They may have other hashes than
    /// before: another client may compress in another way. Ignored when there was an edit since.
    /// Spec: config §8 (CFG-49)
    pub fn confirm_restored(&mut self, seqno: i64, hashes: impl IntoIterator<Item = MessageHash>) {
        let hashes: BTreeSet<_> = hashes.into_iter().collect();
        if self.state == State::Clean && seqno == self.draft.seqno() && hashes != self.current {
            self.obsolete.append(&mut self.current);
            self.obsolete.retain(|hash| !hashes.contains(hash));
            self.current = hashes;
            self.needs_dump = true;
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
