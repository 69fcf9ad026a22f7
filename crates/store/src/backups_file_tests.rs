//! Backups: what a wrong, a cut and a stopped one leaves, schedules, time, and any order of events.

use std::path::PathBuf;

use backup::{OpenError, Passphrase};
use proptest::prelude::*;

use super::tests::*;
use super::*;
use crate::story::*;
use crate::*;

#[test]
fn another_account_and_another_passphrase_are_refused_before_anything_is_taken() {
    let folder = Folder::new();
    back_up(&full(), &folder.file("a"));
    let stranger = Store::in_memory().unwrap();
    let account = NewAccount {
        account_id: carol(),
        ..new_account()
    };
    stranger.write(|w| w.create_account(&account)).unwrap();
    let file = open_backup(&folder.file("a"), &passphrase()).unwrap();
    let refused = stranger.bring_back(&file, LATER, &mut unwatched);
    assert!(matches!(refused, Err(BackupError::OtherAccount)));
    assert_eq!(listed(&stranger, ConversationList::Home), []);

    let wrong = Passphrase::parse("abbey zoom amount fading tossed abbey").unwrap();
    let file = open_backup(&folder.file("a"), &wrong).unwrap();
    let refused = new_device().bring_back(&file, LATER, &mut unwatched);
    assert!(matches!(
        refused,
        Err(BackupError::Open(OpenError::WrongKeyOrDamaged))
    ));
}

#[test]
fn a_file_that_is_cut_or_changed_leaves_everything_as_it_was() {
    let folder = Folder::new();
    back_up(&full(), &folder.file("a"));
    let whole = std::fs::read(folder.file("a")).unwrap();
    let new = new_device();
    let mut flipped = whole.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    for bytes in [&whole[..whole.len() - 1], &whole[..70_000], &flipped] {
        std::fs::write(folder.file("b"), bytes).unwrap();
        let file = open_backup(&folder.file("b"), &passphrase()).unwrap();
        let refused = new.bring_back(&file, LATER, &mut unwatched);
        assert!(matches!(
            refused,
            Err(BackupError::Open(OpenError::WrongKeyOrDamaged))
        ));
        assert_eq!(listed(&new, ConversationList::Home), []);
    }
    for bytes in [
        &b""[..],
        b"TERNBAK",
        b"something else, and long enough to have been a head of a backup file",
    ] {
        std::fs::write(folder.file("b"), bytes).unwrap();
        let refused = open_backup(&folder.file("b"), &passphrase());
        assert!(matches!(refused, Err(BackupError::Open(OpenError::NotABackup))));
    }
}

#[test]
fn whoever_stops_a_backup_finds_the_older_file_whole_and_no_half_one() {
    let folder = Folder::new();
    let store = full();
    back_up(&store, &folder.file("a"));
    let before = std::fs::read(folder.file("a")).unwrap();
    let mut steps = 0;
    let stopped = store.back_up(&folder.file("a"), &order(), &mut rng(), &mut |progress| {
        assert!(progress.done <= progress.total);
        steps += 1;
        match steps {
            2 => ControlFlow::Break(Ending::Cancelled),
            _ => ControlFlow::Continue(()),
        }
    });
    assert!(matches!(stopped, Err(BackupError::Cancelled)));
    assert_eq!(std::fs::read(folder.file("a")).unwrap(), before);
    assert_eq!(folder.names(), ["a"]);

    std::fs::write(folder.file(".b.part"), b"left by a killed process").unwrap();
    back_up(&store, &folder.file("b"));
    assert_eq!(folder.names(), ["a", "b"]);
}

#[test]
fn a_restore_that_was_interrupted_is_finished_by_the_next() {
    for ending in [Ending::Cancelled, Ending::Closing] {
        interrupted(ending);
    }
}

