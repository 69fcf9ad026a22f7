//! Messages of a backup, with their reactions and files.

use backup::{Content, File, Message};
use protocol::TimestampMs;
use rusqlite::{OptionalExtension, params};

use super::{Place, Restore};
use crate::backups::BackupError;
use crate::sealed_files::FileName;
use crate::{
    AttachmentKind, AttachmentState, MessageId, MessageKind, MessageName, MessageStatus, StoreError, Writing,
};

/// No emoji has more bytes.
const MOST_EMOJI: usize = 64;
/// Files of one message, at most.
const MOST_FILES: usize = 32;

impl Restore<'_> {
    /// Takes a message unless it is here, or was and is not to come back. Answers its row, if it has one.
    pub(super) fn message(
        &mut self,
        writing: &Writing<'_>,
        message: &Message,
    ) -> Result<Option<MessageId>, BackupError> {
        let (Some(place), Some(kind)) = (self.place, MessageKind::from_number(message.kind)) else {
            return Ok(None);
        };
        let author_id = message.author.unwrap_or(place.with);
        if author_id != place.with && author_id != self.own {
            return Ok(None);
        }
        let author = writing.ensure_contact(author_id, self.now)?;
        if self.must_stay_away(writing, &place, author, kind, message)? {
            return Ok(None);
        }
        let shown = writing.find_shown(place.contact, author, message.sent_at)?;
        let id = match shown {
            Some(id) if kind == MessageKind::Deleted => {
                writing.take_away(id)?;
                return Ok(None);
            }
            Some(id) => id,
            None => match self.insert(writing, &place, author, kind, message)? {
                Some(id) => {
                    self.count(author_id == self.own, kind, message);
                    id
                }
                None => return Ok(None),
            },
        };
        for reaction in &message.reactions {
            let by_one_of_us = reaction.author == place.with || reaction.author == self.own;
            if kind.has_content() && by_one_of_us && reaction.emoji.len() <= MOST_EMOJI {
                let author = writing.ensure_contact(reaction.author, self.now)?;
                writing.bring_back_reaction(id, author, reaction)?;
            }
        }
        Ok(kind.has_content().then_some(id))
    }

    /// Puts a file's bytes where they are missing.
    pub(super) fn content(
        &mut self,
        writing: &Writing<'_>,
        content: &Content,
        sealed: &mut Vec<FileName>,
    ) -> Result<(), BackupError> {
        let Some(message) = self.message else {
            return Ok(());
        };
        let conn = writing.conn;
        let mut statement = conn
            .prepare_cached(
                "SELECT attachments.id, attachments.url IS NULL AND messages.status = 5 FROM attachments
                 JOIN messages ON messages.id = attachments.message
                 WHERE attachments.message = ?1 AND attachments.position = ?2 AND attachments.file IS NULL",
            )
            .map_err(StoreError::from)?;
        let missing = statement
            .query_row(params![message, content.position], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .map_err(StoreError::from)?;
        let Some((id, unsent)): Option<(i64, bool)> = missing else {
            return Ok(());
        };
        let file = self.store.files().write(&content.bytes)?;
        sealed.push(file.name);
        // One that was never sent waits for a retry by hand.
        let state = match unsent {
            true => AttachmentState::Failed,
            false => AttachmentState::Done,
        };
        let size = u32::try_from(content.bytes.len()).unwrap_or(u32::MAX);
        let mut statement = conn
            .prepare_cached(
                "UPDATE attachments SET file = ?2, file_key = ?3, state = ?4, size = ?5, failure = NULL WHERE id = ?1",
            )
            .map_err(StoreError::from)?;
        statement
            .execute(params![id, file.name, file.key, state, size])
            .map_err(StoreError::from)?;
        self.brought.files = self.brought.files.saturating_add(1);
        Ok(())
    }

    /// Removed here, or taken back by who wrote it.
    fn must_stay_away(
        &self,
        writing: &Writing<'_>,
        place: &Place,
        author: i64,
        kind: MessageKind,
        message: &Message,
    ) -> Result<bool, StoreError> {
        // A sent time is what its author says; what claims to be from the future was here when it was received.
        if message.sent_at.min(message.received_at) <= place.removed_up_to
            || writing.was_removed(place.contact, author, message.sent_at)?
        {
            return Ok(true);
        }
        let mut statement = writing.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM early_takebacks WHERE author = ?5 AND sent_at = ?2)
                 OR EXISTS (SELECT 1 FROM messages
                            WHERE conversation = ?3 AND sent_at = ?2 AND author = ?1 AND kind = ?4)",
        )?;
        let author_id = message.author.unwrap_or(place.with).to_bytes();
        let taken_back: bool = statement.query_row(
            params![
                author,
                message.sent_at,
                place.row,
                MessageKind::Deleted,
                author_id
            ],
            |row| row.get(0),
        )?;
        Ok(taken_back && kind.has_content())
    }

    /// `None` when its identity is taken.
    fn insert(
        &self,
        writing: &Writing<'_>,
        place: &Place,
        author: i64,
        kind: MessageKind,
        message: &Message,
    ) -> Result<Option<MessageId>, StoreError> {
        let mine = author == writing.own_row()?;
        let mut statement = writing.conn.prepare_cached(
            "INSERT INTO messages (conversation, author, sent_at, received_at, kind, body, raw, status, own_hash,
                                   recipient_hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT DO NOTHING",
        )?;
        let inserted = statement.execute(params![
            place.row,
            author,
            message.sent_at,
            message.received_at,
            kind,
            message.body,
            message.raw.as_ref().filter(|_| kind == MessageKind::Unsupported),
            status(mine, kind, message),
            message.own_hash,
            message.recipient_hash,
        ])?;
        if inserted == 0 {
            return Ok(None);
        }
        let id = MessageId(writing.conn.last_insert_rowid());
        if let Some(quoted) = message.quote_author {
            let name = MessageName {
                author: quoted,
                sent_at: TimestampMs(message.quote_sent_at),
            };
            writing.set_quote(id, place.contact, &name)?;
        }
        if let Some(preview) = &message.preview {
            let mut statement = writing
                .conn
                .prepare_cached("INSERT INTO link_previews (message, url, title) VALUES (?1, ?2, ?3)")?;
            statement.execute(params![id, preview.url, preview.title])?;
        }
        for (position, file) in (0_u32..).zip(message.files.iter().take(MOST_FILES)) {
            insert_file(writing, id, position, file)?;
        }
        Ok(Some(id))
    }

    fn count(&mut self, mine: bool, kind: MessageKind, message: &Message) {
        if kind.has_content() {
            self.brought.messages = self.brought.messages.saturating_add(1);
        }
        let Some(place) = &mut self.place else { return };
        place.newest = place.newest.max(Some(message.sent_at));
        if !mine && kind.has_content() {
            place.newest_theirs = place.newest_theirs.max(Some(message.sent_at));
            let behind = message.sent_at > place.read_up_to;
            place.unread = place.unread.saturating_add(u32::from(behind));
        }
    }
}

