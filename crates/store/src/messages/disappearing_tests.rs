use protocol::message::DisappearingMode::{AfterRead, AfterSend};

use super::*;
use crate::story::*;
use crate::*;

const MINUTE: i64 = 60_000;

fn after(mode: protocol::message::DisappearingMode, seconds: u32) -> Option<Disappearing> {
    Some(Disappearing { mode, seconds })
}

/// An accepted conversation with Bob in which something was written at time 1.
fn store_with_bob() -> Store {
    let store = store();
    receive(&store, bob(), "hello", 1);
    store.write(|w| w.approve(&bob(), NOW)).unwrap();
    store
}

fn disappearing_text(body: &str, at: i64, setting: Option<Disappearing>) -> ReceivedMessage {
    ReceivedMessage {
        disappearing: setting,
        ..text(bob(), bob(), body, at)
    }
}

fn send_disappearing(store: &Store, body: &str, at: i64, setting: Option<Disappearing>) -> MessageId {
    let text = NewText {
        quote: None,
        to: bob(),
        body: body.to_owned(),
        sent_at: TimestampMs(at),
        now: TimestampMs(at),
        deliveries: vec![delivery(Step::Recipient, bob()), delivery(Step::SyncCopy, me())],
        disappearing: setting,
    };
    store.write(|w| w.queue_text(&text)).unwrap()
}

/// Bodies of the messages of which the swarm is to be told, and whether it is to be asked first.
fn untold(store: &Store) -> Vec<(String, bool)> {
    let expiries = store.read::<_, StoreError>(|r| r.swarm_expiries(10)).unwrap();
    let with_body = |expiry: SwarmExpiry| (body_of(store, &expiry.hash), expiry.ask);
    expiries.into_iter().map(with_body).collect()
}

fn body_of(store: &Store, hash: &MessageHash) -> String {
    let sql = "SELECT body FROM messages WHERE own_hash = ?1";
    store
        .read::<_, StoreError>(|r| Ok(r.conn.query_row(sql, [hash.as_str()], |row| row.get(0))?))
        .unwrap()
}

fn own_hash(store: &Store) -> MessageHash {
    store.read::<_, StoreError>(|r| r.swarm_expiries(1)).unwrap()[0].hash
}

fn named(body: &str, ask: bool) -> (String, bool) {
    (body.to_owned(), ask)
}

#[test]
fn dis_03_mine_start_when_stored_and_never_before() {
    let store = store_with_bob();
    let sent = send_disappearing(&store, "soon gone", NOW.0, after(AfterRead, 300));
    assert_eq!(message(&store, sent).expires_at, None);
    let first = store.write(|w| w.claim_due(NOW, 10)).unwrap().remove(0);
    store.write(|w| w.give_up(first.id, "E-SEND-NET")).unwrap();
    let later = NOW.plus_ms(DAY);
    assert_eq!(store.write(|w| w.delete_expired(later, 10)).unwrap(), []);
    store
        .write::<_, StoreError>(|w| {
            w.retry(sent, later)?;
            w.claim_due(later, 10)?;
            w.mark_sent(first.id, &hash(1))?;
            w.start_sent_timer(sent, later)
        })
        .unwrap();
    let expires_at = later.plus_ms(5 * MINUTE);
    assert_eq!(message(&store, sent).expires_at, Some(expires_at));
    store
        .write(|w| w.start_sent_timer(sent, later.plus_ms(9)))
        .unwrap();
    assert_eq!(message(&store, sent).expires_at, Some(expires_at), "it goes on");
    assert_eq!(
        store.read::<_, StoreError>(|r| r.next_expiry()).unwrap(),
        Some(expires_at)
    );
    assert_eq!(untold(&store), []);
}

#[test]
fn dis_05_reading_starts_timers_and_the_swarm_is_to_be_told() {
    let store = store_with_bob();
    let outcomes = receive_all(
        &store,
        vec![
            disappearing_text("read", 10, after(AfterRead, 300)),
            disappearing_text("not yet", 20, after(AfterRead, 300)),
            text(bob(), bob(), "stays", 5),
        ],
    );
    let (read, unread) = (new_id(outcomes[0]), new_id(outcomes[1]));
    store.write(|w| w.mark_read(read, NOW)).unwrap();
    assert_eq!(message(&store, read).expires_at, Some(NOW.plus_ms(5 * MINUTE)));
    assert_eq!(message(&store, unread).expires_at, None);
    assert_eq!(untold(&store), [named("read", false)]);
    let hash = own_hash(&store);
    store.write(|w| w.forget_swarm_expiry(&hash)).unwrap();
    store.write(|w| w.mark_read(read, NOW.plus_ms(9))).unwrap();
    assert_eq!(
        message(&store, read).expires_at,
        Some(NOW.plus_ms(5 * MINUTE)),
        "it goes on"
    );
    assert_eq!(untold(&store), []);
}

