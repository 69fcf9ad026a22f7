//! People, conversations and preferences of a backup.
//!
//! What somebody decided is kept by when they did so, as far as that is known: the newer of two decisions stands. Where it
//! is not known, what is here stays, and only a device to which the account came after the backup was made takes what
//! nobody has set here.

use std::collections::BTreeSet;

use backup::{Contact, Conversation, Disappearing, Preferences, Removed};
use rusqlite::params;

use super::{Place, Restore};
use crate::{ConversationKind, StoreError, Writing};

/// Which profile of somebody is the newer one; of two with the same time, the one that is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Profile {
    /// The backup's.
    OfBackup,
    /// The one that is here.
    OfHere,
}

/// What is known here of somebody.
struct Known {
    row: i64,
    /// Nothing was known.
    fresh: bool,
    deleted_at: i64,
    decided_at: i64,
    profile_updated_s: i64,
    has_name: bool,
}

impl Restore<'_> {
    /// Takes what is known of somebody; says which profile of theirs counts, `None` when they were forgotten here since.
    pub(super) fn contact(
        &mut self,
        writing: &Writing<'_>,
        contact: &Contact,
    ) -> Result<Option<Profile>, StoreError> {
        let known = self.known(writing, contact)?;
        let emptied = contact.cleared_up_to.max(contact.deleted_at);
        if emptied > 0 {
            self.emptied.insert(contact.id, emptied);
            writing.raise_cleared_up_to(known.row, emptied)?;
        }
        if self.was_forgotten_since(&known) {
            return Ok(None);
        }
        if contact.profile_updated_s > known.profile_updated_s || !known.has_name {
            let mut statement = writing.conn.prepare_cached(
                "UPDATE contacts SET name = iif(?2 = '', name, ?2), profile_updated_s = max(profile_updated_s, ?3)
                 WHERE id = ?1",
            )?;
            statement.execute(params![known.row, contact.name, contact.profile_updated_s])?;
        }
        let mut statement = writing.conn.prepare_cached(
            "UPDATE contacts SET approved = approved OR ?2, approved_me = approved_me OR ?3 WHERE id = ?1",
        )?;
        statement.execute(params![known.row, contact.approved, contact.approved_me])?;
        if contact.blocked_at.max(contact.unblocked_at) > known.decided_at || (known.fresh && contact.blocked)
        {
            let mut statement = writing.conn.prepare_cached(
                "UPDATE contacts SET blocked = ?2, blocked_at = ?3, unblocked_at = ?4 WHERE id = ?1",
            )?;
            let values = params![
                known.row,
                contact.blocked,
                contact.blocked_at,
                contact.unblocked_at
            ];
            statement.execute(values)?;
        }
        if self.young || known.fresh {
            let mut statement = writing.conn.prepare_cached(
                "UPDATE contacts SET nickname = iif(nickname = '', ?2, nickname),
                     auto_download = iif(auto_download = 0 AND ?3 IN (1, 2), ?3, auto_download)
                 WHERE id = ?1",
            )?;
            statement.execute(params![known.row, contact.nickname, contact.auto_download])?;
        }
        let mine = "UPDATE contacts SET disappearing_mode = ?2, disappearing_s = ?3, disappearing_set_at = ?4
                    WHERE id = ?1 AND disappearing_set_at < ?4";
        let theirs = "UPDATE contacts SET their_disappearing_mode = ?2, their_disappearing_s = ?3,
                          their_disappearing_set_at = ?4
                      WHERE id = ?1 AND their_disappearing_set_at < ?4";
        self.timer(writing, mine, known.row, &contact.disappearing)?;
        self.timer(writing, theirs, known.row, &contact.their_disappearing)?;
        writing.place_conversation_with(known.row)?;
        Ok(Some(match contact.profile_updated_s > known.profile_updated_s {
            true => Profile::OfBackup,
            false => Profile::OfHere,
        }))
    }

    pub(super) fn removed(&self, writing: &Writing<'_>, removed: &Removed) -> Result<(), StoreError> {
        let with = writing.ensure_contact(removed.with, self.now)?;
        let author = writing.ensure_contact(removed.author, self.now)?;
        let mut statement = writing.conn.prepare_cached(
            "INSERT OR IGNORE INTO lasting_removals (contact, author, sent_at)
             SELECT id, ?2, ?3 FROM contacts WHERE id = ?1 AND cleared_up_to < ?3",
        )?;
        statement.execute(params![with, author, removed.sent_at])?;
        Ok(())
    }

    /// The place of a conversation's messages; `None` when it was deleted here since the backup was made.
    pub(super) fn conversation(
        &self,
        writing: &Writing<'_>,
        conversation: &Conversation,
    ) -> Result<Option<Place>, StoreError> {
        let contact = writing.ensure_contact(conversation.with, self.now)?;
        let cleared_up_to = writing.cleared_up_to(contact)?;
        // Whoever made the backup after the conversation was emptied has written what is in there since.
        let known_up_to = self.emptied.get(&conversation.with).copied().unwrap_or(0);
        let removed_up_to = if cleared_up_to > known_up_to {
            cleared_up_to
        } else {
            0
        };
        let exists = writing.conversation_state(&conversation.with)?;
        if exists.is_none() && removed_up_to >= self.made_at.0 {
            return Ok(None);
        }
        let (row, read_up_to) = match exists {
            Some(state) => {
                if self.young {
                    self.fill_settings(writing, state.row, conversation)?;
                }
                (state.row, state.read_up_to)
            }
            None => (self.insert_conversation(writing, contact, conversation)?, 0),
        };
        Ok(Some(Place {
            row,
            contact,
            with: conversation.with,
            removed_up_to,
            read_up_to,
            newest: None,
            newest_theirs: None,
            unread: 0,
        }))
    }

    pub(super) fn preferences(
        &self,
        writing: &Writing<'_>,
        preferences: &Preferences,
    ) -> Result<(), StoreError> {
        let conn = writing.conn;
        let chosen: bool =
            conn.query_row("SELECT EXISTS (SELECT 1 FROM preferences)", [], |row| row.get(0))?;
        if !self.young || chosen || preferences.values.is_empty() {
            return Ok(());
        }
        let mut statement = conn.prepare(
            "SELECT name FROM pragma_table_info('preferences') WHERE type = 'INTEGER' AND name <> 'id'",
        )?;
        let columns: BTreeSet<String> = statement
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        conn.execute("INSERT INTO preferences (id) VALUES (1)", [])?;
        for (name, value) in &preferences.values {
            if columns.contains(name) {
                // A value that this version does not allow leaves the default.
                conn.execute(
                    &format!("UPDATE OR IGNORE preferences SET \"{name}\" = ?1"),
                    [value],
                )?;
            }
        }
        Ok(())
    }

    fn known(&self, writing: &Writing<'_>, contact: &Contact) -> Result<Known, StoreError> {
        let fresh = writing.contact_row(&contact.id)?.is_none();
        let row = writing.ensure_contact(contact.id, self.now)?;
        let mut statement = writing.conn.prepare_cached(
            "SELECT deleted_at, max(blocked_at, unblocked_at), profile_updated_s, name <> '' FROM contacts WHERE id = ?1",
        )?;
        Ok(statement.query_row([row], |columns| {
            Ok(Known {
                row,
                fresh,
                deleted_at: columns.get(0)?,
                decided_at: columns.get(1)?,
                profile_updated_s: columns.get(2)?,
                has_name: columns.get(3)?,
            })
        })?)
    }

    fn was_forgotten_since(&self, known: &Known) -> bool {
        known.deleted_at >= self.made_at.0
    }

    fn timer(
        &self,
        writing: &Writing<'_>,
        sql: &str,
        row: i64,
        setting: &Disappearing,
    ) -> Result<(), StoreError> {
        let known_mode = crate::column::disappearing_of(setting.mode, setting.seconds).is_some();
        let off = setting.mode == 0 && setting.seconds == 0;
        if setting.set_at > 0 && (known_mode || off) {
            let values = params![row, setting.mode, setting.seconds, setting.set_at];
            writing.conn.prepare_cached(sql)?.execute(values)?;
        }
        Ok(())
    }

    fn insert_conversation(
        &self,
        writing: &Writing<'_>,
        contact: i64,
        conversation: &Conversation,
    ) -> Result<i64, StoreError> {
        let kind = match conversation.with == self.own {
            true => ConversationKind::NoteToSelf,
            false => ConversationKind::Direct,
        };
        let mut statement = writing.conn.prepare_cached(
            "INSERT INTO conversations (kind, contact, hidden, pinned, draft, created_at, muted_until, kept_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        Ok(statement.insert(params![
            kind,
            contact,
            conversation.hidden,
            conversation.pinned.max(0),
            conversation.draft,
            conversation.created_at,
            conversation.muted_until.max(0),
            conversation.kept_at,
        ])?)
    }

    fn fill_settings(
        &self,
        writing: &Writing<'_>,
        row: i64,
        conversation: &Conversation,
    ) -> Result<(), StoreError> {
        let mut statement = writing.conn.prepare_cached(
            "UPDATE conversations SET pinned = iif(pinned = 0, ?2, pinned),
                 muted_until = iif(muted_until = 0, ?3, muted_until), draft = iif(draft = '', ?4, draft)
             WHERE id = ?1",
        )?;
        let (pinned, muted_until) = (conversation.pinned.max(0), conversation.muted_until.max(0));
        statement.execute(params![row, pinned, muted_until, conversation.draft])?;
        Ok(())
    }
}
