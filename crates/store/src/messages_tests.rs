//! Windows, identity, receiving and deleting.

use proptest::prelude::*;

use super::*;
use crate::story::*;
use crate::*;

/// A conversation with Bob that has the texts "0", "1", … sent at 10, 20, …
fn numbered(count: i64) -> (Store, Vec<MessageId>) {
    let store = store();
    let texts = (0..count)
        .map(|n| text(bob(), bob(), &n.to_string(), (n + 1) * 10))
        .collect();
    let ids = receive_all(&store, texts).into_iter().map(new_id).collect();
    (store, ids)
}

#[test]
fn windows_are_oldest_first_and_say_what_lies_beyond() {
    let (store, ids) = numbered(10);
    let newest = page(&store, bob(), Window::Newest, 3);
    assert_eq!(
        (bodies(&newest), newest.more_before, newest.more_after),
        (vec!["7", "8", "9"], true, false)
    );
    let oldest = page(&store, bob(), Window::Oldest, 3);
    assert_eq!(
        (bodies(&oldest), oldest.more_before, oldest.more_after),
        (vec!["0", "1", "2"], false, true)
    );
    let before = page(&store, bob(), Window::Before(ids[2]), 3);
    assert_eq!(
        (bodies(&before), before.more_before, before.more_after),
        (vec!["0", "1"], false, true)
    );
    let after = page(&store, bob(), Window::After(ids[6]), 3);
    assert_eq!(
        (bodies(&after), after.more_before, after.more_after),
        (vec!["7", "8", "9"], true, false)
    );
    let around = page(&store, bob(), Window::Around(ids[5]), 4);
    assert_eq!(
        (bodies(&around), around.more_before, around.more_after),
        (vec!["4", "5", "6", "7"], true, true)
    );
}

#[test]
fn a_window_opens_at_the_first_unread_message() {
    let (store, ids) = numbered(10);
    assert_eq!(
        page(&store, bob(), Window::FirstUnread, 3).first_unread,
        Some(ids[0])
    );
    assert_eq!(store.write(|w| w.mark_read(ids[4], NOW)).unwrap(), 5);
    let opened = page(&store, bob(), Window::FirstUnread, 3);
    assert_eq!((opened.first_unread, opened.unread), (Some(ids[5]), 5));
    assert_eq!(bodies(&opened), ["4", "5", "6"]);
    assert_eq!(
        opened.rows.iter().map(|row| row.read).collect::<Vec<_>>(),
        [true, false, false]
    );
    store.write(|w| w.mark_read(ids[9], NOW)).unwrap();
    assert_eq!(
        bodies(&page(&store, bob(), Window::FirstUnread, 3)),
        ["7", "8", "9"]
    );
}

#[test]
fn marking_an_older_message_as_read_takes_nothing_back() {
    let (store, ids) = numbered(10);
    store.write(|w| w.mark_read(ids[7], NOW)).unwrap();
    assert_eq!(store.write(|w| w.mark_read(ids[2], NOW)).unwrap(), 0);
    assert_eq!(conversation(&store, bob()).unread, 2);
    assert_counts_hold(&store);
}

#[test]
fn windows_of_somebody_never_written_to_are_empty() {
    let (store, ids) = numbered(1);
    assert_eq!(page(&store, carol(), Window::Newest, 50), MessagePage::default());
    let elsewhere = store.read::<_, StoreError>(|r| r.messages(&carol(), Window::Around(ids[0]), 50));
    assert!(matches!(elsewhere, Err(StoreError::NotFound)));
}

#[test]
fn late_messages_take_their_place_by_sent_time() {
    let store = store();
    for (body, at) in [("b", 20), ("c", 30), ("a", 10)] {
        receive(&store, bob(), body, at);
    }
    assert_eq!(bodies(&page(&store, bob(), Window::Newest, 50)), ["a", "b", "c"]);
    assert_eq!(conversation(&store, bob()).last_activity, Some(TimestampMs(30)));
}

#[test]
fn the_same_item_or_the_same_identity_is_stored_once() {
    let store = store();
    let first = item(text(bob(), bob(), "hello", 10));
    let mut again = first.clone();
    again.hash = hash(1);
    let outcomes = store
        .write(|w| w.insert_received(&batch(vec![first.clone(), first, again])))
        .unwrap();
    let id = new_id(outcomes[0]);
    assert_eq!(
        outcomes[1..],
        [Outcome::Known { id: None }, Outcome::Known { id: Some(id) }]
    );
    assert_eq!(conversation(&store, bob()).unread, 1);
    assert_counts_hold(&store);
}