#[test]
fn dis_05_an_answer_reads_what_was_there() {
    let store = store_with_bob();
    let id = new_id(receive_all(&store, vec![disappearing_text("?", 10, after(AfterRead, 60))])[0]);
    send(&store, bob(), "!", 1_000);
    assert_eq!(message(&store, id).expires_at, Some(TimestampMs(61_000)));
}

#[test]
fn dis_06_what_another_device_read_is_asked_for() {
    let store = store_with_bob();
    let id = new_id(receive_all(&store, vec![disappearing_text("?", 10, after(AfterRead, 600))])[0]);
    receive_all(&store, vec![text(bob(), me(), "answered elsewhere", 20)]);
    let provisional = NOW.plus_ms(10 * MINUTE);
    assert_eq!(message(&store, id).expires_at, Some(provisional));
    assert_eq!(untold(&store), [named("?", true)]);

    let swarm = NOW.plus_ms(4 * MINUTE);
    let hash = own_hash(&store);
    store
        .write(|w| w.take_swarm_expiry(&hash, Some(swarm), NOW))
        .unwrap();
    assert_eq!(message(&store, id).expires_at, Some(swarm));
    assert_eq!(untold(&store), []);
}

#[test]
fn dis_06_a_swarm_that_knows_of_no_reading_is_told() {
    let store = store_with_bob();
    let id = new_id(receive_all(&store, vec![disappearing_text("?", 10, after(AfterRead, 600))])[0]);
    receive_all(&store, vec![text(bob(), me(), "answered elsewhere", 20)]);
    let kept = NOW.plus_ms(14 * DAY);
    let hash = own_hash(&store);
    store
        .write(|w| w.take_swarm_expiry(&hash, Some(kept), NOW))
        .unwrap();
    assert_eq!(message(&store, id).expires_at, Some(NOW.plus_ms(10 * MINUTE)));
    assert_eq!(untold(&store), [named("?", false)]);
}

#[test]
fn dis_06_what_counts_as_read_on_arrival_runs_at_once() {
    let store = store_with_bob();
    let read = new_id(receive(&store, bob(), "later", 50));
    store.write(|w| w.mark_read(read, NOW)).unwrap();
    let late = ReceivedMessage {
        swarm_expires_at: NOW.plus_ms(MINUTE),
        ..disappearing_text("late", 10, after(AfterRead, 600))
    };
    let late = new_id(receive_all(&store, vec![late])[0]);
    assert_eq!(
        message(&store, late).expires_at,
        Some(NOW.plus_ms(10 * MINUTE)),
        "one member's word proves nothing"
    );
    assert_eq!(untold(&store), [named("late", true)]);
}

#[test]
fn dis_06_one_members_word_makes_nothing_vanish_that_waits_to_be_read() {
    let store = store_with_bob();
    let lied_about = ReceivedMessage {
        swarm_expires_at: NOW.plus_ms(-DAY),
        ..disappearing_text("unread", NOW.0 - DAY, after(AfterRead, 300))
    };
    let outcomes = receive_all(&store, vec![lied_about]);
    let id = new_id(outcomes[0]);
    assert!(matches!(outcomes[0], Outcome::New { unread: true, .. }));
    assert_eq!(message(&store, id).expires_at, None);
    assert_eq!(untold(&store), [named("unread", true)]);

    let hash = own_hash(&store);
    store
        .write(|w| w.take_swarm_expiry(&hash, Some(NOW.plus_ms(13 * DAY)), NOW))
        .unwrap();
    assert_eq!(
        message(&store, id).expires_at,
        None,
        "the swarm proves no reading"
    );
    assert_eq!(untold(&store), []);
}

#[test]
fn dis_06_what_enough_members_prove_starts_the_timer_of_what_waits() {
    let store = store_with_bob();
    let early = |body: &str, at| ReceivedMessage {
        swarm_expires_at: NOW.plus_ms(MINUTE),
        ..disappearing_text(body, at, after(AfterRead, 300))
    };
    let id = new_id(receive_all(&store, vec![early("read elsewhere", NOW.0 - DAY)])[0]);
    let hash = own_hash(&store);
    store
        .write(|w| w.take_swarm_expiry(&hash, Some(NOW.plus_ms(MINUTE)), NOW))
        .unwrap();
    assert_eq!(message(&store, id).expires_at, Some(NOW.plus_ms(MINUTE)));

    let gone = new_id(receive_all(&store, vec![early("removed elsewhere", NOW.0 - DAY + 1)])[0]);
    let hash = own_hash(&store);
    store.write(|w| w.expire_lost(&hash, NOW)).unwrap();
    assert_eq!(message(&store, gone).expires_at, Some(NOW));
}

