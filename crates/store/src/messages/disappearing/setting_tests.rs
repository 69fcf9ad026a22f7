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

fn line(author: AccountId, at: i64, setting: Option<Disappearing>) -> ReceivedMessage {
    ReceivedMessage {
        kind: MessageKind::DisappearingSet,
        disappearing: setting,
        ..text(bob(), author, "", at)
    }
}

fn contact(store: &Store) -> Contact {
    conversation(store, bob()).contact
}

/// Bob as he is known, whether there is a conversation or not.
fn kept(store: &Store) -> Contact {
    let contact = store.read::<_, StoreError>(|r| r.contact(&bob()));
    contact.unwrap().expect("Bob is known")
}

#[test]
fn dis_02_a_line_of_theirs_changes_what_is_offered_not_what_is_mine() {
    let store = store_with_bob();
    let setting = after(AfterSend, 43_200);
    let id = new_id(receive_all(&store, vec![line(bob(), 10, setting)])[0]);
    let stored = message(&store, id);
    assert_eq!(
        (setting_of_line(&stored.body), stored.disappearing),
        (setting, setting)
    );
    assert_eq!(
        (contact(&store).disappearing, contact(&store).offered_disappearing),
        (None, setting)
    );
    receive_all(&store, vec![line(bob(), 9, after(AfterRead, 60))]);
    assert_eq!(
        contact(&store).offered_disappearing,
        setting,
        "an older line changes nothing"
    );

    store
        .write(|w| w.set_disappearing(&bob(), setting, TimestampMs(11)))
        .unwrap();
    assert_eq!(
        (contact(&store).disappearing, contact(&store).offered_disappearing),
        (setting, None)
    );
    receive_all(&store, vec![line(bob(), 12, None)]);
    assert_eq!(
        contact(&store).offered_disappearing,
        None,
        "nothing to offer when they turn it off"
    );
    assert_eq!(contact(&store).disappearing, setting);
    assert_counts_hold(&store);
}

#[test]
fn dis_02_a_line_of_mine_from_another_device_is_followed() {
    let store = store_with_bob();
    let setting = after(AfterRead, 300);
    receive_all(&store, vec![line(me(), NOW.0, setting)]);
    assert_eq!(contact(&store).disappearing, setting);
    receive_all(&store, vec![line(me(), NOW.0 - 5, None)]);
    assert_eq!(
        contact(&store).disappearing,
        setting,
        "an older change comes too late"
    );
}

#[test]
fn dis_02_a_setting_of_mine_holds_where_its_line_cannot_stand() {
    let setting = after(AfterSend, 43_200);
    let store = store_with_bob();
    store.write(|w| w.delete_conversation(&bob(), NOW)).unwrap();
    let outcomes = receive_all(&store, vec![line(me(), NOW.0, setting)]);
    assert_eq!(outcomes, [Outcome::ChangedMany]);
    assert_eq!(kept(&store).disappearing, setting);
    assert_eq!(listed(&store, ConversationList::Home), []);

    let earlier = after(AfterSend, 300);
    let store = store_with_bob();
    let gone = ReceivedMessage {
        swarm_expires_at: NOW,
        ..line(me(), NOW.0 - 10 * MINUTE, earlier)
    };
    assert_eq!(receive_all(&store, vec![gone]), [Outcome::ChangedMany]);
    assert_eq!(
        kept(&store).disappearing,
        earlier,
        "the line has disappeared itself"
    );
}

#[test]
fn dis_02_what_was_set_before_a_contact_was_deleted_is_forgotten() {
    let store = store_with_bob();
    store.write(|w| w.delete_contact(&bob(), NOW)).unwrap();
    for author in [me(), bob()] {
        receive_all(&store, vec![line(author, NOW.0 - DAY, after(AfterSend, 43_200))]);
    }
    assert_eq!(
        (kept(&store).disappearing, kept(&store).offered_disappearing),
        (None, None)
    );
}

#[test]
fn dis_02_what_i_choose_now_holds_after_a_clock_that_was_fast() {
    let store = store_with_bob();
    let (fast, right) = (after(AfterSend, 43_200), after(AfterRead, 300));
    receive_all(&store, vec![line(me(), NOW.0 + DAY, fast)]);
    store
        .write(|w| w.set_disappearing(&bob(), right, NOW.plus_ms(1)))
        .unwrap();
    assert_eq!(contact(&store).disappearing, right);

    let other_device = store_with_bob();
    receive_all(&other_device, vec![line(me(), NOW.0 + DAY, fast)]);
    receive_all(&other_device, vec![line(me(), NOW.0 + 1, right)]);
    assert_eq!(contact(&other_device).disappearing, right);
}

#[test]
fn lin_01_lines_of_strangers_leave_nothing_of_them() {
    let store = store();
    receive_all(&store, vec![line(bob(), 10, None)]);
    let known = store.read::<_, StoreError>(|r| r.contact(&bob())).unwrap();
    assert_eq!(known, None);
}

#[test]
fn lin_01_lines_need_a_conversation_and_somebody_accepted() {
    let store = store();
    assert_eq!(
        receive_all(&store, vec![line(bob(), 10, None)]),
        [Outcome::Dropped]
    );
    receive(&store, bob(), "may I?", 20);
    assert_eq!(
        receive_all(&store, vec![line(bob(), 30, None)]),
        [Outcome::Dropped]
    );
    store.write(|w| w.approve(&bob(), NOW)).unwrap();
    assert!(matches!(
        receive_all(&store, vec![line(bob(), 40, None)])[0],
        Outcome::New { unread: false, .. }
    ));
}

#[test]
fn lin_03_a_call_leaves_one_line() {
    let store = store_with_bob();
    let call = |name: &str, at| ReceivedMessage {
        kind: MessageKind::MissedCall,
        ..text(bob(), bob(), name, at)
    };
    let outcomes = receive_all(&store, vec![call("one", 10), call("one", 11), call("two", 12)]);
    assert!(matches!(outcomes[0], Outcome::New { unread: false, .. }));
    assert_eq!(outcomes[1], Outcome::Known { id: None });
    assert!(matches!(outcomes[2], Outcome::New { .. }));
}
