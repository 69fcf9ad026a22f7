//! Storing what came from a swarm, in batches of one transaction.

mod arrival;
mod control;
mod files;
mod refuse;
mod together;

use std::collections::BTreeMap;

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::message::Disappearing;
use protocol::message::expiration::on_arrival;
use protocol::storage::MessageHash;
use rusqlite::params;

use super::disappearing::{ReadWhere, setting_text};
use super::{FIRST_QUIET_KIND, MessageId, MessageKind, MessageName, MessageStatus, OfferedPreview};
use crate::column;
use crate::conversations::DELETION_SLACK_MS;
use crate::{LastHash, OfferedFile, Profile, StoreError, Writing};

pub use control::{Control, ReceivedControl, Typing};

/// What one request to a storage node brought, opened and verified.
#[derive(Clone, Debug, Default)]
pub struct ReceivedBatch {
    /// Device time.
    pub device_now: TimestampMs,
    /// In the order of the swarm.
    pub items: Vec<Received>,
    /// From where to go on next time; kept together with the items.
    pub last_hash: Option<LastHash>,
    /// The time.
    pub now: TimestampMs,
}

/// One stored item of the swarm.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its hash.
    pub hash: MessageHash,
    /// When the hash may be forgotten: the swarm's expiry and some slack.
    pub seen_until: TimestampMs,
    /// What is to be shown of it; `None` for what shows nothing or could not be read.
    pub message: Option<ReceivedMessage>,
    /// What it changes of other messages, when it shows nothing itself.
    pub control: Option<ReceivedControl>,
}

/// A message of a conversation.
#[derive(Clone, Debug)]
pub struct ReceivedMessage {
    /// The other side of the conversation: the author, or for copies of my own messages the person written to.
    pub conversation: AccountId,
    /// Who wrote it.
    pub author: AccountId,
    /// Carried in the message.
    pub sent_at: TimestampMs,
    /// What it is.
    pub kind: MessageKind,
    /// The text; empty for other kinds.
    pub body: String,
    /// The content as it came, for [`MessageKind::Unsupported`].
    pub raw: Option<Vec<u8>>,
    /// Its files, at most 32.
    pub files: Vec<OfferedFile>,
    /// What it shows of a link in it.
    pub preview: Option<OfferedPreview>,
    /// What it says of its author; ignored when that is me.
    pub profile: Option<Profile>,
    /// What it answers.
    pub quote: Option<MessageName>,
    /// How it disappears; for [`MessageKind::DisappearingSet`] also what was set.
    pub disappearing: Option<Disappearing>,
    /// When the swarm drops it.
    pub swarm_expires_at: TimestampMs,
}

/// What became of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Stored for the first time.
    New {
        /// Its row.
        id: MessageId,
        /// It counts as unread.
        unread: bool,
    },
    /// It was here already.
    Known {
        /// Its row, if it has one.
        id: Option<MessageId>,
    },
    /// It changed a message that is here.
    Changed {
        /// That message.
        id: MessageId,
        /// The other side of its conversation.
        conversation: AccountId,
    },
    /// It changed its conversation, or several of its messages.
    ChangedMany,
    /// Somebody accepted types, or stopped; nothing was stored.
    Typing {
        /// Which of the two.
        typing: Typing,
        /// When they said so.
        sent_at: TimestampMs,
    },
    /// Its author is blocked, or it shows nothing.
    Dropped,
}

/// What a batch has changed of one conversation; written once at the end of the batch.
#[derive(Clone, Copy, Debug)]
struct Touched {
    row: i64,
    contact: i64,
    read_up_to: i64,
    new_read_up_to: i64,
    newest: i64,
    unread: u32,
}

/// What a batch has found out of a person.
#[derive(Clone, Copy, Debug)]
struct Person {
    row: i64,
    blocked: bool,
    approved: bool,
    approved_me: bool,
    /// What was written up to then does not bring a deleted conversation back.
    deleted_up_to: i64,
    /// From when until when they were blocked the last time.
    was_blocked: (i64, i64),
}