#[test]
fn dis_04_what_one_member_calls_gone_another_one_may_still_bring() {
    let store = store_with_bob();
    let told = |swarm_expires_at| ReceivedMessage {
        swarm_expires_at,
        ..disappearing_text("waited offline", NOW.0 - DAY, after(AfterSend, 43_200))
    };
    assert_eq!(
        receive_all(&store, vec![told(NOW.plus_ms(-1))]),
        [Outcome::Known { id: None }]
    );
    let half_a_day = NOW.plus_ms(DAY / 2);
    let id = new_id(receive_all(&store, vec![told(half_a_day)])[0]);
    assert_eq!(message(&store, id).expires_at, Some(half_a_day));
}

#[test]
fn dis_05_the_swarm_is_told_also_of_what_has_disappeared_meanwhile() {
    let store = store_with_bob();
    let id = new_id(receive_all(&store, vec![disappearing_text("read", 10, after(AfterRead, 60))])[0]);
    store.write(|w| w.mark_read(id, NOW)).unwrap();
    let due = NOW.plus_ms(MINUTE);
    assert_eq!(store.write(|w| w.delete_expired(due, 10)).unwrap(), [bob()]);
    let left = store.read::<_, StoreError>(|r| r.swarm_expiries(10)).unwrap();
    assert_eq!(
        left.iter().map(|expiry| expiry.expires_at).collect::<Vec<_>>(),
        [due]
    );
}

#[test]
fn dis_09_what_the_swarm_lost_too_early_is_due_at_once() {
    let store = store_with_bob();
    let id = new_id(receive_all(&store, vec![disappearing_text("read", 10, after(AfterRead, 60))])[0]);
    store.write(|w| w.mark_read(id, NOW)).unwrap();
    let hash = own_hash(&store);
    store.write(|w| w.expire_lost(&hash, NOW)).unwrap();
    assert_eq!(message(&store, id).expires_at, Some(NOW));
    assert_eq!(untold(&store), []);
}

#[test]
fn dis_08_what_is_due_goes_and_does_not_come_back() {
    let store = store_with_bob();
    let due = ReceivedMessage {
        swarm_expires_at: NOW.plus_ms(MINUTE),
        ..disappearing_text("gone", 10, after(AfterSend, 300))
    };
    let mut again = item(due.clone());
    again.hash = hash(77);
    let id = new_id(receive_all(&store, vec![due])[0]);
    assert_eq!(message(&store, id).expires_at, Some(NOW.plus_ms(MINUTE)));
    let before = NOW.plus_ms(MINUTE - 1);
    assert_eq!(store.write(|w| w.delete_expired(before, 10)).unwrap(), []);
    assert_eq!(
        store
            .write(|w| w.delete_expired(NOW.plus_ms(MINUTE), 10))
            .unwrap(),
        [bob()]
    );
    assert_eq!(bodies(&page(&store, bob(), Window::Newest, 10)), ["hello"]);
    assert_counts_hold(&store);

    let outcomes = store.write(|w| w.insert_received(&batch(vec![again]))).unwrap();
    assert_eq!(outcomes, [Outcome::Known { id: None }]);
    assert_eq!(bodies(&page(&store, bob(), Window::Newest, 10)), ["hello"]);
    let purged = store.write(|w| w.purge_expired(NOW.plus_ms(60 * DAY))).unwrap();
    assert!(purged > 0);
}

#[test]
fn dis_08_what_is_due_on_arrival_is_never_shown() {
    let store = store();
    let late = ReceivedMessage {
        swarm_expires_at: NOW,
        ..disappearing_text("too late", 10, after(AfterSend, 300))
    };
    assert_eq!(receive_all(&store, vec![late]), [Outcome::Known { id: None }]);
    assert_eq!(listed(&store, ConversationList::Requests), []);
    let copy = ReceivedMessage {
        author: me(),
        ..disappearing_text("mine, long ago", 10, after(AfterRead, 300))
    };
    assert_eq!(receive_all(&store, vec![copy]), [Outcome::Known { id: None }]);
}
