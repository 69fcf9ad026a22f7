//! Stories of two people who write to each other.

use contract::{
    Approval, Block, DeleteRequest, ErrorCode, ListConversations, MarkRead, MessageBody, MessageStatus,
    OpenConversation, ResolveRecipient, SendText, SetDraft, Unblock,
};
use tests::simulated_network::World;
use tests::story::{alice, bob, deliver};

#[tokio::test]
async fn first_contact_arrives_as_a_request_and_is_accepted() {
    let world = World::new(1);
    let (alice, bob) = (alice(&world).await, bob(&world).await);

    let first = alice.writes(&bob, "hello Bob").await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(alice.status(first).await, MessageStatus::Sent);
    assert_eq!(
        (bob.home().await, bob.requests().await),
        (vec![], vec!["Alice".to_owned()])
    );
    let head = alice
        .ask(OpenConversation {
            conversation: bob.conversation(),
        })
        .await;
    let hex = bob.id.to_hex();
    assert_eq!(
        (head.approval, head.name),
        (Approval::Pending, format!("{}…{}", &hex[..4], &hex[62..]))
    );

    bob.accepts(&alice).await;
    world.clock.advance(1_000);
    deliver(&[&bob, &alice]).await;
    assert_eq!(
        (bob.home().await, bob.requests().await),
        (vec!["Alice".to_owned()], vec![])
    );
    let head = alice
        .ask(OpenConversation {
            conversation: bob.conversation(),
        })
        .await;
    assert_eq!((head.approval, head.name.as_str()), (Approval::Accepted, "Bob"));
    let bodies = |rows: Vec<contract::MessageRow>| rows.into_iter().map(|row| row.body).collect::<Vec<_>>();
    let text = MessageBody::Text {
        text: "hello Bob".to_owned(),
    };
    assert_eq!(
        bodies(alice.rows(&bob).await),
        [text.clone(), MessageBody::RequestAcceptedByThem]
    );
    assert_eq!(
        bodies(bob.rows(&alice).await),
        [text, MessageBody::RequestAcceptedByMe]
    );

    let answer = bob.writes(&alice, "hello Alice").await;
    deliver(&[&bob, &alice]).await;
    assert_eq!(bob.status(answer).await, MessageStatus::Sent);
    assert_eq!(alice.texts(&bob).await, ["hello Bob", "hello Alice"]);
}

#[tokio::test]
async fn eng_11_answering_a_request_accepts_it() {
    let world = World::new(2);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    alice.writes(&bob, "hello").await;
    deliver(&[&alice, &bob]).await;
    bob.writes(&alice, "yes?").await;
    deliver(&[&bob, &alice]).await;
    let head = alice
        .ask(OpenConversation {
            conversation: bob.conversation(),
        })
        .await;
    assert_eq!(head.approval, Approval::Accepted);
    let rows = alice.rows(&bob).await;
    let by_bob: Vec<_> = rows
        .iter()
        .filter(|row| !row.mine)
        .map(|row| (&row.body, row.sent_at_ms))
        .collect();
    let [(line, accepted_at), (_, answered_at)] = by_bob[..] else {
        panic!("{rows:?}")
    };
    assert_eq!(line, &MessageBody::RequestAcceptedByThem);
    assert!(
        accepted_at < answered_at,
        "the response and the answer have times of their own"
    );
}

#[tokio::test]
async fn a_deleted_request_comes_back_with_the_next_message_only() {
    let world = World::new(3);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    alice.writes(&bob, "one").await;
    deliver(&[&alice, &bob]).await;
    bob.ask(DeleteRequest {
        conversation: alice.conversation(),
    })
    .await;
    assert_eq!(bob.requests().await, Vec::<String>::new());
    bob.looks().await;
    assert_eq!(
        bob.requests().await,
        Vec::<String>::new(),
        "what was deleted stays deleted"
    );
    world.clock.advance(1);
    alice.writes(&bob, "two").await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(
        (bob.requests().await, bob.texts(&alice).await),
        (vec!["Alice".to_owned()], vec!["two".to_owned()])
    );
    assert_eq!(
        alice.texts(&bob).await,
        ["one", "two"],
        "the sender is told nothing"
    );
}

