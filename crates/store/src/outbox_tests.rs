//! Claiming, trying again, giving up, and what messages show meanwhile.

use super::*;
use crate::story::*;
use crate::*;

fn claim(store: &Store, at: i64) -> Vec<Delivery> {
    store.write(|w| w.claim_due(TimestampMs(at), 10)).unwrap()
}

fn status(store: &Store, id: MessageId) -> (Option<MessageStatus>, Option<String>) {
    let message = message(store, id);
    (message.status, message.failure)
}

#[test]
fn the_copy_for_my_devices_waits_for_the_recipient() {
    let store = store();
    let id = send(&store, bob(), "hi", 10);
    assert_eq!(status(&store, id), (Some(MessageStatus::Queued), None));
    let first = claim(&store, 10);
    assert_eq!(
        first.iter().map(|d| (d.step, d.account_id)).collect::<Vec<_>>(),
        [(Step::Recipient, bob())]
    );
    assert_eq!((first[0].message, first[0].conversation), (Some(id), Some(bob())));
    assert_eq!(status(&store, id).0, Some(MessageStatus::Sending));
    assert_eq!(claim(&store, 10), []);

    store.write(|w| w.mark_sent(first[0].id, &hash(1))).unwrap();
    assert_eq!(status(&store, id).0, Some(MessageStatus::Sent));
    let second = claim(&store, 11);
    assert_eq!(
        second.iter().map(|d| (d.step, d.account_id)).collect::<Vec<_>>(),
        [(Step::SyncCopy, me())]
    );
    store.write(|w| w.mark_sent(second[0].id, &hash(2))).unwrap();
    assert_eq!(status(&store, id).0, Some(MessageStatus::Sent));
    assert_eq!(store.read::<_, StoreError>(|r| r.count_queued()).unwrap(), 0);
}

#[test]
fn a_failed_try_waits_and_keeps_its_bytes() {
    let store = store();
    let id = send(&store, bob(), "hi", 10);
    let first = claim(&store, 10).remove(0);
    store
        .write(|w| w.record_attempt(first.id, TimestampMs(5_010), Some("E-SEND-NET")))
        .unwrap();
    assert_eq!(
        status(&store, id),
        (Some(MessageStatus::Queued), Some("E-SEND-NET".to_owned()))
    );
    assert_eq!(
        store.read::<_, StoreError>(|r| r.next_due()).unwrap(),
        Some(TimestampMs(5_010))
    );
    assert_eq!(claim(&store, 5_009), []);
    let again = claim(&store, 5_010).remove(0);
    assert_eq!(again, Delivery { attempts: 1, ..first });
    assert_eq!(status(&store, id), (Some(MessageStatus::Sending), None));
}

#[test]
fn what_was_given_up_goes_again_by_hand_with_the_same_bytes() {
    let store = store();
    let id = send(&store, bob(), "hi", 10);
    let first = claim(&store, 10).remove(0);
    store.write(|w| w.give_up(first.id, "E-SEND-REFUSED")).unwrap();
    assert_eq!(
        status(&store, id),
        (Some(MessageStatus::Failed), Some("E-SEND-REFUSED".to_owned()))
    );
    assert_eq!(claim(&store, i64::MAX), []);
    assert_eq!(
        store.read::<_, StoreError>(|r| r.count_queued()).unwrap(),
        1,
        "the copy still waits for its turn"
    );

    store.write(|w| w.retry(id, TimestampMs(99))).unwrap();
    assert_eq!(status(&store, id), (Some(MessageStatus::Queued), None));
    let again = claim(&store, 99).remove(0);
    assert_eq!(
        again,
        Delivery {
            attempts: 0,
            since: TimestampMs(99),
            ..first
        }
    );
    store.write(|w| w.retry(id, TimestampMs(99))).unwrap();
    assert_eq!(claim(&store, 99), [], "it is being tried already");
    let theirs = new_id(receive(&store, bob(), "theirs", 200));
    assert!(matches!(
        store.write(|w| w.retry(theirs, TimestampMs(300))),
        Err(StoreError::NotFound)
    ));
}

#[test]
fn a_copy_that_was_given_up_leaves_the_message_delivered() {
    let store = store();
    let id = send(&store, bob(), "hi", 10);
    let first = claim(&store, 10).remove(0);
    store.write(|w| w.mark_sent(first.id, &hash(1))).unwrap();
    let copy = claim(&store, 10).remove(0);
    store
        .write(|w| w.record_attempt(copy.id, TimestampMs(20), Some("E-SEND-NET")))
        .unwrap();
    assert_eq!(status(&store, id), (Some(MessageStatus::Sent), None));
    let copy = claim(&store, 20).remove(0);
    store.write(|w| w.give_up(copy.id, "E-SEND-NET")).unwrap();
    assert_eq!(status(&store, id).0, Some(MessageStatus::SyncFailed));
    store.write(|w| w.retry(id, TimestampMs(30))).unwrap();
    assert_eq!(status(&store, id).0, Some(MessageStatus::Sent));
    assert_eq!(claim(&store, 30).len(), 1);
}

#[test]
fn the_connection_coming_back_wakes_everything() {
    let store = store();
    for (at, who) in [(10, bob()), (20, carol())] {
        send(&store, who, "hi", at);
    }
    for delivery in claim(&store, 20) {
        store
            .write(|w| w.record_attempt(delivery.id, TimestampMs(900_000), None))
            .unwrap();
    }
    store.write(|w| w.wake_waiting(TimestampMs(30))).unwrap();
    assert_eq!(claim(&store, 30).len(), 2);
}

#[test]
fn deleting_a_message_cancels_it() {
    let store = store();
    let id = send(&store, bob(), "hi", 10);
    let first = claim(&store, 10).remove(0);
    store.write(|w| w.delete_message(id)).unwrap();
    store.write(|w| w.mark_sent(first.id, &hash(1))).unwrap();
    store
        .write(|w| w.record_attempt(first.id, TimestampMs(1), None))
        .unwrap();
    store.write(|w| w.give_up(first.id, "late")).unwrap();
    assert_eq!(store.read::<_, StoreError>(|r| r.count_queued()).unwrap(), 0);
}

#[test]
fn control_messages_need_no_row_and_leave_without_one() {
    let store = store();
    store
        .write(|w| w.queue_control(&[delivery(Step::Recipient, bob())], TimestampMs(10)))
        .unwrap();
    let control = claim(&store, 10).remove(0);
    assert_eq!((control.message, control.conversation), (None, None));
    store.write(|w| w.give_up(control.id, "E-SEND-REFUSED")).unwrap();
    assert_eq!(claim(&store, i64::MAX), []);
    assert_eq!(store.read::<_, StoreError>(|r| r.count_queued()).unwrap(), 0);
}

#[test]
fn note_to_self_is_one_delivery_whose_hash_is_my_own() {
    let store = store();
    let text = NewText {
        quote: None,
        to: me(),
        body: "note".to_owned(),
        sent_at: TimestampMs(10),
        now: TimestampMs(10),
        deliveries: vec![delivery(Step::Recipient, me())],
        disappearing: None,
    };
    let id = store.write(|w| w.queue_text(&text)).unwrap();
    let only = claim(&store, 10).remove(0);
    store.write(|w| w.mark_sent(only.id, &hash(7))).unwrap();
    let kept: String = store
        .read::<_, StoreError>(|r| {
            Ok(r.conn
                .query_row("SELECT own_hash FROM messages WHERE id = ?1", [id], |row| {
                    row.get(0)
                })?)
        })
        .unwrap();
    assert_eq!(kept, hash(7).as_str());
}