/// What was never sent is not sent by a restore: it waits for a retry by hand.
fn status(mine: bool, kind: MessageKind, message: &Message) -> i64 {
    if !mine || !kind.has_content() {
        return 0;
    }
    let status = match message.status {
        3 => MessageStatus::Sent,
        4 => MessageStatus::Read,
        6 => MessageStatus::SyncFailed,
        _ => MessageStatus::Failed,
    };
    status as i64
}

fn insert_file(
    writing: &Writing<'_>,
    message: MessageId,
    position: u32,
    file: &File,
) -> Result<(), StoreError> {
    let kind = AttachmentKind::from_number(file.kind).unwrap_or(AttachmentKind::File);
    // The bytes of a whole one follow; without them it can be fetched again, or not.
    let state = match (AttachmentState::from_number(file.state), &file.remote) {
        (Some(AttachmentState::ToUpload | AttachmentState::Failed), None) => AttachmentState::Failed,
        (Some(AttachmentState::Gone), _) | (_, None) => AttachmentState::Gone,
        _ => AttachmentState::Offered,
    };
    let remote = file.remote.as_ref();
    let digest: Option<[u8; 32]> = remote
        .and_then(|remote| remote.digest.as_deref())
        .and_then(|digest| digest.try_into().ok());
    let mut statement = writing.conn.prepare_cached(
        "INSERT INTO attachments (message, position, kind, state, file_name, content_type, size, width, height,
                                  url, key, digest, remote_size, duration_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?;
    statement.execute(params![
        message,
        position,
        kind,
        state,
        file.name,
        file.content_type,
        file.size,
        file.pixels.map(|(width, _)| width),
        file.pixels.map(|(_, height)| height),
        remote.map(|remote| &remote.url),
        remote.map(|remote| &remote.key),
        digest,
        remote.and_then(|remote| remote.size),
        file.duration_ms,
    ])?;
    Ok(())
}
