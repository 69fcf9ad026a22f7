//! Stories of people who tidy up: pins, muting, marks, nicknames, notes, clearing and deleting.

use std::time::Duration;

use contract::{
    Approval, Block, ClearMessages, ClearRequests, ConversationId, ConversationRow, ConversationView,
    DeleteContact, DeleteConversation, ErrorCode, Event, HideNoteToSelf, ListBlocked, ListContacts,
    ListConversations, MarkAllRead, MarkRead, MarkUnread, Mute, MuteConversation, Muted, OpenConversation,
    PersonPage, PinConversation, SendText, SetNickname, Unblock,
};
use engine::{Clock, Mode};
use tests::simulated_network::World;
use tests::story::{Device, Person, alice, bob, deliver, event, person};

const HOUR_MS: i64 = 3_600_000;

/// Alice and Bob, who have written to each other and accept each other.
async fn friends(seed: u64) -> (std::sync::Arc<World>, Person, Person) {
    let world = World::new(seed);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    alice.writes(&bob, "hello Bob").await;
    deliver(&[&alice, &bob]).await;
    world.clock.advance(1_000);
    bob.writes(&alice, "hello Alice").await;
    deliver(&[&bob, &alice]).await;
    world.clock.advance(1_000);
    (world, alice, bob)
}

async fn head(who: &Person, with: &Person) -> ConversationView {
    let conversation = with.conversation();
    who.ask(OpenConversation { conversation }).await
}

async fn row(who: &Person, index: usize) -> ConversationRow {
    let page = who.ask(ListConversations { offset: 0, limit: 50 }).await;
    page.rows[index].clone()
}

fn names(page: &PersonPage) -> Vec<(&str, &str)> {
    assert_eq!(page.total as usize, page.rows.len());
    page.rows
        .iter()
        .map(|row| (row.name.as_str(), row.letter.as_str()))
        .collect()
}

async fn contacts(who: &Person) -> PersonPage {
    who.ask(ListContacts {
        offset: 0,
        limit: 200,
    })
    .await
}

async fn blocked(who: &Person) -> PersonPage {
    who.ask(ListBlocked {
        offset: 0,
        limit: 200,
    })
    .await
}

#[tokio::test]
async fn a_pinned_conversation_stays_on_top_until_unpinned() {
    let (world, alice, bob) = friends(200).await;
    let carol = person(&world, Device::new(&world), "Carol", 3).await;
    carol.writes(&alice, "hi").await;
    deliver(&[&carol, &alice]).await;
    alice.accepts(&carol).await;
    assert_eq!(alice.home().await, ["Carol", "Bob"]);
    let pin = |pinned| PinConversation {
        conversation: bob.conversation(),
        pinned,
    };
    alice.ask(pin(true)).await;
    assert_eq!(alice.home().await, ["Bob", "Carol"]);
    assert!(row(&alice, 0).await.pinned && head(&alice, &bob).await.pinned);
    world.clock.advance(1_000);
    carol.writes(&alice, "again").await;
    deliver(&[&carol, &alice]).await;
    assert_eq!(alice.home().await, ["Bob", "Carol"]);
    alice.ask(pin(false)).await;
    assert_eq!(alice.home().await, ["Carol", "Bob"]);
}

#[tokio::test]
async fn a_muted_conversation_is_silent_until_its_time_is_over() {
    let world = World::new(201);
    let bob = bob(&world).await;
    let mut device = Device::new(&world);
    device.mode = Mode::OnDemand;
    let alice = person(&world, device, "Alice", 4).await;
    alice.writes(&bob, "hello").await;
    let visit = || async { alice.engine.poll_once(Duration::from_secs(20)).await.unwrap() };
    visit().await;
    let mute = |mute| MuteConversation {
        conversation: bob.conversation(),
        mute,
    };
    alice.ask(mute(Some(Mute::Seconds { seconds: 3_600 }))).await;
    let until = contract::TimestampMs(world.clock.now().0 + HOUR_MS);
    assert_eq!(head(&alice, &bob).await.muted, Some(Muted::Time { at_ms: until }));

    world.clock.advance(1_000);
    bob.writes(&alice, "one").await;
    bob.rests().await;
    let silent = visit().await;
    assert_eq!((silent.notifications, silent.unread), (vec![], 1));
    assert!(row(&alice, 0).await.muted);

    world.clock.advance(61 * 60_000);
    assert!(!row(&alice, 0).await.muted);
    assert_eq!(head(&alice, &bob).await.muted, None);
    bob.writes(&alice, "two").await;
    bob.rests().await;
    assert_eq!(visit().await.notifications.len(), 1);

    alice.ask(mute(Some(Mute::Ever))).await;
    assert_eq!(head(&alice, &bob).await.muted, Some(Muted::Ever));
    world.clock.advance(1_000 * HOUR_MS);
    bob.writes(&alice, "three").await;
    bob.rests().await;
    assert_eq!(visit().await.notifications, []);
    alice.ask(mute(None)).await;
    assert_eq!(head(&alice, &bob).await.muted, None);
    let wrong = alice.refused(mute(Some(Mute::Seconds { seconds: 0 }))).await;
    assert_eq!(wrong, ErrorCode::BadCommand);
}

