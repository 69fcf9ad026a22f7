//! What of the database goes into a backup.
//!
//! Messages that disappear by a timer are left out, and so is everything that only this device needs: what waits to be
//! sent, what is known of swarms and relays.

use std::io::Write;
use std::path::Path;

use backup::{
    Contact, Content, Conversation, Disappearing, File, Head, Identity, Item, MOST_PICTURE, Message, Picture,
    Preferences, Preview, Reaction, Remote, Removed, SealedWriter, Totals, Writer,
};
use protocol::account::AccountId;
use rand_core::CryptoRng;
use rusqlite::{OptionalExtension, Row, params};

use super::file::write_whole;
use super::{BackupError, BackupOrder, Watch, Watched};
use crate::column;
use crate::disk::free_bytes;
use crate::messages::FIRST_QUIET_KIND;
use crate::{AttachmentState, MessageId, Reading, SealedFile, SealedFiles, Store, StoreError};

/// What a message takes in a backup besides its text and its files, about.
const OF_A_MESSAGE: i64 = 300;
/// What somebody's picture takes, about.
const OF_A_PICTURE: i64 = 20_000;
/// Room that is left beside the backup.
const SLACK: u64 = 1 << 20;

impl Store {
    /// About how many bytes a backup takes.
    ///
    /// # Errors
    /// When the database fails.
    pub fn backup_len(&self) -> Result<u64, StoreError> {
        self.read(|reading| reading.backup_len())
    }

    /// Writes a backup of one snapshot to a file, which is whole under its name when this returns, or not there.
    /// Blocks for long; everybody else reads and writes meanwhile.
    ///
    /// # Errors
    /// [`BackupError::Space`] before anything is written; [`BackupError::Cancelled`]; failures of the file system or of
    /// the database.
    pub fn back_up(
        &self,
        path: &Path,
        order: &BackupOrder,
        rng: &mut impl CryptoRng,
        watch: Watch<'_>,
    ) -> Result<Totals, BackupError> {
        let needed = self.backup_len()?.saturating_add(SLACK);
        let folder = path.parent().unwrap_or(path);
        if free_bytes(folder).is_some_and(|free| free < needed) {
            return Err(BackupError::Space { needed });
        }
        write_whole(path, |out| self.back_up_into(out, order, rng, watch))
    }

    /// As [`Store::back_up`], into anything that takes bytes. What was written without success is no backup.
    ///
    /// # Errors
    /// [`BackupError::Cancelled`]; failures of the writer or of the database.
    pub fn back_up_into(
        &self,
        out: impl Write,
        order: &BackupOrder,
        rng: &mut impl CryptoRng,
        watch: Watch<'_>,
    ) -> Result<Totals, BackupError> {
        let header = order.key.header(rng);
        let sealed = SealedWriter::new(out, &order.key, &header)?;
        self.read_beside(|reading| {
            let total = reading.backup_len()?;
            let work = Work {
                reading,
                files: self.files(),
                watched: Watched::new(total, watch),
                messages: 0,
            };
            work.run(order, sealed)
        })
    }
}

impl Reading<'_> {
    fn backup_len(&self) -> Result<u64, StoreError> {
        let sum =
            |sql: &str| -> Result<i64, StoreError> { Ok(self.conn.query_row(sql, [], |row| row.get(0))?) };
        let texts = sum(
            "SELECT ifnull(sum(length(CAST(body AS BLOB)) + ifnull(length(raw), 0)), 0)
             FROM messages WHERE disappearing_mode = 0",
        )?;
        let count = sum("SELECT count(*) FROM messages WHERE disappearing_mode = 0")?;
        let files = sum("SELECT ifnull(sum(attachments.size), 0) FROM attachments
             JOIN messages ON messages.id = attachments.message
             WHERE attachments.file IS NOT NULL AND messages.disappearing_mode = 0")?;
        let pictures = sum("SELECT count(*) FROM contacts WHERE picture IS NOT NULL")?;
        let files = files.saturating_add(pictures.saturating_mul(OF_A_PICTURE));
        let messages = count.saturating_mul(OF_A_MESSAGE).saturating_add(texts);
        Ok(u64::try_from(messages.saturating_add(files)).unwrap_or(0))
    }
}

struct Work<'a, 'c> {
    reading: &'a Reading<'c>,
    files: &'a SealedFiles,
    watched: Watched<'a>,
    /// Messages with content that were written.
    messages: u64,
}

