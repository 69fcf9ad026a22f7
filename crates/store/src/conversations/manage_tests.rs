//! Pins, muting, marks, clearing and deleting.

use crate::story::*;
use crate::*;
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::message::{Disappearing, DisappearingMode};

fn write<T>(store: &Store, work: impl FnOnce(&Writing<'_>) -> Result<T, StoreError>) -> T {
    store.write(work).unwrap()
}

/// A store with conversations with Bob (10), Carol (20) and a third person (30).
fn three() -> Store {
    let store = store();
    for (who, at) in [(bob(), 10), (carol(), 20), (person(3), 30)] {
        send(&store, who, "hi", at);
        write(&store, |w| w.approve(&who, NOW));
    }
    store
}

fn home(store: &Store) -> Vec<AccountId> {
    listed(store, ConversationList::Home)
}

#[test]
fn the_last_pinned_conversation_is_on_top_and_an_unpinned_one_goes_back() {
    let store = three();
    write(&store, |w| w.pin(&bob(), NOW));
    assert_eq!(home(&store), [bob(), person(3), carol()]);
    write(&store, |w| w.pin(&carol(), NOW));
    write(&store, |w| w.pin(&bob(), NOW));
    assert_eq!(
        home(&store),
        [carol(), bob(), person(3)],
        "pinning twice changes nothing"
    );
    write(&store, |w| w.unpin(&carol()));
    write(&store, |w| w.unpin(&bob()));
    write(&store, |w| w.unpin(&person(9)));
    assert_eq!(home(&store), [person(3), carol(), bob()]);
}

#[test]
fn a_pinned_conversation_is_listed_also_when_nothing_was_written() {
    let store = store();
    write(&store, |w| w.pin(&bob(), NOW));
    assert_eq!(home(&store), [bob()]);
    write(&store, |w| w.unpin(&bob()));
    assert_eq!(home(&store), []);
}

#[test]
fn muting_ends_by_itself() {
    let store = three();
    let until = NOW.plus_ms(3_600_000);
    write(&store, |w| w.mute(&bob(), Some(Mute::Until(until)), NOW));
    write(&store, |w| w.mute(&carol(), Some(Mute::Ever), NOW));
    let mute = conversation(&store, bob()).mute.unwrap();
    assert!(mute.holds(NOW) && mute.holds(until.plus_ms(-1)) && !mute.holds(until));
    assert!(
        conversation(&store, carol())
            .mute
            .unwrap()
            .holds(TimestampMs(i64::MAX))
    );
    let next = |now| store.read::<_, StoreError>(|r| r.next_unmuting(now)).unwrap();
    assert_eq!((next(NOW), next(until)), (Some(until), None));
    let ended = |from, to| {
        store
            .read::<_, StoreError>(|r| r.unmuted_between(from, to))
            .unwrap()
    };
    assert_eq!(ended(NOW, until), [bob()]);
    assert_eq!(ended(until, until.plus_ms(DAY)), []);
    write(&store, |w| w.mute(&bob(), None, NOW));
    assert_eq!(conversation(&store, bob()).mute, None);
    assert_eq!(next(NOW), None);
}

#[test]
fn a_mark_as_unread_goes_when_everything_is_read() {
    let store = three();
    write(&store, |w| w.mark_unread(&bob()));
    assert!(conversation(&store, bob()).marked_unread);
    assert!(write(&store, |w| w.mark_all_read(&bob(), NOW)));
    assert!(!conversation(&store, bob()).marked_unread);
    assert!(!write(&store, |w| w.mark_all_read(&bob(), NOW)));
    receive(&store, bob(), "one", 40);
    receive(&store, bob(), "two", 50);
    assert_eq!(conversation(&store, bob()).unread, 2);
    assert!(write(&store, |w| w.mark_all_read(&bob(), NOW)));
    assert_eq!(conversation(&store, bob()).unread, 0);
    assert_counts_hold(&store);
    assert!(matches!(
        store.write(|w| w.mark_unread(&person(9))),
        Err(StoreError::NotFound)
    ));
}

#[test]
fn clearing_leaves_the_conversation_in_its_place_with_nothing_in_it() {
    let store = three();
    receive(&store, carol(), "unread", 25);
    write(&store, |w| w.mark_unread(&carol()));
    write(&store, |w| w.clear_messages(&carol()));
    assert_eq!(home(&store), [person(3), carol(), bob()]);
    let cleared = conversation(&store, carol());
    assert_eq!(
        (cleared.unread, cleared.last_activity, cleared.marked_unread),
        (0, None, false)
    );
    assert_eq!(bodies(&page(&store, carol(), Window::Newest, 9)), [""; 0]);
    assert_eq!(
        receive(&store, carol(), "unread", 25),
        Outcome::Known { id: None }
    );
    assert_counts_hold(&store);
    receive(&store, carol(), "again", 40);
    assert_eq!(home(&store), [carol(), person(3), bob()]);
}

#[test]
fn a_conversation_whose_last_message_went_stays_where_it_was() {
    let store = three();
    let only = page(&store, carol(), Window::Newest, 1).rows.remove(0).id;
    write(&store, |w| w.delete_message(only));
    assert_eq!(home(&store), [person(3), carol(), bob()]);
}

#[test]
fn a_deleted_conversation_comes_back_with_the_next_message_only() {
    let store = three();
    receive(&store, bob(), "seen", NOW.0 - 10);
    write(&store, |w| w.delete_conversation(&bob(), NOW));
    assert_eq!(home(&store), [person(3), carol()]);
    let contact = store
        .read::<_, StoreError>(|r| r.contact(&bob()))
        .unwrap()
        .unwrap();
    assert!(contact.approved, "the person stays a contact");

    let again = receive(&store, bob(), "seen", NOW.0 - 10);
    let unseen_but_old = receive(&store, bob(), "long ago", NOW.0 - 200_000);
    assert_eq!([again, unseen_but_old], [Outcome::Known { id: None }; 2]);
    assert_eq!(home(&store), [person(3), carol()]);

    receive(&store, bob(), "on its way", NOW.0 - 60_000);
    receive(&store, bob(), "new", NOW.0 + 10);
    assert_eq!(home(&store), [bob(), person(3), carol()]);
    assert_eq!(
        bodies(&page(&store, bob(), Window::Newest, 9)),
        ["on its way", "new"]
    );
    assert_eq!(
        receive(&store, bob(), "older still", NOW.0 - 300_000),
        Outcome::Known { id: None }
    );
    assert_counts_hold(&store);
}

#[test]
fn a_deleted_contact_has_to_ask_again() {
    let store = three();
    receive(&store, bob(), "hello", 40);
    write(&store, |w| w.set_nickname(&bob(), "Bobby", NOW));
    let day = Disappearing {
        mode: DisappearingMode::AfterSend,
        seconds: 86_400,
    };
    write(&store, |w| w.set_disappearing(&bob(), Some(day), NOW));
    write(&store, |w| w.delete_contact(&bob(), NOW));
    assert_eq!(home(&store), [person(3), carol()]);
    let contact = store
        .read::<_, StoreError>(|r| r.contact(&bob()))
        .unwrap()
        .unwrap();
    assert_eq!(
        (contact.approved, contact.approved_me, contact.nickname.as_str()),
        (false, false, "")
    );
    assert_eq!(contact.disappearing, None);
    receive(&store, bob(), "it is me", NOW.0 + 1);
    assert_eq!(home(&store), [person(3), carol()]);
    assert_eq!(listed(&store, ConversationList::Requests), [bob()]);
}

#[test]
fn clearing_requests_leaves_conversations_and_blocked_people_alone() {
    let store = three();
    for who in [person(4), person(5), person(6)] {
        receive(&store, who, "hello?", 50);
    }
    write(&store, |w| w.block(&person(6), NOW));
    assert_eq!(
        write(&store, |w| w.delete_requests()),
        [person(5), person(4)],
        "in the order of the list"
    );
    assert_eq!(listed(&store, ConversationList::Requests), []);
    assert_eq!(home(&store).len(), 3);
    write(&store, |w| w.unblock(&person(6), NOW));
    assert_eq!(listed(&store, ConversationList::Requests), [person(6)]);
    receive(&store, person(4), "please", 60);
    assert_eq!(listed(&store, ConversationList::Requests), [person(4), person(6)]);
}

#[test]
fn what_somebody_sent_while_blocked_stays_dropped_when_it_comes_afterwards() {
    let store = three();
    write(&store, |w| w.block(&bob(), NOW));
    write(&store, |w| w.block(&bob(), NOW.plus_ms(50)));
    write(&store, |w| w.unblock(&bob(), NOW.plus_ms(100)));
    write(&store, |w| w.unblock(&bob(), NOW.plus_ms(150)));
    for (body, after) in [("before", -1), ("meanwhile", 0), ("late", 99), ("then", 100)] {
        receive(&store, bob(), body, NOW.0 + after);
    }
    assert_eq!(
        bodies(&page(&store, bob(), Window::Newest, 9)),
        ["hi", "before", "then"]
    );
}

#[test]
fn notes_are_hidden_and_shown() {
    let store = store();
    write(&store, |w| w.show_conversation(&me(), NOW));
    assert_eq!(home(&store), [me()], "shown though nothing was written");
    write(&store, |w| w.hide_conversation(&me(), NOW));
    assert!(conversation(&store, me()).hidden);
    assert_eq!(home(&store), []);
    write(&store, |w| w.show_conversation(&me(), NOW));
    assert!(!conversation(&store, me()).hidden);
    assert_eq!(home(&store), [me()]);
}