#[tokio::test]
async fn nothing_of_a_blocked_person_arrives_and_nothing_is_sent_to_them() {
    let world = World::new(4);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    alice.writes(&bob, "hello").await;
    deliver(&[&alice, &bob]).await;
    bob.accepts(&alice).await;
    bob.ask(Block {
        conversation: alice.conversation(),
    })
    .await;
    alice.writes(&bob, "are you there?").await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(bob.texts(&alice).await, ["hello"]);
    let answer = SendText {
        conversation: alice.conversation(),
        text: "no".to_owned(),
        reply_to: None,
        preview: None,
    };
    assert_eq!(bob.refused(answer).await, ErrorCode::Blocked);

    bob.ask(Unblock {
        conversation: alice.conversation(),
    })
    .await;
    alice.writes(&bob, "now?").await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(
        bob.texts(&alice).await,
        ["hello", "now?"],
        "unblocking counts from then on"
    );
    assert_eq!(
        bob.refused(Block {
            conversation: bob.conversation()
        })
        .await,
        ErrorCode::IdInvalid
    );
}

#[tokio::test]
async fn a_note_to_oneself_is_sent_once_and_not_received_again() {
    let world = World::new(5);
    let alice = alice(&world).await;
    let note = alice.writes(&alice, "milk").await;
    deliver(&[&alice]).await;
    alice.looks().await;
    assert_eq!(
        (alice.status(note).await, alice.texts(&alice).await),
        (MessageStatus::Sent, vec!["milk".to_owned()])
    );
    let own = alice
        .ask(ResolveRecipient {
            text: format!(" {} ", alice.id.to_hex().to_uppercase()),
        })
        .await;
    assert_eq!(
        (own.kind, own.name.as_str()),
        (contract::ConversationKind::NoteToSelf, "")
    );
}

#[tokio::test]
async fn unread_messages_are_counted_until_they_are_read() {
    let world = World::new(6);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    bob.writes(&alice, "hi").await;
    for text in ["one", "two", "three"] {
        world.clock.advance(10);
        alice.writes(&bob, text).await;
    }
    deliver(&[&bob, &alice, &bob]).await;
    let unread = async || bob.ask(ListConversations { offset: 0, limit: 10 }).await.rows[0].unread;
    assert_eq!(unread().await, 3);
    let rows = bob.rows(&alice).await;
    bob.ask(MarkRead {
        conversation: alice.conversation(),
        up_to: rows[rows.len() - 2].id,
    })
    .await;
    assert_eq!(unread().await, 1);
    bob.writes(&alice, "got it").await;
    assert_eq!(unread().await, 0, "writing marks everything before it as read");
    let elsewhere = MarkRead {
        conversation: bob.conversation(),
        up_to: rows[0].id,
    };
    assert_eq!(bob.refused(elsewhere).await, ErrorCode::NotFound);
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_with_its_code() {
    let world = World::new(7);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    let send = |text: String| SendText {
        conversation: bob.conversation(),
        text,
        reply_to: None,
        preview: None,
    };
    assert_eq!(alice.refused(send(" \n ".to_owned())).await, ErrorCode::TextEmpty);
    let long = alice.engine.request(send("x".repeat(2_007))).await.unwrap_err();
    assert_eq!((long.code, long.values["n"].as_str()), (ErrorCode::TextLong, "7"));
    alice.ask(send("x".repeat(2_000))).await;
    let nobody = contract::ConversationId(format!("05{}", "00".repeat(32)));
    let to_nobody = SendText {
        conversation: nobody,
        text: "x".to_owned(),
        reply_to: None,
        preview: None,
    };
    assert_eq!(alice.refused(to_nobody).await, ErrorCode::IdInvalid);
}

#[tokio::test]
async fn a_draft_is_kept_until_the_message_is_sent() {
    let world = World::new(8);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    alice
        .ask(SetDraft {
            conversation: bob.conversation(),
            text: "dear".to_owned(),
        })
        .await;
    let draft = async || {
        alice
            .ask(OpenConversation {
                conversation: bob.conversation(),
            })
            .await
            .draft
    };
    assert_eq!(draft().await, "dear");
    alice.writes(&bob, "dear Bob").await;
    assert_eq!(draft().await, "");
}

#[tokio::test]
async fn sent_times_strictly_increase_even_when_the_clock_stands() {
    let world = World::new(9);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    for text in ["a", "b", "c", "d"] {
        alice.writes(&bob, text).await;
    }
    deliver(&[&alice, &bob]).await;
    assert_eq!(bob.texts(&alice).await, ["a", "b", "c", "d"]);
    let times: Vec<_> = bob.rows(&alice).await.iter().map(|row| row.sent_at_ms).collect();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
}
