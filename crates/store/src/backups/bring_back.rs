//! Bringing a backup back: what is here stays, what is missing comes, what was removed here does not.
//!
//! The whole file is verified before anything of it is taken. Then it is taken in transactions of a few hundred things, each
//! of which leaves the database in order, and taking a thing twice is taking it once: a restore that was interrupted, by
//! the end of the process or by its death, is carried on by beginning anew. Nothing that comes counts as unread.

mod message;
mod people;
mod pictures;

use std::collections::BTreeMap;
use std::io::Read;

use backup::{Item, Reader, Totals};
use protocol::TimestampMs;
use protocol::account::AccountId;

use super::file::rough_len;
use super::{BackupError, BackupFile, UnderWay, Watch, Watched};
use crate::messages::ReadWhere;
use crate::sealed_files::FileName;
use crate::{MessageId, Store, StoreError, Writing};

/// Things of one transaction, at most.
const BATCH: usize = 300;
/// Bytes of files of one transaction, about.
const BATCH_BYTES: u64 = 4 << 20;

impl Store {
    /// Verifies a backup and brings it back. Answers how many messages and files came. Blocks for long; others read
    /// meanwhile, and write between two batches.
    ///
    /// # Errors
    /// [`BackupError::Open`] and [`BackupError::OtherAccount`] before anything is taken; [`BackupError::Space`];
    /// [`BackupError::Cancelled`], after which what came until then stays; [`BackupError::Closing`], after which it is
    /// still remembered as under way; failures of the file system or the database.
    pub fn bring_back(
        &self,
        file: &BackupFile,
        now: TimestampMs,
        watch: Watch<'_>,
    ) -> Result<Totals, BackupError> {
        let under_way = UnderWay {
            path: file.path().to_owned(),
            key: file.key().clone(),
        };
        self.write(|writing| writing.set_restore_under_way(Some(&under_way)))?;
        let brought = self.check_and_take(file, now, watch);
        // What cannot be finished now is not tried at each start.
        if !matches!(brought, Err(BackupError::Closing)) {
            self.write(|writing| writing.set_restore_under_way(None))?;
        }
        brought
    }

    fn check_and_take(
        &self,
        file: &BackupFile,
        now: TimestampMs,
        watch: Watch<'_>,
    ) -> Result<Totals, BackupError> {
        let len = file.len()?;
        let mut both = |mut progress: super::Progress, taken: u64| {
            progress.done = progress.done.saturating_add(taken);
            progress.total = len.saturating_mul(2);
            watch(progress)
        };
        let checked = file.check(&mut |progress| both(progress, 0))?;
        let own = self
            .read(|reading| reading.account())?
            .ok_or(StoreError::NotFound)?;
        if checked.account != own.account_id {
            return Err(BackupError::OtherAccount);
        }
        if self.files().free_bytes().is_some_and(|free| free < len) {
            return Err(BackupError::Space { needed: len });
        }
        let mut watch = |progress| both(progress, len);
        let mut restore = Restore {
            store: self,
            now,
            made_at: checked.made_at,
            young: own.created_at > checked.made_at,
            own: own.account_id,
            emptied: BTreeMap::new(),
            watched: Watched::new(len, &mut watch),
            place: None,
            message: None,
            brought: Totals::default(),
        };
        restore.run(file.read()?)?;
        Ok(restore.brought)
    }
}

/// The conversation that messages are put into.
#[derive(Clone, Copy, Debug)]
struct Place {
    row: i64,
    contact: i64,
    with: AccountId,
    /// What was sent up to then was removed here, which whoever made the backup did not know; zero when nothing was.
    removed_up_to: i64,
    read_up_to: i64,
    /// Sent times of the newest message that came and of the newest one of theirs.
    newest: Option<i64>,
    newest_theirs: Option<i64>,
    /// What came of theirs behind the read position: unread until that is raised.
    unread: u32,
}

struct Restore<'a> {
    store: &'a Store,
    now: TimestampMs,
    made_at: TimestampMs,
    /// The account came to this device after the backup was made: settings that nobody has touched here are taken.
    young: bool,
    own: AccountId,
    /// Up to when the conversations of some people were emptied when the backup was made.
    emptied: BTreeMap<AccountId, i64>,
    watched: Watched<'a>,
    place: Option<Place>,
    /// Where files belong.
    message: Option<MessageId>,
    brought: Totals,
}

impl Restore<'_> {
    fn run(&mut self, mut reader: Reader<impl Read>) -> Result<(), BackupError> {
        loop {
            let (mut batch, mut bytes) = (Vec::with_capacity(BATCH), 0_u64);
            while batch.len() < BATCH && bytes < BATCH_BYTES {
                let Some(item) = reader.next_item()? else { break };
                bytes = bytes.saturating_add(rough_len(&item));
                batch.push(item);
            }
            if batch.is_empty() {
                return Ok(());
            }
            self.take(&batch)?;
            self.watched.add(bytes)?;
        }
    }

    /// Takes a batch in one transaction. Files that were sealed for one that fails are removed.
    fn take(&mut self, batch: &[Item]) -> Result<(), BackupError> {
        let (place, message, brought) = (self.place, self.message, self.brought);
        let store = self.store;
        let mut sealed = Vec::new();
        let taken = store.write(|writing| {
            for item in batch {
                self.item(writing, item, &mut sealed)?;
            }
            self.leave_place(writing)
        });
        if taken.is_err() {
            (self.place, self.message, self.brought) = (place, message, brought);
            for name in sealed {
                // What cannot be removed is swept later: no row knows it.
                let _ = store.files().remove(&name);
            }
        }
        taken
    }

    fn item(
        &mut self,
        writing: &Writing<'_>,
        item: &Item,
        sealed: &mut Vec<FileName>,
    ) -> Result<(), BackupError> {
        match item {
            // Whose it is was compared already; an account is restored before its messages.
            Item::Identity(_) => Ok(()),
            Item::Preferences(preferences) => Ok(self.preferences(writing, preferences)?),
            Item::Contact(contact) => match self.contact(writing, contact)? {
                Some(profile) => self.picture(writing, contact, profile, sealed),
                None => Ok(()),
            },
            Item::Removed(removed) => Ok(self.removed(writing, removed)?),
            Item::Conversation(conversation) => {
                self.leave_place(writing)?;
                self.message = None;
                self.place = self.conversation(writing, conversation)?;
                Ok(())
            }
            Item::Message(message) => {
                self.message = self.message(writing, message)?;
                Ok(())
            }
            Item::Content(content) => self.content(writing, content, sealed),
        }
    }

    /// Writes what the conversation is to know of what came. Nothing of it counts as unread, so that what was there
    /// before it is read, too.
    fn leave_place(&mut self, writing: &Writing<'_>) -> Result<(), BackupError> {
        let Some(place) = &mut self.place else {
            return Ok(());
        };
        if let Some(newest) = place.newest.take() {
            let mut statement = writing.conn.prepare_cached(
                "UPDATE conversations SET last_activity = max(ifnull(last_activity, ?2), ?2), unread = unread + ?3
                 WHERE id = ?1",
            ).map_err(StoreError::from)?;
            let unread = i64::from(std::mem::take(&mut place.unread));
            statement
                .execute([place.row, newest, unread])
                .map_err(StoreError::from)?;
        }
        if let Some(newest) = place.newest_theirs.take()
            && newest > place.read_up_to
        {
            writing.raise_read_up_to(place.row, newest)?;
            writing.start_read_timers(place.row, newest, ReadWhere::Elsewhere, self.now)?;
            place.read_up_to = newest;
        }
        Ok(writing.place_conversation(place.row)?)
    }
}
