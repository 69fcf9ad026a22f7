//! Stories of people who look for what was written.

use contract::{
    DeleteMessageHere, ErrorCode, ExcerptPart, HideNoteToSelf, ListMessages, MessageHit, MessageWindow,
    Search, SearchResults, SendText,
};
use tests::simulated_network::World;
use tests::story::settings::set_nickname;
use tests::story::{Person, alice, bob, deliver};

fn look(text: &str) -> Search {
    Search {
        text: text.to_owned(),
        conversation: None,
        before: None,
        limit: 200,
    }
}

async fn search(who: &Person, text: &str) -> SearchResults {
    who.ask(look(text)).await
}

fn excerpt(hit: &MessageHit) -> String {
    let part = |part: &ExcerptPart| match part.hit {
        true => format!("[{}]", part.text),
        false => part.text.clone(),
    };
    hit.excerpt.iter().map(part).collect()
}

#[tokio::test]
async fn what_was_written_is_found_and_opened_where_it_is() {
    let world = World::new(220);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    for number in 0..60 {
        alice.writes(&bob, &format!("message {number}")).await;
        world.clock.advance(1_000);
    }
    alice.writes(&bob, "The Café opens at nine").await;
    deliver(&[&alice, &bob]).await;
    world.clock.advance(1_000);
    bob.writes(&alice, "which cafe?").await;
    deliver(&[&bob, &alice]).await;

    let results = search(&alice, "cafe").await;
    assert_eq!(
        results.messages.iter().map(excerpt).collect::<Vec<_>>(),
        ["which [cafe]?", "The [Café] opens at nine"]
    );
    let theirs = &results.messages[0];
    assert_eq!(
        (theirs.name.as_str(), theirs.mine, &theirs.conversation),
        ("Bob", false, &bob.conversation())
    );
    assert!(results.messages[1].mine && !results.more);

    let hit = search(&alice, "message 7").await.messages.remove(0);
    let window = alice
        .ask(ListMessages {
            conversation: hit.conversation.clone(),
            window: MessageWindow::Around { message: hit.message },
            limit: 9,
        })
        .await;
    assert!(window.rows.iter().any(|row| row.id == hit.message));

    let requests = search(&bob, "message").await;
    assert_eq!(requests.messages.len(), 60, "answering accepted the request");
}

#[tokio::test]
async fn requests_of_strangers_are_not_searched() {
    let world = World::new(221);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    alice.writes(&bob, "buy something").await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(search(&bob, "buy").await.messages, []);
    bob.accepts(&alice).await;
    assert_eq!(search(&bob, "buy").await.messages.len(), 1);
}

#[tokio::test]
async fn people_are_found_by_name_nickname_and_id() {
    let world = World::new(222);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    bob.writes(&alice, "hello").await;
    deliver(&[&bob, &alice]).await;
    alice.accepts(&bob).await;
    let people = |text: String| {
        let alice = &alice;
        async move {
            let results = search(alice, &text).await;
            results
                .people
                .into_iter()
                .map(|person| person.name)
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(people("bo".into()).await, ["Bob"]);
    set_nickname(&alice, &bob, "Robert Ünal").await;
    for text in ["una", "bob", &bob.id.to_hex()[..12]] {
        assert_eq!(people(text.into()).await, ["Robert Ünal"], "{text}");
    }
    assert_eq!(people("unal bob x".into()).await, Vec::<String>::new());
}

#[tokio::test]
async fn hidden_notes_are_found() {
    let world = World::new(223);
    let alice = alice(&world).await;
    alice
        .ask(SendText {
            conversation: alice.conversation(),
            text: "the code is 4711".to_owned(),
            reply_to: None,
            preview: None,
        })
        .await;
    alice.ask(HideNoteToSelf { hidden: true }).await;
    let results = search(&alice, "code").await;
    assert_eq!(
        results
            .messages
            .iter()
            .map(|hit| hit.name.as_str())
            .collect::<Vec<_>>(),
        [""]
    );
    assert!(!results.note_to_self);
    for name in ["note", "Self", "alice"] {
        assert!(search(&alice, name).await.note_to_self, "{name}");
    }
}

#[tokio::test]
async fn pages_go_back_to_the_oldest_hit_and_one_conversation_is_searched_alone() {
    let world = World::new(224);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    for number in 0..5 {
        alice.writes(&bob, &format!("tea {number}")).await;
        world.clock.advance(1_000);
    }
    alice
        .ask(SendText {
            conversation: alice.conversation(),
            text: "buy tea".to_owned(),
            reply_to: None,
            preview: None,
        })
        .await;
    let mut first = look("tea");
    first.limit = 4;
    let page = alice.ask(first.clone()).await;
    assert_eq!((page.messages.len(), page.more), (4, true));
    let mut second = first;
    second.before = page.messages.last().map(|hit| hit.message);
    let rest = alice.ask(second).await;
    assert_eq!(
        rest.messages.iter().map(excerpt).collect::<Vec<_>>(),
        ["[tea] 1", "[tea] 0"]
    );
    assert!(!rest.more);
    let mut in_notes = look("tea");
    in_notes.conversation = Some(alice.conversation());
    let notes = alice.ask(in_notes).await;
    assert_eq!(
        notes.messages.iter().map(excerpt).collect::<Vec<_>>(),
        ["buy [tea]"]
    );
}

#[tokio::test]
async fn a_deleted_message_is_not_found_and_a_query_is_never_an_expression() {
    let world = World::new(225);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    let message = alice.writes(&bob, "secret plan").await;
    assert_eq!(search(&alice, "secret").await.messages.len(), 1);
    alice.ask(DeleteMessageHere { message }).await;
    assert_eq!(search(&alice, "secret").await.messages, []);
    for text in ["\"", "a OR b", "NEAR(x", "text:*", "(", "-", "^a", "'; DROP"] {
        assert_eq!(search(&alice, text).await.messages, [], "{text}");
    }
    for text in [String::new(), "x".repeat(201)] {
        assert_eq!(alice.refused(look(&text)).await, ErrorCode::BadCommand);
    }
}