#[test]
fn deleted_messages_do_not_come_back() {
    let store = store();
    let id = new_id(receive(&store, bob(), "hello", 10));
    store.write(|w| w.delete_message(id)).unwrap();
    assert_eq!(receive(&store, bob(), "hello", 10), Outcome::Known { id: None });
    assert_eq!(conversation(&store, bob()).last_activity, None);
    assert_counts_hold(&store);
    assert!(matches!(
        store.write(|w| w.delete_message(id)),
        Err(StoreError::NotFound)
    ));
}

#[test]
fn message_ids_are_never_reused() {
    let store = store();
    let id = new_id(receive(&store, bob(), "hello", 10));
    store.write(|w| w.delete_message(id)).unwrap();
    assert!(new_id(receive(&store, bob(), "again", 20)) > id);
}

#[test]
fn blocked_people_are_not_stored_but_their_items_are_remembered() {
    let store = store();
    store.write(|w| w.block(&bob(), NOW)).unwrap();
    assert_eq!(receive(&store, bob(), "hello", 10), Outcome::Dropped);
    store.write(|w| w.unblock(&bob(), NOW)).unwrap();
    assert_eq!(receive(&store, bob(), "hello", 10), Outcome::Known { id: None });
    assert!(matches!(
        receive(&store, bob(), "later", 20),
        Outcome::New { unread: true, .. }
    ));
}

#[test]
fn what_was_sent_before_the_read_position_arrives_as_read() {
    let store = store();
    send(&store, bob(), "mine", 100);
    let late = receive(&store, bob(), "late", 50);
    assert!(matches!(late, Outcome::New { unread: false, .. }));
    assert!(message(&store, new_id(late)).read);
    assert_counts_hold(&store);
}

#[test]
fn a_copy_of_my_message_from_another_device_counts_as_read_and_approves() {
    let store = store();
    receive(&store, bob(), "hello?", 10);
    let copy = receive_all(&store, vec![text(bob(), me(), "hi", 20)])[0];
    let copy = message(&store, new_id(copy));
    assert_eq!(
        (copy.mine, copy.read, copy.status),
        (true, true, Some(MessageStatus::Sent))
    );
    let conversation = conversation(&store, bob());
    assert_eq!((conversation.unread, conversation.contact.approved), (0, true));
    assert_counts_hold(&store);
}

#[test]
fn my_own_sync_copy_finds_the_row_that_it_is_a_copy_of() {
    let store = store();
    let id = send(&store, bob(), "hi", 20);
    assert_eq!(
        receive_all(&store, vec![text(bob(), me(), "hi", 20)]),
        [Outcome::Known { id: Some(id) }]
    );
    assert_eq!(page(&store, bob(), Window::Newest, 50).rows.len(), 1);
}

#[test]
fn profiles_only_go_forward_in_time() {
    let store = store();
    let with_name = |name: &str, updated_s, at| {
        let profile = Some(Profile {
            name: name.to_owned(),
            updated_s,
            picture: crate::SaidPicture::Keep,
        });
        receive_all(
            &store,
            vec![ReceivedMessage {
                profile,
                ..text(bob(), bob(), name, at)
            }],
        );
        conversation(&store, bob()).contact.name
    };
    assert_eq!(with_name("Bob", 0, 1), "Bob");
    assert_eq!(with_name("Bobby", 0, 2), "Bobby");
    assert_eq!(with_name("Robert", 50, 3), "Robert");
    assert_eq!(with_name("Old", 40, 4), "Robert");
    assert_eq!(with_name("Timeless", 0, 5), "Robert");
    assert_eq!(with_name("", 60, 6), "Robert");
    assert_eq!(with_name("Late", 55, 7), "Robert");
}

#[test]
fn the_line_of_an_accepted_request_is_stored_once_and_is_not_unread() {
    let store = store();
    send(&store, bob(), "may I?", 5);
    let line = |at| ReceivedMessage {
        kind: MessageKind::RequestAcceptedByThem,
        ..text(bob(), bob(), "", at)
    };
    let outcomes = receive_all(&store, vec![line(10), line(11)]);
    assert!(matches!(outcomes[0], Outcome::New { unread: false, .. }));
    assert_eq!(outcomes[1], Outcome::Known { id: None });
    assert!(conversation(&store, bob()).contact.approved_me);
    assert_counts_hold(&store);
}

