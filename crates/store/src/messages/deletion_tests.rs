//! What was taken back is never shown again, whatever comes in whatever order.

use super::*;
use crate::story::*;
use crate::*;

fn unsend(sender: AccountId, target: (AccountId, i64), at: i64) -> Received {
    let control = ReceivedControl {
        conversation: sender,
        author: sender,
        sent_at: TimestampMs(at),
        control: Control::Unsend(MessageName {
            author: target.0,
            sent_at: TimestampMs(target.1),
        }),
    };
    let name = format!("{control:?}");
    Received {
        hash: compute_hash(me(), protocol::storage::Namespace(0), name.as_bytes()),
        seen_until: NOW.plus_ms(DAY),
        message: None,
        control: Some(control),
    }
}

fn take(store: &Store, items: Vec<Received>) -> Vec<Outcome> {
    store.write(|w| w.insert_received(&batch(items))).unwrap()
}

fn kinds(store: &Store, with: AccountId) -> Vec<(MessageKind, String)> {
    let rows = page(store, with, Window::Newest, 50).rows;
    rows.into_iter().map(|row| (row.kind, row.body)).collect()
}

/// Hashes that the swarm is to delete, in order.
fn doomed(store: &Store) -> Vec<MessageHash> {
    let mut hashes = store.write(|w| w.claim_swarm_deletions(NOW, 100)).unwrap().hashes;
    hashes.sort();
    hashes
}

fn line() -> (MessageKind, String) {
    (MessageKind::Deleted, String::new())
}

#[test]
fn del_02_the_author_takes_a_message_back_and_a_line_without_content_stays() {
    let store = store();
    let message = item(text(bob(), bob(), "a secret", 10));
    let hash = message.hash;
    let id = new_id(take(&store, vec![message])[0]);
    receive(&store, bob(), "later", 20);
    let reaction = NewReaction {
        target: MessageName {
            author: bob(),
            sent_at: TimestampMs(10),
        },
        emoji: "😂".to_owned(),
        given: true,
    };
    store
        .write(|w| w.react(id, &reaction, TimestampMs(30), &[], NOW))
        .unwrap();

    let outcome = take(&store, vec![unsend(bob(), (bob(), 10), 40)])[0];
    assert_eq!(
        outcome,
        Outcome::Changed {
            id,
            conversation: bob()
        }
    );
    assert_eq!(
        kinds(&store, bob()),
        [line(), (MessageKind::Text, "later".to_owned())]
    );
    assert_eq!(conversation(&store, bob()).unread, 1);
    assert_eq!(
        store.read::<_, StoreError>(|r| r.reactions(id)).unwrap(),
        [],
        "nothing hangs on it any more"
    );
    assert_eq!(doomed(&store), [hash]);
    assert_counts_hold(&store);
}

#[test]
fn del_02_nobody_takes_back_what_somebody_else_wrote() {
    let store = store();
    send(&store, bob(), "mine", 10);
    receive(&store, carol(), "hers", 11);
    take(
        &store,
        vec![unsend(bob(), (me(), 10), 20), unsend(bob(), (carol(), 11), 21)],
    );
    assert_eq!(kinds(&store, bob()), [(MessageKind::Text, "mine".to_owned())]);
    assert_eq!(kinds(&store, carol()), [(MessageKind::Text, "hers".to_owned())]);
    store.write(|w| w.block(&carol(), NOW)).unwrap();
    take(&store, vec![unsend(carol(), (carol(), 11), 22)]);
    assert_eq!(kinds(&store, carol()), [(MessageKind::Text, "hers".to_owned())]);
}

#[test]
fn del_04_what_is_taken_back_before_it_comes_never_shows() {
    let store = store();
    take(&store, vec![unsend(bob(), (bob(), 10), 20)]);
    let message = item(text(bob(), bob(), "too late", 10));
    let hash = message.hash;
    assert_eq!(take(&store, vec![message]), [Outcome::Known { id: None }]);
    assert_eq!(kinds(&store, bob()), []);
    assert_eq!(listed(&store, ConversationList::Requests), []);
    assert_eq!(doomed(&store), [hash], "it lies on the swarm still");
    // Another sealing of the same message, after the request was forgotten.
    store
        .write(|w| w.purge_early_unsends(NOW.plus_ms(40 * DAY)))
        .unwrap();
    let again = item(text(bob(), bob(), "too late again", 10));
    assert_eq!(take(&store, vec![again]), [Outcome::Known { id: None }]);
    assert_eq!(kinds(&store, bob()), []);
}

#[test]
fn del_04_requests_of_my_other_device_may_come_first_too() {
    let store = store();
    take(
        &store,
        vec![unsend(me(), (me(), 10), 20), unsend(me(), (bob(), 11), 21)],
    );
    receive_all(
        &store,
        vec![
            text(bob(), me(), "a copy of mine", 10),
            text(bob(), bob(), "deleted on my devices", 11),
            text(bob(), bob(), "another", 12),
        ],
    );
    assert_eq!(kinds(&store, bob()), [(MessageKind::Text, "another".to_owned())]);
}

#[test]
fn del_04_a_second_sealing_does_not_bring_it_back() {
    let store = store();
    let id = new_id(receive(&store, bob(), "first", 10));
    take(&store, vec![unsend(bob(), (bob(), 10), 20)]);
    let again = item(text(bob(), bob(), "second sealing", 10));
    assert_eq!(take(&store, vec![again]), [Outcome::Known { id: None }]);
    assert_eq!(kinds(&store, bob()), [line()]);
    store.write(|w| w.delete_message(id)).unwrap();
    let again = item(text(bob(), bob(), "third sealing", 10));
    assert_eq!(take(&store, vec![again]), [Outcome::Known { id: None }]);
    assert_eq!(kinds(&store, bob()), []);
}

