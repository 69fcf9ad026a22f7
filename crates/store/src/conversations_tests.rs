//! The two lists, drafts, pins and requests.

use super::*;
use crate::story::*;
use crate::*;

#[test]
fn pinned_conversations_come_first_then_the_most_recent() {
    let store = store();
    for number in 1..=4 {
        send(&store, person(number), "hi", i64::from(number) * 10);
    }
    store.write(|w| w.set_pinned(&person(1), 1)).unwrap();
    store.write(|w| w.set_pinned(&person(3), 2)).unwrap();
    assert_eq!(
        listed(&store, ConversationList::Home),
        [person(3), person(1), person(4), person(2)]
    );
    let window = store
        .read::<_, StoreError>(|r| r.conversations(ConversationList::Home, 1, 2))
        .unwrap();
    assert_eq!(window.total, 4);
    assert_eq!(
        window.rows.iter().map(|row| row.with).collect::<Vec<_>>(),
        [person(1), person(4)]
    );
}

#[test]
fn a_stranger_is_a_request_until_accepted() {
    let store = store();
    receive(&store, bob(), "hello", 10);
    assert_eq!(listed(&store, ConversationList::Requests), [bob()]);
    assert_eq!(listed(&store, ConversationList::Home), []);
    assert_eq!(
        store
            .read::<_, StoreError>(|r| r.count_unread_conversations(ConversationList::Requests))
            .unwrap(),
        1
    );
    store.write(|w| w.approve(&bob(), NOW)).unwrap();
    assert_eq!(listed(&store, ConversationList::Requests), []);
    assert_eq!(listed(&store, ConversationList::Home), [bob()]);
}

#[test]
fn whom_i_block_is_in_neither_list_until_unblocked() {
    let store = store();
    receive(&store, bob(), "hello", 10);
    send(&store, carol(), "hi", 20);
    store.write(|w| w.approve(&carol(), NOW)).unwrap();
    for who in [bob(), carol()] {
        store.write(|w| w.block(&who, NOW)).unwrap();
    }
    assert_eq!(listed(&store, ConversationList::Requests), []);
    assert_eq!(listed(&store, ConversationList::Home), []);
    for who in [bob(), carol()] {
        store.write(|w| w.unblock(&who, NOW)).unwrap();
    }
    assert_eq!(listed(&store, ConversationList::Requests), [bob()]);
    assert_eq!(listed(&store, ConversationList::Home), [carol()]);
}

#[test]
fn a_deleted_request_can_be_made_again() {
    let store = store();
    receive(&store, bob(), "hello", 10);
    store.write(|w| w.delete_request(&bob())).unwrap();
    assert_eq!(listed(&store, ConversationList::Requests), []);
    assert_eq!(receive(&store, bob(), "hello", 10), Outcome::Known { id: None });
    receive(&store, bob(), "hello?", 20);
    assert_eq!(listed(&store, ConversationList::Requests), [bob()]);
    assert_eq!(bodies(&page(&store, bob(), Window::Newest, 9)), ["hello?"]);
}

#[test]
fn a_draft_alone_is_listed_and_an_empty_one_is_not() {
    let store = store();
    store.write(|w| w.set_draft(&bob(), "", NOW)).unwrap();
    assert_eq!(
        store.read::<_, StoreError>(|r| r.conversation(&bob())).unwrap(),
        None
    );
    store.write(|w| w.set_draft(&bob(), "Dear B", NOW)).unwrap();
    assert_eq!(listed(&store, ConversationList::Home), [bob()]);
    assert_eq!(conversation(&store, bob()).draft, "Dear B");
    store.write(|w| w.set_draft(&bob(), "", NOW)).unwrap();
    assert_eq!(listed(&store, ConversationList::Home), []);
}

#[test]
fn sending_removes_the_draft() {
    let store = store();
    store.write(|w| w.set_draft(&bob(), "hi", NOW)).unwrap();
    send(&store, bob(), "hi", NOW.0);
    assert_eq!(conversation(&store, bob()).draft, "");
}

#[test]
fn a_hidden_conversation_comes_back_with_the_next_message() {
    let store = store();
    send(&store, me(), "note", 10);
    assert_eq!(conversation(&store, me()).kind, ConversationKind::NoteToSelf);
    store.write(|w| w.hide_conversation(&me(), NOW)).unwrap();
    assert_eq!(listed(&store, ConversationList::Home), []);
    send(&store, me(), "another", 20);
    assert_eq!(listed(&store, ConversationList::Home), [me()]);
}

#[test]
fn snippets_show_the_newest_message_shortened() {
    let store = store();
    receive(&store, bob(), "older", 10);
    let long = "ä".repeat(500);
    let id = send(&store, bob(), &long, 20);
    store.write(|w| w.approve(&bob(), NOW)).unwrap();
    let row = store
        .read::<_, StoreError>(|r| r.conversations(ConversationList::Home, 0, 1))
        .unwrap()
        .rows
        .remove(0);
    let snippet = Snippet {
        kind: MessageKind::Text,
        body: "ä".repeat(200),
        status: Some(MessageStatus::Queued),
        mine: true,
        file: None,
    };
    assert_eq!(row.snippet, Some(snippet));
    store.write(|w| w.delete_message(id)).unwrap();
    let row = store
        .read::<_, StoreError>(|r| r.conversations(ConversationList::Home, 0, 1))
        .unwrap()
        .rows
        .remove(0);
    assert_eq!(
        row.snippet.map(|snippet| (snippet.body, snippet.mine)),
        Some(("older".to_owned(), false))
    );
}

#[test]
fn badges_add_up_what_is_unread() {
    let store = store();
    for at in 1..=3 {
        receive(&store, bob(), "hi", at);
    }
    receive(&store, carol(), "hi", 9);
    for who in [bob(), carol()] {
        store.write(|w| w.approve(&who, NOW)).unwrap();
    }
    let count = |store: &Store| {
        store
            .read::<_, StoreError>(|r| r.count_unread_messages(ConversationList::Home))
            .unwrap()
    };
    assert_eq!(count(&store), 4);
    send(&store, bob(), "read it", 10);
    assert_eq!(count(&store), 1);
}

#[test]
fn a_deleted_conversation_takes_its_deliveries_along() {
    let store = store();
    send(&store, bob(), "hi", 10);
    store.write(|w| w.delete_conversation(&bob(), NOW)).unwrap();
    assert_eq!(store.read::<_, StoreError>(|r| r.count_queued()).unwrap(), 0);
    assert!(conversation_is_gone(&store));
}

fn conversation_is_gone(store: &Store) -> bool {
    store
        .read::<_, StoreError>(|r| r.conversation(&bob()))
        .unwrap()
        .is_none()
}