impl Work<'_, '_> {
    fn run<W: Write>(mut self, order: &BackupOrder, sealed: SealedWriter<W>) -> Result<Totals, BackupError> {
        let account = self.reading.account()?.ok_or(StoreError::NotFound)?;
        let head = Head {
            account: account.account_id,
            made_at: order.made_at.0,
        };
        let mut out = Writer::new(sealed, &head)?;
        if order.include_account {
            out.item(&Item::Identity(Identity {
                seed: data_encoding::HEXLOWER.encode(account.seed.expose_secret()),
                display_name: account.display_name.clone(),
            }))?;
        }
        out.item(&Item::Preferences(self.preferences()?))?;
        self.contacts(&mut out)?;
        self.removed(&mut out)?;
        for (row, conversation) in self.conversations()? {
            let with = conversation.with;
            out.item(&Item::Conversation(conversation))?;
            self.messages(&mut out, row, with)?;
        }
        let (_, written) = out.finish()?;
        // Lines about a conversation are in there, too; nobody would call them messages.
        Ok(Totals {
            messages: self.messages,
            ..written
        })
    }

    fn preferences(&self) -> Result<Preferences, StoreError> {
        let mut statement = self.reading.conn.prepare("SELECT * FROM preferences")?;
        let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = statement.query([])?;
        let mut preferences = Preferences::default();
        if let Some(row) = rows.next()? {
            for (index, name) in names.into_iter().enumerate() {
                if name == "id" {
                    continue;
                }
                // What is no number is not for other devices.
                if let Ok(value) = row.get(index) {
                    preferences.values.insert(name, value);
                }
            }
        }
        Ok(preferences)
    }

    fn contacts<W: Write>(&mut self, out: &mut Writer<W>) -> Result<(), BackupError> {
        let mut statement = self.reading.conn.prepare(
            "SELECT account_id, name, nickname, profile_updated_s, approved, approved_me, blocked, blocked_at,
                    unblocked_at, deleted_at, cleared_up_to, auto_download, created_at,
                    disappearing_mode, disappearing_s, disappearing_set_at,
                    their_disappearing_mode, their_disappearing_s, their_disappearing_set_at,
                    picture, picture_seal, said.url, said.key
             FROM contacts LEFT JOIN their_pictures AS said
                 ON said.contact = contacts.id AND said.state = 2 AND approved AND NOT blocked AND picture IS NOT NULL
             ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let picture = self.picture(row, 19)?;
            self.count(0, picture.as_ref().map_or(0, |picture| picture.bytes.len()))?;
            out.item(&Item::Contact(Contact {
                id: column::account_id(row, 0)?,
                name: row.get(1)?,
                nickname: row.get(2)?,
                profile_updated_s: row.get(3)?,
                approved: row.get(4)?,
                approved_me: row.get(5)?,
                blocked: row.get(6)?,
                blocked_at: row.get(7)?,
                unblocked_at: row.get(8)?,
                deleted_at: row.get(9)?,
                cleared_up_to: row.get(10)?,
                auto_download: row.get(11)?,
                created_at: row.get(12)?,
                disappearing: disappearing(row, 13)?,
                their_disappearing: disappearing(row, 16)?,
                picture,
            }))?;
        }
        Ok(())
    }

    /// Somebody's picture, from four columns; a file that is gone or larger than any picture is left out.
    fn picture(&self, row: &Row<'_>, first: usize) -> Result<Option<Picture>, StoreError> {
        let Some(url) = row.get(first.saturating_add(2))? else {
            return Ok(None);
        };
        let file = SealedFile {
            name: row.get(first)?,
            key: row.get(first.saturating_add(1))?,
        };
        let bytes = match self.files.read(&file) {
            // A face that cannot be read is no reason to have no backup.
            Err(_) => return Ok(None),
            Ok(bytes) => bytes,
        };
        let key: [u8; 32] = row.get(first.saturating_add(3))?;
        let picture = Picture {
            url,
            key: key.to_vec(),
            bytes,
        };
        Ok(Some(picture).filter(|picture| picture.bytes.len() <= MOST_PICTURE))
    }