fn interrupted(ending: Ending) {
    let folder = Folder::new();
    let store = store();
    for number in 0..1_000 {
        receive(
            &store,
            bob(),
            &format!("message {number}"),
            NOW.0 - 10_000 + number,
        );
    }
    back_up(&store, &folder.file("a"));
    let new = new_device();
    let file = open_backup(&folder.file("a"), &passphrase()).unwrap();
    let stopped = new.bring_back(
        &file,
        LATER,
        &mut |progress| match progress.done * 4 > progress.total * 3 {
            true => ControlFlow::Break(ending),
            false => ControlFlow::Continue(()),
        },
    );
    let remembered = new.read::<_, StoreError>(|r| r.restore_under_way()).unwrap();
    match ending {
        Ending::Cancelled => {
            assert!(matches!(stopped, Err(BackupError::Cancelled)));
            assert_eq!(remembered, None);
        }
        Ending::Closing => {
            assert!(matches!(stopped, Err(BackupError::Closing)));
            assert_eq!(remembered.unwrap().path, folder.file("a"));
        }
    }
    assert_counts_hold(&new);
    let half = count(&new, "messages");
    assert!((1..1_000).contains(&half), "{half} came");
    assert_eq!(bring_back(&new, &folder.file("a")).0, 1_000 - half);
}

#[test]
fn a_restore_is_remembered_while_it_is_under_way() {
    let folder = Folder::new();
    back_up(&full(), &folder.file("a"));
    let new = new_device();
    let file = open_backup(&folder.file("a"), &passphrase()).unwrap();
    let seen = |store: &Store| store.read::<_, StoreError>(|r| r.restore_under_way()).unwrap();
    let expected = UnderWay {
        path: folder.file("a"),
        key: order().key,
    };
    let mut steps = 0;
    let mut watch = |_| {
        steps += 1;
        assert_eq!(seen(&new), Some(expected.clone()), "from the first step on");
        ControlFlow::Continue(())
    };
    new.bring_back(&file, LATER, &mut watch).unwrap();
    assert!(steps > 1);
    assert_eq!(seen(&new), None);
    // One that fails is not tried at each start.
    std::fs::remove_file(folder.file("a")).unwrap();
    let gone = new.bring_back(&file, LATER, &mut unwatched);
    assert!(matches!(gone, Err(BackupError::Io(_))));
    assert_eq!(seen(&new), None);
}

#[test]
fn writing_goes_on_while_a_backup_is_made_and_is_not_in_it() {
    let folder = Folder::new();
    let store = store_at(&folder.file("tern.db"));
    for number in 0..50 {
        receive(&store, bob(), &format!("message {number}"), NOW.0 + number);
    }
    let mut written = 0;
    let made = store
        .back_up(&folder.file("a"), &order(), &mut rng(), &mut |_| {
            receive(
                &store,
                bob(),
                &format!("meanwhile {written}"),
                NOW.0 + 1_000 + written,
            );
            written += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(written > 10);
    assert_eq!(made.messages, 50);
}

#[test]
fn the_account_is_in_a_backup_only_when_asked_for() {
    let folder = Folder::new();
    let store = full();
    let check = |name: &str| {
        let file = open_backup(&folder.file(name), &passphrase()).unwrap();
        file.check(&mut unwatched).unwrap()
    };
    back_up(&store, &folder.file("without"));
    assert_eq!(check("without").identity, None);
    let with = BackupOrder {
        include_account: true,
        ..order()
    };
    store
        .back_up(&folder.file("with"), &with, &mut rng(), &mut unwatched)
        .unwrap();
    let checked = check("with");
    assert_eq!((checked.account, checked.made_at), (me(), MADE));
    assert_eq!(checked.identity.unwrap().seed, "09".repeat(16));
}

#[test]
fn a_schedule_is_kept_and_only_its_newest_files_are() {
    let store = store();
    let schedule = BackupSchedule {
        every_days: 7,
        folder: PathBuf::from("/backups"),
        include_account: true,
        key: order().key,
        due_at: NOW,
        failure: Some("E-DISK".to_owned()),
    };
    store.write(|w| w.set_backup_schedule(Some(&schedule))).unwrap();
    let kept = || store.read::<_, StoreError>(|r| r.backup_schedule()).unwrap();
    assert_eq!(kept(), Some(schedule));
    let record = |name: &str, at: i64| {
        let path = PathBuf::from(name);
        store
            .write(|w| w.record_scheduled_backup(&path, TimestampMs(at), 2))
            .unwrap()
    };
    assert_eq!(record("a", 1), Vec::<PathBuf>::new());
    assert_eq!(record("b", 2), Vec::<PathBuf>::new());
    assert_eq!(record("c", 3), [PathBuf::from("a")]);
    assert_eq!(record("c", 4), Vec::<PathBuf>::new());
    store.write(|w| w.set_backup_schedule(None)).unwrap();
    assert_eq!(kept(), None);
}

#[test]
fn a_backup_of_ten_thousand_messages_takes_moments() {
    let folder = Folder::new();
    let store = store();
    for batch in 0..20 {
        let messages = (0..500).map(|number| {
            let at = batch * 500 + number;
            text(
                bob(),
                bob(),
                &format!("message number {at} of many"),
                NOW.0 - 100_000 + at,
            )
        });
        receive_all(&store, messages.collect());
    }
    let begun = std::time::Instant::now();
    assert_eq!(back_up(&store, &folder.file("a")).messages, 10_000);
    let made = begun.elapsed();
    assert_eq!(bring_back(&new_device(), &folder.file("a")).0, 10_000);
    let brought = begun.elapsed() - made;
    eprintln!("10,000 messages: {made:?} to back up, {brought:?} to bring back");
    // Tests run beside others on small machines; this only notices what grows with the square.
    assert!(
        made.as_secs() < 20 && brought.as_secs() < 60,
        "{made:?} {brought:?}"
    );
}

/// What may happen to a store between two backups.
#[derive(Clone, Debug)]
enum Event {
    Receive(u8),
    Send(u8),
    Delete(u8),
    Clear,
    DeleteConversation,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0_u8..40).prop_map(Event::Receive),
        3 => (0_u8..40).prop_map(Event::Send),
        4 => (0_u8..40).prop_map(Event::Delete),
        1 => Just(Event::Clear),
        1 => Just(Event::DeleteConversation),
    ]
}