#[tokio::test]
async fn shells_are_told_when_muting_ends() {
    let (world, alice, bob) = friends(202).await;
    let conversation = bob.conversation();
    alice
        .ask(MuteConversation {
            conversation: conversation.clone(),
            mute: Some(Mute::Seconds { seconds: 60 }),
        })
        .await;
    let mut events = alice.engine.events();
    world.clock.advance(60_000);
    event(
        &mut events,
        |event| matches!(event, Event::ConversationChanged { conversation: told } if *told == conversation),
    )
    .await;
    assert!(!row(&alice, 0).await.muted);
}

#[tokio::test]
async fn a_conversation_marked_unread_stays_so_until_it_is_read() {
    let (_, alice, bob) = friends(203).await;
    let conversation = bob.conversation();
    let rows = alice.rows(&bob).await;
    let newest = rows.last().unwrap().id;
    let read = || MarkRead {
        conversation: bob.conversation(),
        up_to: newest,
    };
    alice.ask(read()).await;
    alice
        .ask(MarkUnread {
            conversation: conversation.clone(),
        })
        .await;
    let marked = row(&alice, 0).await;
    assert_eq!((marked.marked_unread, marked.unread), (true, 0));
    assert!(head(&alice, &bob).await.marked_unread);
    alice.ask(read()).await;
    assert!(!row(&alice, 0).await.marked_unread);
    alice
        .ask(MarkUnread {
            conversation: conversation.clone(),
        })
        .await;
    alice.ask(MarkAllRead { conversation }).await;
    assert!(!row(&alice, 0).await.marked_unread);
}

#[tokio::test]
async fn a_nickname_is_shown_everywhere_and_nobody_else_learns_it() {
    let (_, alice, bob) = friends(204).await;
    let name = |nickname: &str| SetNickname {
        conversation: bob.conversation(),
        nickname: nickname.to_owned(),
    };
    alice.ask(name("  Bobby ")).await;
    assert_eq!(alice.home().await, ["Bobby"]);
    let seen = head(&alice, &bob).await;
    assert_eq!((seen.name.as_str(), seen.nickname.as_str()), ("Bobby", "Bobby"));
    assert_eq!(names(&contacts(&alice).await), [("Bobby", "B")]);
    deliver(&[&alice, &bob]).await;
    assert_eq!(bob.home().await, ["Alice"]);
    assert_eq!(alice.refused(name(&"é".repeat(51))).await, ErrorCode::NickLong);
    alice.ask(name(&"é".repeat(50))).await;
    alice.ask(name(" ")).await;
    assert_eq!(alice.home().await, ["Bob"]);
    let own = SetNickname {
        conversation: alice.conversation(),
        nickname: "me".to_owned(),
    };
    assert_eq!(alice.refused(own).await, ErrorCode::IdInvalid);
}

#[tokio::test]
async fn notes_are_hidden_until_shown_or_written() {
    let world = World::new(205);
    let alice = alice(&world).await;
    let note = |text: &str| SendText {
        conversation: alice.conversation(),
        text: text.to_owned(),
        reply_to: None,
        preview: None,
    };
    let total = || async {
        let page = alice.ask(ListConversations { offset: 0, limit: 9 }).await;
        page.total
    };
    alice.ask(note("remember")).await;
    assert_eq!(total().await, 1);
    alice.ask(HideNoteToSelf { hidden: true }).await;
    assert_eq!(total().await, 0);
    assert!(head(&alice, &alice).await.hidden);
    alice.ask(HideNoteToSelf { hidden: false }).await;
    assert_eq!(total().await, 1);
    assert!(!head(&alice, &alice).await.hidden);
    alice.ask(HideNoteToSelf { hidden: true }).await;
    alice.ask(note("more")).await;
    assert_eq!(total().await, 1);
}

