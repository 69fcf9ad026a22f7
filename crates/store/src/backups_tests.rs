//! Backups: what comes back and what stays away.

use std::path::PathBuf;

use backup::{Cost, Passphrase};
use protocol::account::AccountId;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::*;
use crate::story::*;
use crate::*;

pub(super) const MADE: TimestampMs = NOW;
pub(super) const LATER: TimestampMs = TimestampMs(NOW.0 + 10 * DAY);

pub(super) fn unwatched(_: Progress) -> ControlFlow<Ending> {
    ControlFlow::Continue(())
}

pub(super) fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed([5; 32])
}

pub(super) fn passphrase() -> Passphrase {
    Passphrase::parse("abbey zoom amount fading tossed vector").unwrap()
}

pub(super) fn order() -> BackupOrder {
    let cheap = Cost {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };
    BackupOrder {
        key: BackupKey::create(&passphrase(), cheap, &mut rng()).unwrap(),
        include_account: false,
        made_at: MADE,
    }
}

pub(super) struct Folder(tempfile::TempDir);

impl Folder {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

pub(super) fn back_up(store: &Store, path: &std::path::Path) -> Totals {
    store.back_up(path, &order(), &mut rng(), &mut unwatched).unwrap()
}

pub(super) fn bring_back(store: &Store, path: &std::path::Path) -> (u64, u64) {
    let file = open_backup(path, &passphrase()).unwrap();
    let brought = store.bring_back(&file, LATER, &mut unwatched).unwrap();
    assert_counts_hold(store);
    (brought.messages, brought.files)
}

/// A store of the same account on another device, to which it came when the backup had long been made.
pub(super) fn new_device() -> Store {
    let store = Store::in_memory().unwrap();
    let account = NewAccount {
        created_at: LATER,
        origin: Origin::Restored,
        ..new_account()
    };
    store.write(|w| w.create_account(&account)).unwrap();
    store
}

pub(super) fn texts(store: &Store, with: AccountId) -> Vec<String> {
    let page = page(store, with, Window::Newest, 200);
    bodies(&page).into_iter().map(str::to_owned).collect()
}

pub(super) fn count(store: &Store, table: &str) -> u64 {
    let count = store.read::<_, StoreError>(|r| {
        let count: i64 = r
            .conn
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
        Ok(count)
    });
    count.unwrap().unsigned_abs()
}

fn picture(message: MessageId, bytes: &[u8], store: &Store) {
    let facts = FileFacts {
        kind: AttachmentKind::Image,
        file_name: "holiday.jpg".to_owned(),
        content_type: "image/jpeg".to_owned(),
        size: u32::try_from(bytes.len()).unwrap(),
        pixels: Some((4, 3)),
        duration_ms: None,
    };
    let file = store.files().write(bytes).unwrap();
    store
        .write::<_, StoreError>(|w| {
            w.conn.execute(
                "INSERT INTO attachments (message, kind, state, file_name, content_type, size, width, height, file,
                                          file_key, url)
                 VALUES (?1, ?2, 4, ?3, ?4, ?5, 4, 3, ?6, ?7, 'http://files/1')",
                rusqlite::params![
                    message,
                    facts.kind,
                    facts.file_name,
                    facts.content_type,
                    facts.size,
                    file.name,
                    file.key
                ],
            )?;
            Ok(())
        })
        .unwrap();
}

fn files(store: &Store, message: MessageId) -> Vec<Option<Vec<u8>>> {
    let files = store
        .read::<_, StoreError>(|r| r.attachments_of(message))
        .unwrap();
    files
        .into_iter()
        .map(|file| file.file.map(|sealed| store.files().read(&sealed).unwrap()))
        .collect()
}

/// A conversation with Bob in which everything happened that a backup keeps.
pub(super) fn full() -> Store {
    let store = store();
    let first = new_id(receive(&store, bob(), "one", NOW.0 - 50));
    send(&store, bob(), "two", NOW.0 - 40);
    let third = new_id(receive(&store, bob(), "three", NOW.0 - 30));
    picture(third, &[7; 100_000], &store);
    store
        .write::<_, StoreError>(|w| {
            w.approve(&bob(), NOW)?;
            w.set_nickname(&bob(), "Bobby", NOW)?;
            w.pin(&bob(), NOW)?;
            w.mute(&bob(), Some(Mute::Ever), NOW)?;
            w.set_draft(&bob(), "to be", NOW)?;
            let reaction = NewReaction {
                target: MessageName {
                    author: bob(),
                    sent_at: TimestampMs(NOW.0 - 50),
                },
                emoji: "👍".to_owned(),
                given: true,
            };
            w.react(first, &reaction, NOW, &[], NOW)?;
            let preferences = Preferences {
                theme: Theme::Dark,
                ..Preferences::default()
            };
            w.set_preferences(&preferences)
        })
        .unwrap();
    store
}

