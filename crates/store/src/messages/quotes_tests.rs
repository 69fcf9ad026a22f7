//! What an answer shows of its original.

use crate::story::*;
use crate::*;
use protocol::TimestampMs;
use protocol::account::AccountId;

fn answer(conversation: AccountId, author: AccountId, at: i64, to: (AccountId, i64)) -> ReceivedMessage {
    ReceivedMessage {
        quote: Some(MessageName {
            author: to.0,
            sent_at: TimestampMs(to.1),
        }),
        ..text(conversation, author, "answer", at)
    }
}

fn quote(store: &Store, id: MessageId) -> Option<Quote> {
    store.read::<_, StoreError>(|r| r.quote(id)).unwrap()
}

#[test]
fn quo_02_the_original_is_looked_up_in_the_conversation_of_the_answer() {
    let store = store();
    let original = new_id(receive(&store, bob(), "the original", 10));
    let id = new_id(receive_all(&store, vec![answer(bob(), me(), 20, (bob(), 10))])[0]);
    let shown = QuotedMessage {
        id: original,
        kind: MessageKind::Text,
        body: "the original".to_owned(),
    };
    assert_eq!(
        quote(&store, id),
        Some(Quote {
            author: bob(),
            original: Some(shown)
        })
    );
    assert_eq!(quote(&store, original), None);
    // The same name in a conversation with somebody else leads nowhere.
    let elsewhere = new_id(receive_all(&store, vec![answer(carol(), carol(), 30, (me(), 20))])[0]);
    assert_eq!(
        quote(&store, elsewhere),
        Some(Quote {
            author: me(),
            original: None
        })
    );
}

#[test]
fn quo_02_the_original_may_come_late_and_go_early() {
    let store = store();
    let id = new_id(receive_all(&store, vec![answer(bob(), bob(), 20, (bob(), 10))])[0]);
    assert_eq!(quote(&store, id).unwrap().original, None);
    let original = new_id(receive(&store, bob(), &"ü".repeat(300), 10));
    let shown = quote(&store, id).unwrap().original.unwrap();
    assert_eq!((shown.id, shown.body), (original, "ü".repeat(200)));
    store.write(|w| w.delete_message(original)).unwrap();
    assert_eq!(quote(&store, id).unwrap().original, None);
}

#[test]
fn quo_03_nobody_is_quoted_who_does_not_talk_there() {
    let store = store();
    receive(&store, carol(), "secret", 10);
    let id = new_id(receive_all(&store, vec![answer(bob(), bob(), 20, (carol(), 10))])[0]);
    assert_eq!(quote(&store, id), None);
    let unknown = new_id(receive_all(&store, vec![answer(bob(), bob(), 21, (person(77), 10))])[0]);
    assert_eq!(quote(&store, unknown), None);
}

#[test]
fn my_answer_keeps_what_it_answers() {
    let store = store();
    let original = new_id(receive(&store, bob(), "question", 10));
    let name = MessageName {
        author: bob(),
        sent_at: TimestampMs(10),
    };
    let answer = NewText {
        to: bob(),
        body: "answer".to_owned(),
        quote: Some(name),
        sent_at: TimestampMs(20),
        now: NOW,
        deliveries: Vec::new(),
        disappearing: None,
    };
    let id = store.write(|w| w.queue_text(&answer)).unwrap();
    assert_eq!(quote(&store, id).unwrap().original.unwrap().id, original);
}
