//! The newest word wins, in whatever order words and their message come.

use super::*;
use crate::story::*;
use crate::*;

const HEART: &str = "❤️";
const LAUGH: &str = "😂";

fn word(target: (AccountId, i64), emoji: &str, given: bool) -> NewReaction {
    NewReaction {
        target: MessageName {
            author: target.0,
            sent_at: TimestampMs(target.1),
        },
        emoji: emoji.to_owned(),
        given,
    }
}

/// Somebody's word in the conversation with Bob arrives.
fn hear(store: &Store, author: AccountId, at: i64, reaction: NewReaction) -> Outcome {
    let control = ReceivedControl {
        conversation: if author == me() { bob() } else { author },
        author,
        sent_at: TimestampMs(at),
        control: Control::Reaction(reaction),
    };
    let name = format!("{control:?}");
    let item = Received {
        hash: protocol::storage::compute_hash(me(), protocol::storage::Namespace(0), name.as_bytes()),
        seen_until: NOW.plus_ms(DAY),
        message: None,
        control: Some(control),
    };
    store.write(|w| w.insert_received(&batch(vec![item]))).unwrap()[0]
}

fn counts(store: &Store, message: MessageId) -> Vec<(String, u32, bool)> {
    let counts = store
        .read::<_, StoreError>(|r| r.reaction_counts(message))
        .unwrap();
    counts
        .into_iter()
        .map(|count| (count.emoji, count.count, count.mine))
        .collect()
}

fn one(emoji: &str, count: u32, mine: bool) -> (String, u32, bool) {
    (emoji.to_owned(), count, mine)
}

#[test]
fn rea_02_people_give_emojis_once_each_and_in_the_order_of_the_first() {
    let store = store();
    let id = new_id(receive(&store, bob(), "hi", 10));
    let target = (bob(), 10);
    assert_eq!(
        hear(&store, bob(), 20, word(target, LAUGH, true)),
        Outcome::Changed {
            id,
            conversation: bob()
        }
    );
    hear(&store, bob(), 21, word(target, LAUGH, true));
    hear(&store, bob(), 15, word(target, HEART, true));
    hear(&store, me(), 30, word(target, LAUGH, true));
    assert_eq!(counts(&store, id), [one(HEART, 1, false), one(LAUGH, 2, true)]);
    hear(&store, bob(), 40, word(target, HEART, false));
    assert_eq!(counts(&store, id), [one(LAUGH, 2, true)]);
}

#[test]
fn rea_03_an_older_word_that_comes_late_changes_nothing() {
    let store = store();
    let id = new_id(receive(&store, bob(), "hi", 10));
    let target = (bob(), 10);
    hear(&store, bob(), 30, word(target, LAUGH, false));
    assert_eq!(
        hear(&store, bob(), 20, word(target, LAUGH, true)),
        Outcome::Dropped
    );
    assert_eq!(counts(&store, id), []);
    hear(&store, bob(), 30, word(target, LAUGH, true));
    assert_eq!(
        counts(&store, id),
        [],
        "of two words of one time the one that takes back stands"
    );
    hear(&store, bob(), 31, word(target, LAUGH, true));
    assert_eq!(counts(&store, id), [one(LAUGH, 1, false)]);
}

#[test]
fn rea_04_words_wait_for_their_message() {
    let store = store();
    let target = (bob(), 10);
    assert_eq!(
        hear(&store, bob(), 20, word(target, LAUGH, true)),
        Outcome::Dropped
    );
    hear(&store, me(), 21, word(target, HEART, true));
    hear(&store, me(), 22, word(target, HEART, false));
    assert_eq!(
        listed(&store, ConversationList::Home),
        [],
        "a reaction makes no conversation"
    );
    let id = new_id(receive(&store, bob(), "hi", 10));
    assert_eq!(counts(&store, id), [one(LAUGH, 1, false)]);
    let other = new_id(receive(&store, bob(), "other", 11));
    assert_eq!(counts(&store, other), []);
}

