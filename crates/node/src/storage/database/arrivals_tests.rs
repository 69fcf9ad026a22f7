use std::path::PathBuf;

use proptest::prelude::*;
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::{ExpireRule, MessageHash, Namespace, NamespaceScope, compute_hash};
use tempfile::TempDir;

use super::*;
use crate::storage::Database;
use crate::storage::database::Page;

const NOW: TimestampMs = TimestampMs(1_700_000_000_123);

fn account(number: u8) -> AccountId {
    AccountId::from_bytes([number; 33])
}

fn message(account: AccountId, data: &[u8]) -> NewMessage<'_> {
    NewMessage {
        account,
        namespace: Namespace::MESSAGES,
        hash: compute_hash(account, Namespace::MESSAGES, data),
        timestamp: NOW,
        expiry: NOW.plus_ms(60_000),
        data,
    }
}

/// A database file, opened as often as one likes.
struct OnDisk(TempDir);

impl OnDisk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("messages.db")
    }

    fn journal(&self, number: usize) -> PathBuf {
        self.0.path().join(format!("messages.db-arrivals-{number}"))
    }

    fn open(&self) -> Database {
        Database::open(&self.path()).unwrap()
    }
}

#[track_caller]
fn take(database: &Database, message: &NewMessage<'_>) {
    let (kept, _) = database.take(message).expect("there is room");
    assert_eq!((kept.already, kept.expiry), (false, message.expiry));
}

#[track_caller]
fn read(database: &Database, account: AccountId) -> Vec<Vec<u8>> {
    let page = Page {
        max_count: None,
        max_len_bytes: usize::MAX,
    };
    let read = database.read(account, Namespace::MESSAGES, None, page).unwrap();
    read.messages.into_iter().map(|message| message.data).collect()
}

