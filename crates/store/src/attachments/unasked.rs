//! Files that are fetched without asking: whose, and how much of it a day, so that nobody fills the disk.
//! Spec: attachments §9 (ATT-67, ATT-68)

use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::file_server::LARGEST_UPLOAD;
use rusqlite::{OptionalExtension, params};

use super::OfferedFile;
use crate::{Reading, StoreError, Writing};

/// Bytes of one person's files that are fetched without asking within [`PERIOD_MS`].
const MOST_BYTES: i64 = 250_000_000;

/// A day, from the first file on.
const PERIOD_MS: i64 = 24 * 3_600_000;

/// What a small file counts: a request for it costs, too.
const LEAST_BYTES: i64 = 65_536;

/// Which files of a message are fetched at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// None.
    Asked,
    /// As many as a person's budget has room for.
    WithinBudget(AccountId),
    /// All: they are mine.
    All,
}

impl Reading<'_> {
    /// Whether a person's files are fetched without asking: as was decided for them, else as for everybody. Who was not
    /// accepted has nothing fetched anyway.
    ///
    /// # Errors
    /// When the database fails.
    pub fn fetches_unasked(&self, with: &AccountId) -> Result<bool, StoreError> {
        match self.auto_download(with)? {
            Some(decided) => Ok(decided),
            None => Ok(self.preferences()?.auto_download),
        }
    }

    /// Whether a person's files are fetched without asking; `None` until that was decided for them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn auto_download(&self, with: &AccountId) -> Result<Option<bool>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT auto_download FROM contacts WHERE account_id = ?1")?;
        let decided = statement
            .query_row([with.to_bytes()], |row| row.get::<_, i64>(0))
            .optional()?;
        Ok(match decided {
            Some(1) => Some(true),
            Some(2) => Some(false),
            _ => None,
        })
    }
}

impl Writing<'_> {
    /// Decides whether a person's files are fetched without asking. What was offered before stays as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_auto_download(&self, with: &AccountId, on: bool, now: TimestampMs) -> Result<(), StoreError> {
        let row = self.ensure_contact(*with, now)?;
        let decided = if on { 1 } else { 2 };
        self.change(
            "UPDATE contacts SET auto_download = ?2 WHERE id = ?1",
            [row, decided],
        )
    }

    /// Whether a file is fetched at once; what is, is taken off its sender's budget.
    pub(super) fn is_wanted(
        &self,
        wanted: Wanted,
        file: &OfferedFile,
        now: TimestampMs,
    ) -> Result<bool, StoreError> {
        match wanted {
            Wanted::Asked => Ok(false),
            Wanted::All => Ok(true),
            Wanted::WithinBudget(from) => self.spend(&from, cost(file), now),
        }
    }

    fn spend(&self, from: &AccountId, bytes: i64, now: TimestampMs) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT auto_fetched, auto_fetched_since FROM contacts WHERE account_id = ?1")?;
        let kept = statement
            .query_row([from.to_bytes()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
            })
            .optional()?;
        let (spent, since) = match kept {
            // A time in the future, after the clock was set back, begins anew.
            Some((spent, since)) if (0..PERIOD_MS).contains(&now.0.saturating_sub(since)) => (spent, since),
            _ => (0, now.0),
        };
        let spent = spent.saturating_add(bytes);
        if spent > MOST_BYTES {
            return Ok(false);
        }
        self.change(
            "UPDATE contacts SET auto_fetched = ?2, auto_fetched_since = ?3 WHERE account_id = ?1",
            params![from.to_bytes(), spent, since],
        )?;
        Ok(true)
    }
}

/// What fetching a file may cost: more than its sender says is not taken.
fn cost(file: &OfferedFile) -> i64 {
    let most = i64::try_from(LARGEST_UPLOAD).unwrap_or(i64::MAX);
    let said = file.remote.as_ref().and_then(|remote| remote.size);
    said.map_or(most, i64::from).max(LEAST_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachments::{AttachmentKind, AttachmentState, FileFacts, RemoteFile};
    use crate::story::{bob, send, store};
    use crate::{Preferences, Store};

    const DAY: TimestampMs = TimestampMs(40 * PERIOD_MS);

    fn file(size: Option<u32>) -> OfferedFile {
        OfferedFile {
            facts: FileFacts {
                kind: AttachmentKind::File,
                file_name: String::new(),
                content_type: String::new(),
                size: size.unwrap_or(0),
                pixels: None,
                duration_ms: None,
            },
            remote: Some(RemoteFile {
                url: "http://files.example.org/file/a".to_owned(),
                key: vec![7; 32],
                digest: None,
                size,
            }),
        }
    }

    /// How many of a message's files are fetched at once.
    fn fetched(store: &Store, files: &[OfferedFile], now: TimestampMs) -> usize {
        let message = send(store, bob(), "look", now.0);
        let kept = store.write::<_, StoreError>(|w| {
            w.offer_files(message, files, Wanted::WithinBudget(bob()), now)?;
            w.attachments_of(message)
        });
        let state = AttachmentState::ToDownload;
        kept.unwrap().iter().filter(|file| file.state == state).count()
    }

    #[test]
    fn att_68_nobody_is_sent_more_than_a_days_budget_unasked() {
        let store = store();
        let large = vec![file(Some(10_000_000)); 20];
        assert_eq!(fetched(&store, &large, DAY), 20);
        assert_eq!(
            fetched(&store, &large, DAY.plus_ms(1)),
            5,
            "the rest is only offered"
        );
        assert_eq!(fetched(&store, &[file(Some(1))], DAY.plus_ms(2)), 0);
        assert_eq!(
            fetched(&store, &large, DAY.plus_ms(PERIOD_MS)),
            20,
            "the next day"
        );
        let earlier = DAY.plus_ms(-5);
        assert_eq!(
            fetched(&store, &large, earlier),
            20,
            "after the clock was set back"
        );
    }

    #[test]
    fn att_68_what_says_no_size_or_a_tiny_one_counts_what_it_may_cost() {
        let store = store();
        assert_eq!(fetched(&store, &vec![file(None); 32], DAY), 24);
        let store = crate::story::store();
        let tiny = vec![file(Some(1)); 32];
        let all: usize = (0..200).map(|n| fetched(&store, &tiny, DAY.plus_ms(n))).sum();
        assert_eq!(all, 3_814);
    }

    #[test]
    fn what_was_decided_for_a_person_counts_before_what_is_liked_for_everybody() {
        let store = store();
        let unasked = || {
            store
                .read::<_, StoreError>(|r| r.fetches_unasked(&bob()))
                .unwrap()
        };
        assert!(!unasked());
        let all = Preferences {
            auto_download: true,
            ..Preferences::default()
        };
        store.write(|w| w.set_preferences(&all)).unwrap();
        assert!(unasked());
        store.write(|w| w.set_auto_download(&bob(), false, DAY)).unwrap();
        assert!(!unasked());
        store
            .write(|w| w.set_preferences(&Preferences::default()))
            .unwrap();
        store.write(|w| w.set_auto_download(&bob(), true, DAY)).unwrap();
        assert!(unasked());
    }
}