#[test]
fn rea_04_no_more_than_500_words_of_a_person_wait_and_none_for_ever() {
    let store = store();
    store.write(|w| w.approve(&bob(), NOW)).unwrap();
    for at in 0..510 {
        hear(&store, bob(), 5_000 + at, word((bob(), at), LAUGH, true));
    }
    let waiting = |store: &Store| {
        store
            .read::<i64, StoreError>(|r| {
                Ok(r.conn
                    .query_row("SELECT count(*) FROM early_words", [], |row| row.get(0))?)
            })
            .unwrap()
    };
    assert_eq!(waiting(&store), 500);
    for number in 0..510 {
        let stranger = person(100 + number);
        hear(&store, stranger, 9_000, word((stranger, 1), LAUGH, true));
    }
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
    let first = new_id(receive(&store, bob(), "forgotten", 9));
    let kept = new_id(receive(&store, bob(), "kept", 10));
    assert_eq!((counts(&store, first).len(), counts(&store, kept).len()), (0, 1));
    store.write(|w| w.purge_expired(NOW.plus_ms(31 * DAY))).unwrap();
    assert_eq!(waiting(&store), 0);
}

#[test]
fn rea_05_blocked_people_and_strangers_to_the_conversation_change_nothing() {
    let store = store();
    let id = new_id(receive(&store, bob(), "hi", 10));
    // Carol names a message that Bob wrote to me.
    assert_eq!(
        hear(&store, carol(), 20, word((bob(), 10), LAUGH, true)),
        Outcome::Dropped
    );
    store.write(|w| w.block(&bob(), NOW)).unwrap();
    hear(&store, bob(), 30, word((bob(), 10), LAUGH, true));
    assert_eq!(counts(&store, id), []);
}

#[test]
fn rea_06_one_person_cannot_fill_a_message() {
    let store = store();
    let id = new_id(receive(&store, bob(), "hi", 10));
    for number in 0..60 {
        hear(
            &store,
            bob(),
            100 + number,
            word((bob(), 10), &format!("e{number}"), true),
        );
    }
    assert_eq!(counts(&store, id).len(), 50);
    hear(&store, bob(), 500, word((bob(), 10), "e3", false));
    assert_eq!(
        counts(&store, id).len(),
        49,
        "what is known can still be taken back"
    );
    hear(&store, me(), 501, word((bob(), 10), HEART, true));
    assert_eq!(counts(&store, id).len(), 50, "and others still have room");
}

#[test]
fn rea_03_what_does_not_hold_here_is_told_to_nobody() {
    let store = store();
    let id = new_id(receive(&store, bob(), "hi", 10));
    hear(&store, me(), 50, word((bob(), 10), LAUGH, true));
    let deliveries = [delivery(Step::Recipient, bob())];
    let older = word((bob(), 10), LAUGH, false);
    let holds = store
        .write(|w| w.react(id, &older, TimestampMs(40), &deliveries, NOW))
        .unwrap();
    assert!(!holds);
    assert_eq!(counts(&store, id), [one(LAUGH, 1, true)]);
    assert_eq!(store.read::<_, StoreError>(|r| r.count_queued()).unwrap(), 0);
}

#[test]
fn my_reaction_is_kept_with_what_tells_of_it_and_goes_with_its_message() {
    let store = store();
    let id = new_id(receive(&store, bob(), "hi", 10));
    let deliveries = [delivery(Step::Recipient, bob()), delivery(Step::SyncCopy, me())];
    let reaction = word((bob(), 10), LAUGH, true);
    store
        .write(|w| w.react(id, &reaction, TimestampMs(20), &deliveries, NOW))
        .unwrap();
    assert_eq!(counts(&store, id), [one(LAUGH, 1, true)]);
    assert_eq!(store.read::<_, StoreError>(|r| r.count_queued()).unwrap(), 2);
    let reactions = store.read::<_, StoreError>(|r| r.reactions(id)).unwrap();
    assert_eq!(
        reactions,
        [Reaction {
            emoji: LAUGH.to_owned(),
            author: me(),
            sent_at: TimestampMs(20)
        }]
    );
    store.write(|w| w.delete_message(id)).unwrap();
    assert_eq!(counts(&store, id), []);
}