    fn removed<W: Write>(&self, out: &mut Writer<W>) -> Result<(), BackupError> {
        let mut statement = self.reading.conn.prepare(
            "SELECT other.account_id, author.account_id, removed.sent_at FROM lasting_removals AS removed
             CROSS JOIN contacts AS other ON other.id = removed.contact
             CROSS JOIN contacts AS author ON author.id = removed.author",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            out.item(&Item::Removed(Removed {
                with: column::account_id(row, 0)?,
                author: column::account_id(row, 1)?,
                sent_at: row.get(2)?,
            }))?;
        }
        Ok(())
    }

    fn conversations(&self) -> Result<Vec<(i64, Conversation)>, StoreError> {
        let mut statement = self.reading.conn.prepare(
            "SELECT conversations.id, account_id, pinned, muted_until, hidden, kept_at, draft,
                    conversations.created_at
             FROM conversations CROSS JOIN contacts ON contacts.id = conversations.contact
             ORDER BY conversations.id",
        )?;
        let rows = statement.query_map([], |row| {
            let conversation = Conversation {
                with: column::account_id(row, 1)?,
                pinned: row.get(2)?,
                muted_until: row.get(3)?,
                hidden: row.get(4)?,
                kept_at: row.get(5)?,
                draft: row.get(6)?,
                created_at: row.get(7)?,
            };
            Ok((row.get(0)?, conversation))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn messages<W: Write>(
        &mut self,
        out: &mut Writer<W>,
        conversation: i64,
        with: AccountId,
    ) -> Result<(), BackupError> {
        let mut statement = self.reading.conn.prepare_cached(
            "SELECT message.id, author.account_id, message.sent_at, message.received_at, message.kind, message.body,
                    message.raw, message.status, message.own_hash, message.recipient_hash, quoted.account_id,
                    message.quote_sent_at
             FROM messages AS message
             CROSS JOIN contacts AS author ON author.id = message.author
             LEFT JOIN contacts AS quoted ON quoted.id = message.quote_author
             WHERE message.conversation = ?1 AND message.disappearing_mode = 0
             ORDER BY message.sent_at, message.id",
        )?;
        let mut rows = statement.query([conversation])?;
        while let Some(row) = rows.next()? {
            let id: MessageId = row.get(0)?;
            let author = column::account_id(row, 1)?;
            let quoted: Option<[u8; 33]> = row.get(10)?;
            let files = self.reading.attachments_of(id)?;
            let message = Message {
                author: (author != with).then_some(author),
                sent_at: row.get(2)?,
                received_at: row.get(3)?,
                kind: row.get(4)?,
                body: row.get(5)?,
                raw: row.get(6)?,
                status: row.get(7)?,
                own_hash: row.get(8)?,
                recipient_hash: row.get(9)?,
                quote_author: quoted.map(AccountId::from_bytes),
                quote_sent_at: row.get(11)?,
                preview: self.preview(id)?,
                reactions: self.reactions(id)?,
                files: files.iter().map(file).collect(),
            };
            let written = message.body.len();
            let has_content = message.kind < FIRST_QUIET_KIND;
            self.messages = self.messages.saturating_add(u64::from(has_content));
            out.item(&Item::Message(message))?;
            self.count(OF_A_MESSAGE.unsigned_abs(), written)?;
            for (position, attachment) in (0_u32..).zip(files) {
                let Some(sealed) = &attachment.file else { continue };
                let bytes = match self.files.read(sealed) {
                    // It was removed since the snapshot was taken.
                    Err(StoreError::NotFound) => continue,
                    read => read?,
                };
                let written = bytes.len();
                out.item(&Item::Content(Content { position, bytes }))?;
                self.count(0, written)?;
            }
        }
        Ok(())
    }

    fn count(&mut self, bytes: u64, more: usize) -> Result<(), BackupError> {
        self.watched
            .add(bytes.saturating_add(u64::try_from(more).unwrap_or(u64::MAX)))
    }

    fn preview(&self, message: MessageId) -> Result<Option<Preview>, StoreError> {
        let mut statement = self
            .reading
            .conn
            .prepare_cached("SELECT url, title FROM link_previews WHERE message = ?1")?;
        let preview = statement.query_row([message], |row| {
            Ok(Preview {
                url: row.get(0)?,
                title: row.get(1)?,
            })
        });
        Ok(preview.optional()?)
    }

    fn reactions(&self, message: MessageId) -> Result<Vec<Reaction>, StoreError> {
        let mut statement = self.reading.conn.prepare_cached(
            "SELECT reactions.emoji, contacts.account_id, reactions.given, reactions.sent_at
             FROM reactions CROSS JOIN contacts ON contacts.id = reactions.author
             WHERE reactions.message = ?1",
        )?;
        let rows = statement.query_map(params![message], |row| {
            Ok(Reaction {
                emoji: row.get(0)?,
                author: column::account_id(row, 1)?,
                given: row.get(2)?,
                sent_at: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn disappearing(row: &Row<'_>, mode: usize) -> rusqlite::Result<Disappearing> {
    Ok(Disappearing {
        mode: row.get(mode)?,
        seconds: row.get(mode.saturating_add(1))?,
        set_at: row.get(mode.saturating_add(2))?,
    })
}

fn file(attachment: &crate::Attachment) -> File {
    let facts = &attachment.facts;
    File {
        kind: facts.kind as i64,
        // Only what is there is whole.
        state: match (attachment.state, &attachment.file) {
            (AttachmentState::Done, None) => AttachmentState::Offered as i64,
            (state, _) => state as i64,
        },
        name: facts.file_name.clone(),
        content_type: facts.content_type.clone(),
        size: facts.size,
        pixels: facts.pixels,
        duration_ms: facts.duration_ms,
        remote: attachment.remote.as_ref().map(|remote| Remote {
            url: remote.url.clone(),
            key: remote.key.clone(),
            digest: remote.digest.map(|digest| digest.to_vec()),
            size: remote.size,
        }),
    }
}