fn happen(store: &Store, now: i64, event: &Event) {
    match event {
        // Twice the same number is twice the same message.
        Event::Receive(number) => {
            let message = text(
                bob(),
                bob(),
                &format!("theirs {number}"),
                NOW.0 + i64::from(*number),
            );
            let batch = ReceivedBatch {
                now: TimestampMs(now),
                ..batch(vec![item(message)])
            };
            store.write(|w| w.insert_received(&batch)).unwrap();
        }
        Event::Send(number) => {
            send(store, bob(), &format!("mine {number} {now}"), now);
        }
        Event::Delete(number) => {
            let rows = page(store, bob(), Window::Newest, 200).rows;
            if let Some(row) = rows.get(usize::from(*number)) {
                store.write(|w| w.delete_message(row.id)).unwrap();
            }
        }
        Event::Clear => store.write(|w| w.clear_messages(&bob())).unwrap(),
        Event::DeleteConversation => store
            .write(|w| w.delete_conversation(&bob(), TimestampMs(now)))
            .unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_restore_is_the_union_without_anything_that_was_removed(
        before in proptest::collection::vec(event(), 0..25),
        after in proptest::collection::vec(event(), 0..25),
    ) {
        let folder = Folder::new();
        let store = store();
        let mut now = NOW.0 + 1_000;
        for event in &before {
            now += 1_000;
            happen(&store, now, event);
        }
        let then = texts(&store, bob());
        now += 1_000;
        let order = BackupOrder { made_at: TimestampMs(now), ..order() };
        store.back_up(&folder.file("a"), &order, &mut rng(), &mut unwatched).unwrap();
        for event in &after {
            now += 1_000;
            happen(&store, now, event);
        }
        // Whatever was in the backup and is not here was removed here.
        let here = texts(&store, bob());
        let unread = store.read::<_, StoreError>(|r| r.conversation(&bob())).unwrap().map(|c| c.unread);
        prop_assert_eq!(bring_back(&store, &folder.file("a")), (0, 0));
        prop_assert_eq!(&texts(&store, bob()), &here);
        let unread_after = store.read::<_, StoreError>(|r| r.conversation(&bob())).unwrap().map(|c| c.unread);
        prop_assert_eq!(unread_after.unwrap_or(0), unread.unwrap_or(0));

        // A device that lost everything has what was in the backup, and one that lost a part gets the rest.
        let new = new_device();
        bring_back(&new, &folder.file("a"));
        prop_assert_eq!(texts(&new, bob()), then.clone());
        let other = new_device();
        happen(&other, NOW.0 + 900, &Event::Receive(3));
        bring_back(&other, &folder.file("a"));
        let mut union = then;
        union.push("theirs 3".to_owned());
        union.sort();
        union.dedup();
        let mut there = texts(&other, bob());
        there.sort();
        prop_assert_eq!(there, union);
        prop_assert_eq!(bring_back(&other, &folder.file("a")), (0, 0));
    }
}