#[test]
fn everything_comes_back_on_a_new_device_and_nothing_of_it_is_unread() {
    let folder = Folder::new();
    let (old, new) = (full(), new_device());
    let made = back_up(&old, &folder.file("a"));
    assert_eq!((made.messages, made.files), (3, 1));
    assert_eq!(folder.names(), ["a"], "nothing else is left there");

    assert_eq!(bring_back(&new, &folder.file("a")), (3, 1));
    assert_eq!(texts(&new, bob()), ["one", "two", "three"]);
    let there = conversation(&new, bob());
    assert_eq!((there.unread, there.draft.as_str()), (0, "to be"));
    assert_eq!((there.pinned, there.mute), (1, Some(Mute::Ever)));
    assert_eq!(there.last_activity, Some(TimestampMs(NOW.0 - 30)));
    assert_eq!(there.contact, conversation(&old, bob()).contact);
    let rows = page(&new, bob(), Window::Newest, 10).rows;
    let reactions = new
        .read::<_, StoreError>(|r| r.reaction_counts(rows[0].id))
        .unwrap();
    assert_eq!((reactions[0].emoji.as_str(), reactions[0].count), ("👍", 1));
    assert_eq!(files(&new, rows[2].id), [Some(vec![7; 100_000])]);
    assert_eq!(rows[1].status, Some(MessageStatus::Failed), "it was never sent");
    assert_eq!(listed(&new, ConversationList::Home), [bob()]);
    let preferences = new.read::<_, StoreError>(|r| r.preferences()).unwrap();
    assert_eq!(preferences.theme, Theme::Dark);
    assert_eq!(count(&new, "search_rows"), 3, "what came can be found");
}

#[test]
fn twice_is_once_and_what_is_here_stays() {
    let folder = Folder::new();
    let store = full();
    back_up(&store, &folder.file("a"));
    assert_eq!(bring_back(&store, &folder.file("a")), (0, 0));
    let unread = conversation(&store, bob()).unread;
    receive(&store, bob(), "four", NOW.0 + 5);
    store.write(|w| w.set_nickname(&bob(), "", NOW)).unwrap();
    store.write(|w| w.set_draft(&bob(), "", NOW)).unwrap();
    store.write(|w| w.unpin(&bob())).unwrap();
    assert_eq!(bring_back(&store, &folder.file("a")), (0, 0));
    let there = conversation(&store, bob());
    assert_eq!(texts(&store, bob()), ["one", "two", "three", "four"]);
    assert_eq!((there.unread, there.pinned), (unread + 1, 0));
    assert_eq!((there.draft.as_str(), there.contact.nickname.as_str()), ("", ""));

    let new = new_device();
    assert_eq!(bring_back(&new, &folder.file("a")), (3, 1));
    assert_eq!(bring_back(&new, &folder.file("a")), (0, 0));
}

#[test]
fn what_was_removed_here_stays_away_however_it_was_removed() {
    let folder = Folder::new();
    let path = folder.file("a");
    let one = full();
    back_up(&one, &path);
    let rows = page(&one, bob(), Window::Newest, 10).rows;
    one.write(|w| w.delete_message(rows[1].id)).unwrap();
    one.write(|w| w.purge_expired(LATER.plus_ms(1_000 * DAY)))
        .unwrap();
    assert_eq!(bring_back(&one, &path), (0, 0));
    assert_eq!(texts(&one, bob()), ["one", "three"]);

    let cleared = full();
    cleared.write(|w| w.clear_messages(&bob())).unwrap();
    cleared
        .write(|w| w.purge_expired(LATER.plus_ms(1_000 * DAY)))
        .unwrap();
    assert_eq!(bring_back(&cleared, &path), (0, 0));
    assert_eq!(texts(&cleared, bob()), [""; 0]);

    let deleted = full();
    deleted
        .write(|w| w.delete_contact(&bob(), NOW.plus_ms(1)))
        .unwrap();
    deleted
        .write(|w| w.purge_expired(LATER.plus_ms(1_000 * DAY)))
        .unwrap();
    assert_eq!(bring_back(&deleted, &path), (0, 0));
    assert_eq!(listed(&deleted, ConversationList::Home), []);
    let person = deleted
        .read::<_, StoreError>(|r| r.contact(&bob()))
        .unwrap()
        .unwrap();
    assert_eq!((person.approved, person.nickname.as_str()), (false, ""));
}