#[test]
fn del_04_a_message_and_its_end_may_come_in_one_batch() {
    let store = store();
    let message = item(text(bob(), bob(), "short", 10));
    take(&store, vec![message, unsend(bob(), (bob(), 10), 20)]);
    assert_eq!(kinds(&store, bob()), [line()]);
    assert_eq!(conversation(&store, bob()).unread, 0);
    assert_counts_hold(&store);
    let note = item(text(me(), me(), "note", 30));
    take(&store, vec![note, unsend(me(), (me(), 30), 40)]);
    assert_eq!(kinds(&store, me()), [], "a note leaves nothing");
    assert_counts_hold(&store);
}

#[test]
fn del_05_no_more_than_500_requests_of_a_person_wait() {
    let store = store();
    store.write(|w| w.approve(&bob(), NOW)).unwrap();
    let items = (0..505)
        .map(|at| unsend(bob(), (bob(), at), 5_000 + at))
        .collect();
    take(&store, items);
    let waiting = |store: &Store| -> i64 {
        store
            .read::<_, StoreError>(|r| {
                Ok(r.conn
                    .query_row("SELECT count(*) FROM early_takebacks", [], |row| row.get(0))?)
            })
            .unwrap()
    };
    assert_eq!(waiting(&store), 500);
    let of_strangers = (100..605)
        .map(|number| unsend(person(number), (person(number), 1), 9_000))
        .collect();
    take(&store, of_strangers);
    assert_eq!(
        waiting(&store),
        1_000,
        "strangers share a quota and take nobody's"
    );
    assert_eq!(
        store.read::<_, StoreError>(|r| r.contact(&person(105))).unwrap(),
        None,
        "and are not known by it"
    );
    take(&store, vec![item(text(bob(), bob(), "taken back", 504))]);
    assert_eq!(kinds(&store, bob()), [], "what Bob asked for is not forgotten");
    store.write(|w| w.purge_expired(NOW.plus_ms(46 * DAY))).unwrap();
    assert_eq!(waiting(&store), 0);
}

#[test]
fn del_03_taking_back_stops_what_is_under_way_and_queues_what_tells_of_it() {
    let store = store();
    let id = send(&store, bob(), "oops", 10);
    let sent = store.write(|w| w.claim_due(NOW, 10)).unwrap();
    let order = TakeBack {
        message: id,
        leaves: Leaves::Line,
        deliveries: vec![delivery(Step::Recipient, bob()), delivery(Step::SyncCopy, me())],
        now: NOW,
    };
    store.write(|w| w.take_back(&order)).unwrap();
    assert_eq!(kinds(&store, bob()), [line()]);
    assert_eq!(message(&store, id).status, Some(MessageStatus::Queued));
    // The copy was never stored; should it be under way, it is deleted all the same.
    let copy = compute_hash(me(), protocol::storage::Namespace(0), &[1, 2, 3]);
    assert_eq!(doomed(&store), [copy]);
    store.write(|w| w.mark_sent(sent[0].id, &hash(1))).unwrap();
    assert_eq!(message(&store, id).status, Some(MessageStatus::Queued));

    let due = store.write(|w| w.claim_due(NOW, 10)).unwrap();
    assert_eq!(
        due.iter().map(|d| (d.step, d.takes_back)).collect::<Vec<_>>(),
        [(Step::Recipient, true)]
    );
    store
        .write(|w| w.record_attempt(due[0].id, NOW.plus_ms(DAY), Some("why")))
        .unwrap();
    assert_eq!(message(&store, id).failure.as_deref(), Some("why"));
    store.write(|w| w.retry(id, NOW)).unwrap();
    let due = store.write(|w| w.claim_due(NOW, 10)).unwrap();
    store.write(|w| w.mark_sent(due[0].id, &hash(2))).unwrap();
    let due = store.write(|w| w.claim_due(NOW, 10)).unwrap();
    assert_eq!((due[0].step, due[0].takes_back), (Step::SyncCopy, true));
    store.write(|w| w.mark_sent(due[0].id, &hash(3))).unwrap();
    assert_eq!(message(&store, id).status, Some(MessageStatus::Sent));
    let own = store.read::<_, StoreError>(|r| r.own_hash(id)).unwrap();
    assert_eq!(own, None, "the request's hash is not the message's");
}

#[test]
fn del_06_a_note_goes_without_a_line() {
    let store = store();
    let id = send(&store, me(), "note", 10);
    store
        .write(|w| {
            w.take_back(&TakeBack {
                message: id,
                leaves: Leaves::Nothing,
                deliveries: vec![delivery(Step::SyncCopy, me())],
                now: NOW,
            })
        })
        .unwrap();
    assert_eq!(kinds(&store, me()), []);
    let due = store.write(|w| w.claim_due(NOW, 10)).unwrap();
    assert_eq!(
        due.iter().map(|d| (d.message, d.takes_back)).collect::<Vec<_>>(),
        [(None, true)]
    );
    receive_all(&store, vec![text(me(), me(), "note", 10)]);
    assert_eq!(kinds(&store, me()), [], "its copy on the way is not let in");
}