/// Messages in the tables alone.
fn in_tables(database: &Database) -> i64 {
    database
        .lock()
        .query_row("SELECT count(*) FROM messages", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn what_was_taken_is_read_in_the_order_of_arrival() {
    let disk = OnDisk::new();
    let database = disk.open();
    for data in [b"b", b"a", b"c"] {
        take(&database, &message(account(5), data));
    }
    take(&database, &message(account(6), b"other"));
    assert_eq!(in_tables(&database), 0);
    assert_eq!(read(&database, account(7)), Vec::<Vec<u8>>::new());
    assert_eq!(
        in_tables(&database),
        0,
        "nothing is moved for an account that has none"
    );
    assert_eq!(read(&database, account(5)), [b"b", b"a", b"c"]);
    assert_eq!(in_tables(&database), 4);
}

#[test]
fn what_was_taken_is_there_after_the_process_ended() {
    let disk = OnDisk::new();
    let database = disk.open();
    take(&database, &message(account(5), b"moved"));
    database.settle().unwrap();
    take(&database, &message(account(5), b"not moved"));
    assert_eq!(in_tables(&database), 1);
    drop(database);
    assert_eq!(in_tables(&disk.open()), 2);
    assert_eq!(
        read(&disk.open(), account(5)),
        [b"moved".to_vec(), b"not moved".to_vec()]
    );
}

#[test]
fn what_was_moved_and_deleted_does_not_come_back() {
    let disk = OnDisk::new();
    for round in 0_u8..5 {
        let database = disk.open();
        let data = [round];
        let new = message(account(5), &data);
        take(&database, &new);
        assert_eq!(database.delete(account(5), &[new.hash]).unwrap(), [new.hash]);
        drop(database);
        assert_eq!(disk.open().count().unwrap(), 0, "round {round}");
    }
}

#[test]
fn a_shorter_generation_hides_what_it_was_written_over() {
    let disk = OnDisk::new();
    let database = disk.open();
    // Both journals have a long generation, then one of them a short one.
    for data in [b"1a", b"1b", b"1c", b"2a", b"2b", b"2c"] {
        take(&database, &message(account(5), data));
        if data[1] == b'c' {
            database.settle().unwrap();
        }
    }
    let all = NamespaceScope::All;
    database.delete_until(account(5), all, None).unwrap();
    take(&database, &message(account(5), b"3"));
    drop(database);
    assert_eq!(read(&disk.open(), account(5)), [b"3"]);
}

#[test]
fn a_record_that_is_not_whole_is_left_out_with_all_behind_it() {
    let disk = OnDisk::new();
    let database = disk.open();
    for data in [b"first", b"other", b"third"] {
        take(&database, &message(account(5), data));
    }
    drop(database);
    let whole = std::fs::read(disk.journal(0)).unwrap();
    let record_len = (whole.len() - 8) / 3;
    for (kept, broken) in [
        (2, whole[..whole.len() - 1].to_vec()),
        (1, {
            let mut bytes = whole.clone();
            bytes[8 + 2 * record_len - 1] ^= 1;
            bytes
        }),
        (0, {
            let mut bytes = whole.clone();
            bytes[8] ^= 1;
            bytes
        }),
        (0, whole[..5].to_vec()),
    ] {
        let disk = OnDisk::new();
        std::fs::write(disk.journal(0), broken).unwrap();
        assert_eq!(in_tables(&disk.open()), kept);
    }
}

#[test]
fn a_message_that_is_known_is_not_taken() {
    let disk = OnDisk::new();
    let database = disk.open();
    let new = message(account(5), b"x");
    take(&database, &new);
    assert!(database.take(&new).is_none(), "while it has arrived");
    database.settle().unwrap();
    assert!(database.take(&new).is_none(), "when it is in the tables");
    let later = NewMessage {
        expiry: new.expiry.plus_ms(1),
        ..new
    };
    let kept = database.keep(&later).unwrap();
    assert_eq!((kept.already, kept.expiry), (true, later.expiry));
}

#[test]
fn a_message_that_has_arrived_counts_for_one_that_is_kept_in_the_tables() {
    let disk = OnDisk::new();
    let database = disk.open();
    let new = message(account(5), b"x");
    for keep in [
        |database: &Database, new: &NewMessage<'_>| database.keep(new).unwrap(),
        |database: &Database, new: &NewMessage<'_>| database.keep_all(&[*new]).unwrap()[0],
    ] {
        database
            .delete_until(account(5), NamespaceScope::All, None)
            .unwrap();
        take(&database, &new);
        assert!(keep(&database, &new).already);
    }
}

#[test]
fn every_change_and_question_knows_what_has_arrived() {
    let disk = OnDisk::new();
    let database = disk.open();
    let later = NOW.plus_ms(1_000);
    let scope = NamespaceScope::All;
    let asks: [&dyn Fn(MessageHash) -> bool; 6] = [
        &|hash| {
            let changes = [(hash, later)];
            let changed = database.expire(account(5), &changes, ExpireRule::Set);
            changed.unwrap().contains_key(&hash)
        },
        &|_| !database.expire_all(account(5), scope, later).unwrap().is_empty(),
        &|hash| database.expiries(account(5), [hash]).unwrap().contains_key(&hash),
        &|_| !database.delete_until(account(5), scope, None).unwrap().is_empty(),
        &|_| database.clean_up(NOW.plus_ms(60_000)).unwrap() == 1,
        &|hash| database.delete(account(5), &[hash]).unwrap() == [hash],
    ];
    for (number, ask) in asks.into_iter().enumerate() {
        database.delete_until(account(5), scope, None).unwrap();
        let new = message(account(5), b"x");
        take(&database, &new);
        assert!(ask(new.hash), "{number}");
    }
}

#[test]
fn boxes_of_one_message_and_databases_in_memory_take_none() {
    let disk = OnDisk::new();
    let database = disk.open();
    let outbox = (i16::MIN..0)
        .map(Namespace)
        .find(|namespace| namespace.is_public_outbox())
        .unwrap();
    let new = message(account(5), b"x");
    let to_outbox = NewMessage {
        namespace: outbox,
        ..new
    };
    assert!(database.take(&to_outbox).is_none());
    assert!(Database::in_memory().unwrap().take(&new).is_none());
}

#[test]
fn a_second_owner_reads_the_journals_and_takes_none() {
    let disk = OnDisk::new();
    let first = disk.open();
    take(&first, &message(account(5), b"x"));
    let second = disk.open();
    assert_eq!(read(&second, account(5)), [b"x"]);
    assert!(second.take(&message(account(5), b"y")).is_none());
    drop(first);
    assert!(second.take(&message(account(5), b"y")).is_none());
    drop(second);
    take(&disk.open(), &message(account(5), b"y"));
}

#[test]
fn moving_is_due_once_in_so_many_messages_and_bytes() {
    let disk = OnDisk::new();
    let database = disk.open();
    let mut due = Vec::new();
    for number in 1..=2 * DUE_COUNT {
        let data = number.to_be_bytes();
        let (_, urgency) = database.take(&message(account(5), &data)).unwrap();
        due.extend((urgency == Urgency::Due).then_some(number));
    }
    assert_eq!(due, [DUE_COUNT, 2 * DUE_COUNT]);
    let large = vec![1; DUE_LEN_BYTES];
    let (_, urgency) = database.take(&message(account(5), &large)).unwrap();
    assert_eq!(urgency, Urgency::Due);
}

#[test]
fn a_full_journal_takes_none_until_it_was_moved() {
    let disk = OnDisk::new();
    let database = disk.open();
    take(&database, &message(account(5), &vec![1; MAX_LEN_BYTES]));
    assert!(database.take(&message(account(6), b"x")).is_none());
    assert!(database.settle().unwrap() > MAX_LEN_BYTES);
    take(&database, &message(account(6), b"x"));
}

#[test]
fn messages_that_cannot_be_moved_stay_and_further_ones_are_not_taken() {
    let disk = OnDisk::new();
    let arrivals = Arrivals::open(&disk.path(), 0, |_| io::Result::Ok(())).unwrap();
    let take = |data: &[u8]| arrivals.take(&message(account(5), data), || Ok::<_, ()>(false));
    let data = |batch: &Batch| -> Vec<_> {
        batch
            .journal()
            .messages()
            .map(|message| message.data.to_vec())
            .collect()
    };
    assert_eq!(take(b"a"), Some(Urgency::None));
    // One comes while others are on their way.
    let fails = arrivals.move_all(|batch| {
        assert_eq!(data(batch), [b"a"]);
        assert_eq!(take(b"a"), None);
        assert_eq!(take(b"b"), Some(Urgency::None));
        Err(())
    });
    assert_eq!(fails, Err(()));
    assert_eq!(take(b"c"), None);
    assert!(arrivals.concern(&account(5)));
    let mut moved = Vec::new();
    let moves = |batch: &Batch| {
        moved.push(data(batch));
        Ok::<_, ()>(())
    };
    arrivals.move_all_of(&account(5), moves).unwrap();
    assert_eq!(moved, [[b"a"], [b"b"]]);
    assert!(!arrivals.concern(&account(5)));
    assert_eq!(take(b"c"), Some(Urgency::None));
}

proptest! {
    #[test]
    fn any_bytes_are_a_journal_without_messages(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let disk = OnDisk::new();
        std::fs::write(disk.journal(0), bytes).unwrap();
        prop_assert_eq!(Journal::open(&disk.journal(0)).unwrap().messages().count(), 0);
    }

    #[test]
    fn what_is_written_is_read(
        messages in proptest::collection::vec(
            (any::<[u8; 33]>(), any::<i16>(), any::<i64>(), any::<i64>(), proptest::collection::vec(any::<u8>(), 0..100)),
            0..5,
        ),
    ) {
        let messages: Vec<_> = messages
            .iter()
            .map(|(account, namespace, timestamp, expiry, data)| {
                let (account, namespace) = (AccountId::from_bytes(*account), Namespace(*namespace));
                NewMessage {
                    account,
                    namespace,
                    hash: compute_hash(account, namespace, data),
                    timestamp: TimestampMs(*timestamp),
                    expiry: TimestampMs(*expiry),
                    data,
                }
            })
            .collect();
        let disk = OnDisk::new();
        let mut journal = Journal::open(&disk.journal(0)).unwrap();
        journal.begin(7);
        for message in &messages {
            journal.append(message).unwrap();
        }
        prop_assert_eq!(journal.messages().collect::<Vec<_>>(), messages.clone());
        drop(journal);
        let journal = Journal::open(&disk.journal(0)).unwrap();
        prop_assert_eq!(journal.generation(), if messages.is_empty() { 0 } else { 7 });
        prop_assert_eq!(journal.messages().collect::<Vec<_>>(), messages);
    }
}
