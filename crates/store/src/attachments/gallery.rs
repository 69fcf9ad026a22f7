//! The files of a whole conversation, and small pictures of them.

use protocol::account::AccountId;
use rusqlite::{OptionalExtension, params};

use super::{Attachment, AttachmentId};
use crate::{Reading, StoreError, Writing};

/// In the order of the conversation: by sent time, by arrival, and within one message as sent. Files decide which
/// messages are looked at, as few messages have any.
const PLACE: &str = "FROM attachments CROSS JOIN messages ON messages.id = attachments.message
    WHERE attachments.position >= 0";

const OF_CONVERSATION: &str = "messages.conversation = (
        SELECT conversations.id FROM conversations JOIN contacts ON contacts.id = conversations.contact
        WHERE contacts.account_id = ?1)";

impl Reading<'_> {
    /// Pictures and films of a conversation, or its other files, newest first; those older than `before`. One more than
    /// `limit` says that there are more.
    ///
    /// # Errors
    /// When the database fails.
    pub fn gallery(
        &self,
        with: &AccountId,
        media: bool,
        before: Option<AttachmentId>,
        limit: u32,
    ) -> Result<Vec<Attachment>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT attachments.id {PLACE} AND {OF_CONVERSATION} AND (attachments.kind IN (1, 2)) = ?2
                 AND (?3 IS NULL OR (messages.sent_at, messages.id, attachments.position) < (
                     SELECT messages.sent_at, messages.id, attachments.position {PLACE} AND attachments.id = ?3))
             ORDER BY messages.sent_at DESC, messages.id DESC, attachments.position DESC LIMIT ?4"
        ))?;
        let found = statement.query_map(params![with.to_bytes(), media, before, limit], |row| row.get(0))?;
        found.map(|id| self.attachment(id?)).collect()
    }

    /// The next older and the next newer picture or film of a file's conversation, of those that are whole here.
    ///
    /// # Errors
    /// When the database fails.
    pub fn media_beside(
        &self,
        id: AttachmentId,
    ) -> Result<(Option<AttachmentId>, Option<AttachmentId>), StoreError> {
        Ok((
            self.media_next_to(id, "<", "DESC")?,
            self.media_next_to(id, ">", "ASC")?,
        ))
    }

    fn media_next_to(
        &self,
        id: AttachmentId,
        side: &str,
        order: &str,
    ) -> Result<Option<AttachmentId>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT attachments.id {PLACE} AND attachments.kind IN (1, 2) AND attachments.file IS NOT NULL
                 AND messages.conversation = (
                     SELECT messages.conversation {PLACE} AND attachments.id = ?1)
                 AND (messages.sent_at, messages.id, attachments.position) {side} (
                     SELECT messages.sent_at, messages.id, attachments.position {PLACE} AND attachments.id = ?1)
             ORDER BY messages.sent_at {order}, messages.id {order}, attachments.position {order} LIMIT 1"
        ))?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?)
    }

    /// The small picture of a file, if one was made.
    ///
    /// # Errors
    /// When the database fails.
    pub fn thumbnail(&self, id: AttachmentId) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT bytes FROM thumbnails WHERE attachment = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?)
    }
}

impl Writing<'_> {
    /// Keeps the small picture of a file as long as the file; nothing for a file that is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_thumbnail(&self, id: AttachmentId, bytes: &[u8]) -> Result<(), StoreError> {
        self.change(
            "INSERT OR REPLACE INTO thumbnails (attachment, bytes)
             SELECT id, ?2 FROM attachments WHERE id = ?1",
            params![id, bytes],
        )
    }
}

#[cfg(test)]
mod tests {
    use protocol::TimestampMs;

    use super::*;
    use crate::attachments::{AttachmentKind, FileFacts};
    use crate::story::{bob, send, store};
    use crate::{MessageId, Store};

    const NOW: TimestampMs = TimestampMs(5);

    /// A message to Bob with these files, all of them here.
    fn message(store: &Store, kinds: &[AttachmentKind], sent_at: i64) -> (MessageId, Vec<AttachmentId>) {
        let files = kinds.iter().map(|kind| {
            let facts = FileFacts {
                kind: *kind,
                ..super::super::tests::facts(*kind)
            };
            let file = store.files().write(b"abc").unwrap();
            store.write(|w| w.stage(&facts, &file, NOW)).unwrap()
        });
        let files: Vec<_> = files.collect();
        let message = send(store, bob(), "look", sent_at);
        store.write(|w| w.attach_staged(message, &files, NOW)).unwrap();
        (message, files)
    }

    fn read<T>(store: &Store, work: impl FnOnce(&Reading<'_>) -> Result<T, StoreError>) -> T {
        store.read(work).unwrap()
    }

    #[test]
    fn a_gallery_is_in_the_order_of_the_conversation_and_goes_on_where_it_ended() {
        use AttachmentKind::{File, Image, Video};
        let store = store();
        let (_, late) = message(&store, &[Image, File, Video], 300);
        let (_, early) = message(&store, &[Image, Image], 100);
        let (_, between) = message(&store, &[Video], 200);
        let wanted = [late[2], late[0], between[0], early[1], early[0]];
        let ids = |found: Vec<Attachment>| found.into_iter().map(|file| file.id).collect::<Vec<_>>();
        assert_eq!(ids(read(&store, |r| r.gallery(&bob(), true, None, 9))), wanted);
        assert_eq!(
            ids(read(&store, |r| r.gallery(&bob(), true, Some(late[0]), 2))),
            wanted[2..4]
        );
        assert_eq!(
            ids(read(&store, |r| r.gallery(&bob(), false, None, 9))),
            [late[1]]
        );
        let beside = |id| read(&store, |r| r.media_beside(id));
        assert_eq!(beside(between[0]), (Some(early[1]), Some(late[0])));
        assert_eq!(beside(late[2]), (Some(late[0]), None));
        assert_eq!(beside(early[0]), (None, Some(early[1])));
    }

    #[test]
    fn a_small_picture_goes_with_its_file() {
        let store = store();
        let (message, files) = message(&store, &[AttachmentKind::Image], 100);
        let kept = |store: &Store| read(store, |r| r.thumbnail(files[0]));
        assert_eq!(kept(&store), None);
        for bytes in [b"first".as_slice(), b"second"] {
            store.write(|w| w.keep_thumbnail(files[0], bytes)).unwrap();
            assert_eq!(kept(&store).as_deref(), Some(bytes));
        }
        store.write(|w| w.delete_message(message)).unwrap();
        assert_eq!(kept(&store), None);
        store.write(|w| w.keep_thumbnail(files[0], b"late")).unwrap();
        assert_eq!(kept(&store), None);
    }
}