impl Person {
    /// Whether what they sent at some time is not taken: they are blocked, or they were then.
    fn dropped(self, sent_at: i64) -> bool {
        let (from, until) = self.was_blocked;
        self.blocked || (from..until).contains(&sent_at)
    }
}

struct Batch<'w, 'c> {
    writing: &'w Writing<'c>,
    device_now: TimestampMs,
    me: i64,
    now: TimestampMs,
    people: BTreeMap<AccountId, Person>,
    touched: BTreeMap<AccountId, Touched>,
}

impl Batch<'_, '_> {
    fn insert(&mut self, item: &Received) -> Result<Outcome, StoreError> {
        if !self.writing.mark_seen(&item.hash, item.seen_until)? {
            return Ok(Outcome::Known { id: None });
        }
        if let Some(control) = &item.control {
            return self.obey(control);
        }
        let Some(message) = &item.message else {
            return Ok(Outcome::Dropped);
        };
        // A line makes nobody known.
        if message.kind.is_notice() && self.writing.contact_row(&message.author)?.is_none() {
            return Ok(Outcome::Dropped);
        }
        let author = self.person(message.author)?;
        let mine = author.row == self.me;
        if let Some(outcome) = self.refuse(item, message, author, mine)? {
            return Ok(outcome);
        }
        let peer = self.person(message.conversation)?.row;
        let conversation = self.conversation(message.conversation)?;
        let row = conversation.row;
        let id = match self.insert_row(row, author.row, message, &item.hash)? {
            Some(id) => id,
            None => return self.confirm(row, author.row, mine, message, &item.hash),
        };
        if let Some(quote) = &message.quote {
            self.writing.set_quote(id, peer, quote)?;
        }
        self.offer_files(id, mine, message)?;
        self.writing
            .apply_early_reactions(id, &message.conversation, &message.author, message.sent_at)?;
        if let Some(setting) = message.disappearing {
            let arrival = self.arrival(mine, message, conversation.read_up_to);
            self.writing.set_timer(id, on_arrival(setting, &arrival))?;
        }
        self.follow_setting(mine, message)?;
        if !message.kind.is_notice() {
            self.accept(mine, message)?;
        }
        if mine {
            self.writing.apply_early_receipt(id)?;
        }
        let unread =
            !mine && (message.kind as i64) < FIRST_QUIET_KIND && message.sent_at.0 > conversation.read_up_to;
        if let Some(touched) = self.touched.get_mut(&message.conversation) {
            touched.newest = touched.newest.max(message.sent_at.0);
            touched.unread = touched.unread.saturating_add(u32::from(unread));
            if mine {
                touched.new_read_up_to = touched.new_read_up_to.max(message.sent_at.0);
            }
        }
        Ok(Outcome::New { id, unread })
    }