#[test]
fn what_was_removed_before_the_newer_backup_does_not_come_from_the_older_one() {
    let folder = Folder::new();
    let store = full();
    back_up(&store, &folder.file("older"));
    let rows = page(&store, bob(), Window::Newest, 10).rows;
    store.write(|w| w.delete_message(rows[0].id)).unwrap();
    back_up(&store, &folder.file("newer"));

    let new = new_device();
    assert_eq!(bring_back(&new, &folder.file("newer")), (2, 1));
    assert_eq!(bring_back(&new, &folder.file("older")), (0, 0));
    assert_eq!(texts(&new, bob()), ["two", "three"]);
}

#[test]
fn what_was_taken_back_stays_taken_back_whichever_backup_comes_first() {
    let folder = Folder::new();
    let store = full();
    back_up(&store, &folder.file("before"));
    let rows = page(&store, bob(), Window::Newest, 10).rows;
    let order = TakeBack {
        message: rows[1].id,
        leaves: Leaves::Line,
        deliveries: Vec::new(),
        now: NOW,
    };
    store.write(|w| w.take_back(&order)).unwrap();
    back_up(&store, &folder.file("after"));
    for files in [["before", "after"], ["after", "before"]] {
        let new = new_device();
        for file in files {
            bring_back(&new, &folder.file(file));
        }
        let kinds: Vec<_> = page(&new, bob(), Window::Newest, 10)
            .rows
            .iter()
            .map(|row| row.kind)
            .collect();
        assert_eq!(
            kinds,
            [MessageKind::Text, MessageKind::Deleted, MessageKind::Text]
        );
    }
}

#[test]
fn messages_with_a_timer_are_in_no_backup() {
    let folder = Folder::new();
    let store = full();
    let timed = ReceivedMessage {
        disappearing: Some(protocol::message::Disappearing {
            mode: protocol::message::DisappearingMode::AfterRead,
            seconds: 300,
        }),
        ..text(bob(), bob(), "gone soon", NOW.0 - 5)
    };
    new_id(receive_all(&store, vec![timed])[0]);
    assert_eq!(back_up(&store, &folder.file("a")).messages, 3);
    let raw = std::fs::read(folder.file("a")).unwrap();
    assert!(
        !raw.windows(3).any(|window| window == b"one"),
        "nothing is in the clear"
    );
}

#[test]
fn a_file_that_is_missing_here_comes_back_to_its_message() {
    let folder = Folder::new();
    let store = full();
    back_up(&store, &folder.file("a"));
    store
        .write::<_, StoreError>(|w| {
            w.conn.execute(
                "UPDATE attachments SET file = NULL, file_key = NULL, state = 1",
                [],
            )?;
            Ok(())
        })
        .unwrap();
    assert_eq!(bring_back(&store, &folder.file("a")), (0, 1));
    let rows = page(&store, bob(), Window::Newest, 10).rows;
    assert_eq!(files(&store, rows[2].id), [Some(vec![7; 100_000])]);
}

#[test]
fn blocking_is_kept_by_when_it_was_decided() {
    let folder = Folder::new();
    let blocked = full();
    blocked.write(|w| w.block(&bob(), NOW)).unwrap();
    back_up(&blocked, &folder.file("blocked"));
    let is_blocked = |store: &Store| conversation(store, bob()).contact.blocked;

    let new = new_device();
    bring_back(&new, &folder.file("blocked"));
    assert!(is_blocked(&new));
    new.write(|w| w.unblock(&bob(), LATER)).unwrap();
    bring_back(&new, &folder.file("blocked"));
    assert!(!is_blocked(&new));
}