#[test]
fn unsupported_content_is_kept_as_it_came() {
    let store = store();
    let unsupported = ReceivedMessage {
        kind: MessageKind::Unsupported,
        raw: Some(vec![1, 2, 3]),
        ..text(bob(), bob(), "", 10)
    };
    let id = new_id(receive_all(&store, vec![unsupported])[0]);
    assert_eq!(
        store.read::<_, StoreError>(|r| r.raw_content(id)).unwrap(),
        Some(vec![1, 2, 3])
    );
    assert_eq!(conversation(&store, bob()).unread, 1);
}

#[test]
fn a_failed_batch_leaves_nothing() {
    let store = store();
    let result: Result<(), StoreError> = store.write(|w| {
        w.insert_received(&batch(vec![item(text(bob(), bob(), "hello", 10))]))?;
        Err(StoreError::NotFound)
    });
    assert!(result.is_err());
    assert_eq!(
        store.read::<_, StoreError>(|r| r.conversation(&bob())).unwrap(),
        None
    );
    assert!(matches!(receive(&store, bob(), "hello", 10), Outcome::New { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However messages arrive and from wherever one walks, pages of any size cover each exactly once, in order.
    #[test]
    fn pages_cover_everything_exactly_once(
        arrivals in prop::collection::vec((0_i64..30, 0_u32..3, any::<bool>()), 1..60),
        size in 1_u32..9,
        start in any::<prop::sample::Index>(),
    ) {
        let store = store();
        let messages = arrivals.iter().enumerate().map(|(n, (at, _, mine))| {
            text(bob(), if *mine { me() } else { bob() }, &n.to_string(), at + 1)
        });
        receive_all(&store, messages.collect());
        let all = page(&store, bob(), Window::Oldest, 1000).rows;
        let mut sorted = all.clone();
        sorted.sort_by_key(|row| (row.sent_at, row.id));
        prop_assert_eq!(&all, &sorted);

        let middle = page(&store, bob(), Window::Around(start.get(&all).id), size);
        prop_assert!(middle.rows.iter().any(|row| row.id == start.get(&all).id));
        prop_assert!(middle.rows.len() <= size as usize);
        let mut walked = middle.rows.clone();
        let mut more = middle.more_before;
        while more {
            let older = page(&store, bob(), Window::Before(walked[0].id), size);
            prop_assert!(!older.rows.is_empty());
            more = older.more_before;
            walked.splice(0..0, older.rows);
        }
        more = middle.more_after;
        while more {
            let newer = page(&store, bob(), Window::After(walked[walked.len() - 1].id), size);
            prop_assert!(!newer.rows.is_empty());
            more = newer.more_after;
            walked.extend(newer.rows);
        }
        prop_assert_eq!(walked, all);
    }

    /// Counts kept beside the messages stay equal to what the messages say, whatever happens in whatever order.
    #[test]
    fn counts_follow_every_change(steps in prop::collection::vec((0_u8..6, 0_i64..40), 1..60)) {
        let store = store();
        let mut ids = Vec::new();
        for (step, at) in steps {
            let target = ids.get(at as usize % ids.len().max(1)).copied();
            match (step, target) {
                (0 | 1, _) => ids.extend(match receive(&store, bob(), "in", at + 1) {
                    Outcome::New { id, .. } => Some(id),
                    _ => None,
                }),
                (2, _) => ids.extend(match receive_all(&store, vec![text(bob(), me(), "copy", at + 1)])[0] {
                    Outcome::New { id, .. } => Some(id),
                    _ => None,
                }),
                (3, Some(id)) => { store.write(|w| w.mark_read(id, NOW)).unwrap(); }
                (4, Some(id)) => {
                    store.write(|w| w.delete_message(id)).unwrap();
                    ids.retain(|kept| *kept != id);
                }
                _ => {
                    let sent_at = store.write(|w| w.next_sent_at(TimestampMs(at + 100))).unwrap();
                    ids.push(send(&store, bob(), "out", sent_at.0));
                }
            }
            assert_counts_hold(&store);
        }
    }
}

/// What takes a message back names it by author and time: it must not mean two rows.
#[test]
fn nobody_writes_two_messages_at_the_same_time() {
    let store = store();
    let first = text(bob(), bob(), "first", 10);
    let twin = ReceivedMessage {
        kind: MessageKind::Unsupported,
        raw: Some(b"twin".to_vec()),
        body: String::new(),
        ..text(bob(), bob(), "twin", 10)
    };
    let outcomes = receive_all(&store, vec![first, twin]);
    assert!(matches!(outcomes[0], Outcome::New { .. }));
    assert!(matches!(outcomes[1], Outcome::Known { id: Some(_) }));
}