    /// Inserts a row unless its identity is taken.
    fn insert_row(
        &self,
        conversation: i64,
        author: i64,
        message: &ReceivedMessage,
        hash: &MessageHash,
    ) -> Result<Option<MessageId>, StoreError> {
        let status = match author == self.me && (message.kind as i64) < FIRST_QUIET_KIND {
            true => MessageStatus::Sent as i64,
            false => 0,
        };
        let mut statement = self.writing.conn.prepare_cached(
            "INSERT INTO messages (conversation, author, sent_at, received_at, kind, body, raw, status, own_hash,
                                   disappearing_mode, disappearing_s)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT DO NOTHING",
        )?;
        let (mode, seconds) = column::disappearing_values(message.disappearing);
        let line = (message.kind == MessageKind::DisappearingSet).then(|| setting_text(message.disappearing));
        let inserted = statement.execute(params![
            conversation,
            author,
            message.sent_at.0,
            self.now.0,
            message.kind,
            line.as_ref().unwrap_or(&message.body),
            message.raw,
            status,
            hash.as_str(),
            mode,
            seconds
        ])?;
        Ok((inserted == 1).then(|| MessageId(self.writing.conn.last_insert_rowid())))
    }

    /// Meets a message that is here already. A copy of mine is the proof that it was sent, and tells its hash.
    fn confirm(
        &self,
        conversation: i64,
        author: i64,
        mine: bool,
        message: &ReceivedMessage,
        hash: &MessageHash,
    ) -> Result<Outcome, StoreError> {
        let sent_at = message.sent_at.0;
        let id = self
            .writing
            .find_by_identity(conversation, author, sent_at, message.kind)?;
        if let (true, Some(id)) = (mine, id) {
            self.writing.set_own_hash(id, hash)?;
        }
        Ok(Outcome::Known { id })
    }

    /// What a message says by being written: each side accepts whom it writes to.
    fn accept(&mut self, mine: bool, message: &ReceivedMessage) -> Result<(), StoreError> {
        let other = self.person(message.conversation)?;
        if let (false, Some(profile)) = (mine, &message.profile) {
            self.writing
                .apply_profile(self.person(message.author)?.row, profile, self.device_now)?;
        }
        let (sql, done) = match mine {
            true => ("UPDATE contacts SET approved = 1 WHERE id = ?1", other.approved),
            false => (
                "UPDATE contacts SET approved_me = 1 WHERE id = ?1",
                other.approved_me,
            ),
        };
        if done || other.row == self.me {
            return Ok(());
        }
        self.writing.conn.prepare_cached(sql)?.execute([other.row])?;
        if let Some(person) = self.people.get_mut(&message.conversation) {
            match mine {
                true => person.approved = true,
                false => person.approved_me = true,
            }
        }
        Ok(())
    }

    fn person(&mut self, account_id: AccountId) -> Result<Person, StoreError> {
        if let Some(person) = self.people.get(&account_id) {
            return Ok(*person);
        }
        let row = self.writing.ensure_contact(account_id, self.now)?;
        let mut statement = self.writing.conn.prepare_cached(
            "SELECT blocked, approved, approved_me, deleted_at, blocked_at, unblocked_at
             FROM contacts WHERE id = ?1",
        )?;
        let person = statement.query_row([row], |columns| {
            let (blocked, approved, approved_me) = (columns.get(0)?, columns.get(1)?, columns.get(2)?);
            let deleted_at: i64 = columns.get(3)?;
            let was_blocked = (columns.get(4)?, columns.get(5)?);
            Ok(Person {
                row,
                blocked,
                approved,
                approved_me,
                deleted_up_to: deleted_at.saturating_sub(DELETION_SLACK_MS),
                was_blocked,
            })
        })?;
        self.people.insert(account_id, person);
        Ok(person)
    }

    fn conversation(&mut self, with: AccountId) -> Result<Touched, StoreError> {
        if let Some(touched) = self.touched.get(&with) {
            return Ok(*touched);
        }
        let contact = self.person(with)?.row;
        let state = self.writing.ensure_conversation(&with, self.now)?;
        let touched = Touched {
            row: state.row,
            contact,
            read_up_to: state.read_up_to,
            new_read_up_to: state.read_up_to,
            newest: i64::MIN,
            unread: 0,
        };
        self.touched.insert(with, touched);
        Ok(touched)
    }

    /// Writes what the batch has changed of the conversations so far.
    fn flush(&mut self) -> Result<(), StoreError> {
        for touched in std::mem::take(&mut self.touched).into_values() {
            match touched.newest {
                i64::MIN => self.writing.place_conversation_with(touched.contact)?,
                newest => self.writing.show_activity(touched.row, newest, touched.unread)?,
            }
            if touched.new_read_up_to > touched.read_up_to {
                let up_to = touched.new_read_up_to;
                self.writing.raise_read_up_to(touched.row, up_to)?;
                self.writing
                    .start_read_timers(touched.row, up_to, ReadWhere::Elsewhere, self.now)?;
            }
        }
        Ok(())
    }
}