#[tokio::test]
async fn a_deleted_conversation_comes_back_as_a_normal_one_without_its_past() {
    let (world, alice, bob) = friends(206).await;
    let conversation = bob.conversation();
    let mut events = alice.engine.events();
    alice
        .ask(DeleteConversation {
            conversation: conversation.clone(),
        })
        .await;
    event(&mut events, |event| *event == Event::ConversationsChanged).await;
    assert_eq!(alice.home().await, Vec::<String>::new());
    assert_eq!(alice.rows(&bob).await, []);
    assert_eq!(
        names(&contacts(&alice).await),
        [("Bob", "B")],
        "the contact stays"
    );
    // What the swarm still holds does not bring it back, also when all of it is read again.
    alice
        .store
        .write::<_, store::StoreError>(|writing| writing.clear_last_hashes())
        .unwrap();
    alice.looks().await;
    assert_eq!(alice.home().await, Vec::<String>::new());

    world.clock.advance(1_000);
    bob.writes(&alice, "are you there?").await;
    deliver(&[&bob, &alice]).await;
    assert_eq!(
        (alice.home().await, alice.requests().await),
        (vec!["Bob".to_owned()], vec![])
    );
    assert_eq!(alice.texts(&bob).await, ["are you there?"]);
}

#[tokio::test]
async fn a_deleted_contact_has_to_ask_again() {
    let (world, alice, bob) = friends(207).await;
    alice
        .ask(DeleteContact {
            conversation: bob.conversation(),
        })
        .await;
    assert_eq!(alice.home().await, Vec::<String>::new());
    assert_eq!(names(&contacts(&alice).await), []);
    world.clock.advance(1_000);
    bob.writes(&alice, "it is me").await;
    deliver(&[&bob, &alice]).await;
    assert_eq!(alice.home().await, Vec::<String>::new());
    assert_eq!(alice.requests().await, ["Bob"]);
    assert_eq!(head(&alice, &bob).await.approval, Approval::Request);
    let own = DeleteContact {
        conversation: alice.conversation(),
    };
    assert_eq!(alice.refused(own).await, ErrorCode::IdInvalid);
}

#[tokio::test]
async fn clearing_removes_messages_here_only() {
    let (_, alice, bob) = friends(208).await;
    alice
        .ask(ClearMessages {
            conversation: bob.conversation(),
        })
        .await;
    assert_eq!(alice.rows(&bob).await, []);
    assert_eq!(alice.home().await, ["Bob"], "the conversation stays");
    assert_eq!(bob.texts(&alice).await, ["hello Bob", "hello Alice"]);
}

#[tokio::test]
async fn clearing_requests_deletes_them_all_and_tells_nobody() {
    let world = World::new(209);
    let alice = alice(&world).await;
    let mut strangers = Vec::new();
    for (number, name) in ["Bob", "Carol", "Dave"].into_iter().enumerate() {
        let stranger = person(&world, Device::new(&world), name, 10 + number as u64).await;
        stranger.writes(&alice, "hello?").await;
        stranger.rests().await;
        strangers.push(stranger);
    }
    alice.looks().await;
    assert_eq!(alice.requests().await.len(), 3);
    alice.ask(ClearRequests {}).await;
    assert_eq!(alice.requests().await, Vec::<String>::new());
    for stranger in &strangers {
        stranger.looks().await;
        assert_eq!(stranger.rows(&alice).await.len(), 1);
    }
    world.clock.advance(1_000);
    strangers[0].writes(&alice, "please").await;
    deliver(&[&strangers[0], &alice]).await;
    assert_eq!(alice.requests().await, ["Bob"]);
}

#[tokio::test]
async fn a_blocked_person_is_in_the_list_of_blocked_people_only() {
    let (_, alice, bob) = friends(210).await;
    let conversation: ConversationId = bob.conversation();
    alice
        .ask(Block {
            conversation: conversation.clone(),
        })
        .await;
    assert_eq!(alice.home().await, Vec::<String>::new());
    assert_eq!(names(&contacts(&alice).await), []);
    assert_eq!(names(&blocked(&alice).await), [("Bob", "B")]);
    alice.ask(Unblock { conversation }).await;
    assert_eq!(alice.home().await, ["Bob"]);
    assert_eq!(names(&blocked(&alice).await), []);
    assert_eq!(names(&contacts(&alice).await), [("Bob", "B")]);
}
