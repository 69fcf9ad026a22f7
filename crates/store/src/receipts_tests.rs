use super::*;
use crate::story::*;
use crate::*;

/// An accepted conversation with Bob, read receipts on.
fn store_with_bob() -> Store {
    let store = store();
    receive(&store, bob(), "hello", 1);
    store
        .write::<_, StoreError>(|w| {
            w.approve(&bob(), NOW)?;
            turn(w, true)
        })
        .unwrap();
    store
}

fn turn(writing: &Writing<'_>, on: bool) -> Result<(), StoreError> {
    let preferences = Preferences {
        read_receipts: on,
        ..writing.preferences()?
    };
    writing.set_preferences(&preferences)
}

fn owe(store: &Store, up_to: i64) {
    store
        .write(|w| w.owe_receipts(&bob(), TimestampMs(up_to)))
        .unwrap();
}

fn take(store: &Store, limit: u32) -> Vec<i64> {
    let times = store.write(|w| w.take_owed_receipts(&bob(), limit)).unwrap();
    times.into_iter().map(|time| time.0).collect()
}

fn read_by_bob(store: &Store, times: &[i64]) -> Outcome {
    let item = Received {
        hash: hash(times.iter().fold(1_000_u64, |sum, time| {
            sum.wrapping_mul(31).wrapping_add(time.unsigned_abs())
        })),
        seen_until: NOW.plus_ms(DAY),
        message: None,
        control: Some(ReceivedControl {
            conversation: bob(),
            author: bob(),
            sent_at: NOW,
            control: Control::Read(times.iter().copied().map(TimestampMs).collect()),
        }),
    };
    store.write(|w| w.insert_received(&batch(vec![item]))).unwrap()[0]
}

/// Sends everything that is queued to Bob.
fn deliver_all(store: &Store) {
    store
        .write::<_, StoreError>(|w| {
            for number in 0..10 {
                for delivery in w.claim_due(NOW.plus_ms(DAY), 10)? {
                    w.mark_sent(delivery.id, &hash(number))?;
                }
            }
            Ok(())
        })
        .unwrap();
}

fn status(store: &Store, id: MessageId) -> Option<MessageStatus> {
    message(store, id).status
}

#[test]
fn rrc_01_what_was_unread_is_owed_once() {
    let store = store_with_bob();
    for at in [10, 20, 30] {
        receive(&store, bob(), "text", at);
    }
    receive_all(&store, vec![text(bob(), me(), "from my other device", 5)]);
    owe(&store, 20);
    assert_eq!(store.read(|r| r.owed_receipts()).unwrap(), [bob()]);
    assert_eq!(take(&store, 1), [10]);
    assert_eq!(take(&store, 9), [20]);
    assert_eq!(take(&store, 9), [] as [i64; 0]);
    assert_eq!(store.read(|r| r.owed_receipts()).unwrap(), []);
}

#[test]
fn rrc_02_nobody_is_told_who_is_not_accepted_or_while_receipts_are_off() {
    let store = store_with_bob();
    receive(&store, bob(), "text", 10);
    store.write(|w| turn(w, false)).unwrap();
    owe(&store, 10);
    assert_eq!(take(&store, 9), [] as [i64; 0]);
    store.write(|w| turn(w, true)).unwrap();
    store.write(|w| w.block(&bob(), NOW)).unwrap();
    owe(&store, 10);
    assert_eq!(take(&store, 9), [] as [i64; 0]);
    receive(&store, carol(), "may I?", 10);
    store.write(|w| w.owe_receipts(&carol(), NOW)).unwrap();
    assert_eq!(store.read(|r| r.owed_receipts()).unwrap(), []);
}

#[test]
fn rrc_03_a_receipt_marks_what_was_sent() {
    let store = store_with_bob();
    let (first, second) = (send(&store, bob(), "one", 100), send(&store, bob(), "two", 200));
    deliver_all(&store);
    assert_eq!(read_by_bob(&store, &[100]), Outcome::ChangedMany);
    assert_eq!(
        (status(&store, first), status(&store, second)),
        (Some(MessageStatus::Read), Some(MessageStatus::Sent))
    );
    assert_eq!(
        read_by_bob(&store, &[100, 77]),
        Outcome::Dropped,
        "known already, or nothing"
    );
    store.write(|w| turn(w, false)).unwrap();
    assert_eq!(read_by_bob(&store, &[200]), Outcome::Dropped);
    assert_eq!(
        status(&store, second),
        Some(MessageStatus::Sent),
        "off here is off"
    );
}

#[test]
fn rrc_04_a_receipt_that_comes_early_waits_for_its_message() {
    let store = store_with_bob();
    let queued = send(&store, bob(), "the answer was lost", 100);
    assert_eq!(read_by_bob(&store, &[100, 300]), Outcome::Dropped);
    assert_eq!(status(&store, queued), Some(MessageStatus::Queued));
    deliver_all(&store);
    assert_eq!(status(&store, queued), Some(MessageStatus::Read));

    let copy = new_id(receive_all(&store, vec![text(bob(), me(), "from my other device", 300)])[0]);
    assert_eq!(status(&store, copy), Some(MessageStatus::Read));
}

#[test]
fn rrc_05_early_receipts_are_few_and_do_not_wait_for_ever() {
    let store = store_with_bob();
    let times: Vec<i64> = (1_000..1_000 + i64::from(MOST_EARLY) + 50).collect();
    read_by_bob(&store, &times[..40]);
    read_by_bob(&store, &times);
    let count = |store: &Store| {
        store
            .read::<_, StoreError>(|r| {
                Ok(r.conn
                    .query_row("SELECT count(*) FROM early_receipts", [], |row| {
                        row.get::<_, u32>(0)
                    })?)
            })
            .unwrap()
    };
    assert_eq!(count(&store), MOST_EARLY);
    store.write(|w| w.purge_expired(NOW.plus_ms(EARLY_MS))).unwrap();
    assert_eq!(count(&store), 0);
}

#[test]
fn rrc_06_receipts_of_people_who_are_not_accepted_change_nothing() {
    let store = store();
    store.write(|w| turn(w, true)).unwrap();
    receive(&store, bob(), "may I?", 1);
    assert_eq!(read_by_bob(&store, &[100]), Outcome::Dropped);
    store.write(|w| w.approve(&bob(), NOW)).unwrap();
    let sent = send(&store, bob(), "yes", 100);
    deliver_all(&store);
    assert_eq!(
        status(&store, sent),
        Some(MessageStatus::Sent),
        "nothing was kept"
    );
}
