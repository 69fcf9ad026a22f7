//! Stories of answers, reactions and messages that are taken back, on two devices and at the other side.

use contract::{
    Block, DeleteForEveryone, DeleteMessageHere, DeleteOnMyDevices, ErrorCode, Event, GetMessageInfo,
    ListConversations, ListReactions, MessageBody, MessageRow, MessageStatus, Quote, QuotedMessage, React,
    RetryMessage, SetDeviceOnline,
};
use engine::Clock;
use protocol::account::AccountKeys;
use protocol::storage::{Namespace, Request, Retrieve, Signer};
use tests::simulated_network::{Faults, World};
use tests::story::{Person, alice, bob, deliver, event, friends};

const LAUGH: &str = "😂";
const HOUR: i64 = 3_600_000;

fn one(count: u32, mine: bool) -> Vec<(String, u32, bool)> {
    vec![(LAUGH.to_owned(), count, mine)]
}

fn text(text: &str) -> MessageBody {
    MessageBody::Text {
        text: text.to_owned(),
    }
}

async fn bodies(person: &Person, with: &Person) -> Vec<MessageBody> {
    let shown = |row: &MessageRow| {
        !matches!(
            row.body,
            MessageBody::RequestAcceptedByMe | MessageBody::RequestAcceptedByThem
        )
    };
    let rows = person.rows(with).await;
    rows.into_iter().filter(shown).map(|row| row.body).collect()
}

/// The line of the conversation on the home list.
async fn snippet(person: &Person) -> MessageBody {
    let list = ListConversations { offset: 0, limit: 10 };
    person.ask(list).await.rows[0].snippet.clone().unwrap().body
}

/// How many payloads somebody's swarm keeps for them.
fn kept(world: &World, person: &Person) -> usize {
    let account = person.store.read(|reading| reading.account()).unwrap().unwrap();
    let keys = AccountKeys::from_seed(&account.seed);
    let retrieve = Retrieve {
        account: person.id,
        namespace: Namespace::MESSAGES,
        last_hash: None,
        max_count: None,
        max_size: None,
        proof: None,
    };
    let now = world.clock.now();
    let request = Request::Retrieve(retrieve.sign(now, &Signer::account(&keys)));
    let node = world.nodes.swarm_of(&person.id)[0];
    let answer = world.nodes.handle_request(now, &node, request).unwrap();
    answer.body_json()["messages"].as_array().unwrap().len()
}

#[tokio::test]
async fn rea_01_two_people_give_the_same_emoji_and_one_takes_it_back() {
    let world = World::new(201);
    let (alice, bob) = friends(&world).await;
    let tablet = alice.tablet(202).await;
    alice.gives(alice.finds(&bob, "hello").await.id, LAUGH).await;
    deliver(&[&alice, &bob, &tablet]).await;
    assert_eq!(bob.emojis(&alice, "hello").await, one(1, false));
    assert_eq!(tablet.emojis(&bob, "hello").await, one(1, true));
    world.clock.advance(1_000);
    bob.gives(bob.finds(&alice, "hello").await.id, LAUGH).await;
    deliver(&[&bob, &alice, &tablet]).await;
    for (device, with) in [(&alice, &bob), (&bob, &alice), (&tablet, &bob)] {
        assert_eq!(device.emojis(with, "hello").await, one(2, true));
    }
    let message = bob.finds(&alice, "hello").await.id;
    let named = bob.ask(ListReactions { message }).await;
    let named: Vec<_> = named.iter().map(|it| (it.name.as_str(), it.mine)).collect();
    assert_eq!(named, [("Alice", false), ("", true)]);

    tablet.takes(tablet.finds(&bob, "hello").await.id, LAUGH).await;
    deliver(&[&tablet, &alice, &bob]).await;
    assert_eq!(alice.emojis(&bob, "hello").await, one(1, false));
    assert_eq!(bob.emojis(&alice, "hello").await, one(1, true));
    assert_eq!(bob.texts(&alice).await, ["hello"], "a reaction is no message");
    let unread = bob.ask(ListConversations { offset: 0, limit: 1 }).await.rows[0].unread;
    assert_eq!(unread, 1, "nor does it count as one");
}

#[tokio::test]
async fn rea_07_what_is_so_already_is_not_said_again_and_nothing_goes_to_strangers() {
    let world = World::new(203);
    let (alice, bob) = friends(&world).await;
    let message = bob.finds(&alice, "hello").await.id;
    let before = kept(&world, &alice);
    bob.takes(message, LAUGH).await;
    bob.gives(message, LAUGH).await;
    bob.gives(message, LAUGH).await;
    bob.rests().await;
    assert_eq!(kept(&world, &alice), before + 1);
    let react = |emoji: &str| React {
        message,
        emoji: emoji.to_owned(),
        add: true,
    };
    assert_eq!(bob.refused(react("ok")).await, ErrorCode::BadCommand);
    let conversation = alice.conversation();
    bob.ask(Block { conversation }).await;
    assert_eq!(bob.refused(react("🥰")).await, ErrorCode::Blocked);

    let carol = tests::story::person(&world, tests::story::Device::new(&world), "Carol", 204).await;
    carol.writes(&alice, "do you know me?").await;
    deliver(&[&carol, &alice]).await;
    let message = alice.finds(&carol, "do you know me?").await.id;
    let reaction = React {
        message,
        emoji: LAUGH.to_owned(),
        add: true,
    };
    assert_eq!(
        alice.refused(reaction).await,
        ErrorCode::BadCommand,
        "a request is accepted first"
    );
}

#[tokio::test]
async fn quo_01_an_answer_shows_its_original_on_every_device() {
    let world = World::new(205);
    let (alice, bob) = friends(&world).await;
    let tablet = bob.tablet(206).await;
    let original = bob.finds(&alice, "hello").await.id;
    bob.answers(&alice, "hello yourself", original).await;
    deliver(&[&bob, &alice, &tablet]).await;
    for (device, with, name, mine) in [
        (&alice, &bob, "", true),
        (&bob, &alice, "Alice", false),
        (&tablet, &alice, "Alice", false),
    ] {
        let original = device.finds(with, "hello").await.id;
        let quote = Quote {
            author: contract::AccountId(alice.id.to_hex()),
            name: name.to_owned(),
            mine,
            original: Some(QuotedMessage {
                message: original,
                body: text("hello"),
                file: None,
            }),
        };
        assert_eq!(device.finds(with, "hello yourself").await.quote, Some(quote));
    }
    let message = alice.finds(&bob, "hello").await.id;
    alice.ask(DeleteForEveryone { message }).await;
    deliver(&[&alice, &bob, &tablet]).await;
    for (device, with) in [(&alice, &bob), (&bob, &alice), (&tablet, &alice)] {
        let quote = device.finds(with, "hello yourself").await.quote.unwrap();
        assert_eq!(quote.original, None);
    }
}

#[tokio::test]
async fn a_message_deleted_here_stays_with_the_other_side_and_does_not_come_back() {
    let world = World::new(207);
    let (alice, bob) = friends(&world).await;
    let message = alice.writes(&bob, "only here").await;
    alice.rests().await;
    // The copy of one's own lies on the swarm, and was not fetched yet.
    alice.ask(DeleteMessageHere { message }).await;
    for _ in 0..5 {
        deliver(&[&alice, &bob]).await;
    }
    assert_eq!(alice.texts(&bob).await, ["hello"]);
    assert_eq!(bob.texts(&alice).await, ["hello", "only here"]);
}

#[tokio::test]
async fn del_01_a_message_taken_back_for_everyone_is_gone_everywhere() {
    let world = World::new(208);
    let (alice, bob) = friends(&world).await;
    let tablet = alice.tablet(209).await;
    let message = alice.writes(&bob, "too much").await;
    deliver(&[&alice, &bob, &tablet]).await;
    bob.gives(bob.finds(&alice, "too much").await.id, LAUGH).await;
    deliver(&[&bob, &alice, &tablet]).await;
    let mut events = tablet.engine.events();
    alice.ask(DeleteForEveryone { message }).await;
    assert_eq!(snippet(&alice).await, MessageBody::Deleted, "at once");
    deliver(&[&alice, &bob, &tablet]).await;
    let told = Event::ConversationChanged {
        conversation: bob.conversation(),
    };
    event(&mut events, |event| *event == told).await;
    deliver(&[&alice, &bob, &tablet]).await;
    for (device, with) in [(&alice, &bob), (&bob, &alice), (&tablet, &bob)] {
        assert_eq!(bodies(device, with).await, [text("hello"), MessageBody::Deleted]);
        assert_eq!(snippet(device).await, MessageBody::Deleted);
        let line = device.rows(with).await.pop().unwrap();
        assert_eq!((line.reactions, line.quote), (vec![], None));
    }
    let late = alice.tablet(210).await;
    assert_eq!(
        late.texts(&bob).await,
        ["hello"],
        "the swarm has forgotten it too"
    );
    assert_eq!(alice.status(message).await, MessageStatus::Sent);
}

#[tokio::test]
async fn del_03_the_swarms_of_both_sides_forget_what_was_taken_back() {
    let world = World::new(211);
    let (alice, bob) = friends(&world).await;
    deliver(&[&alice, &bob]).await;
    let (mine, theirs) = (kept(&world, &alice), kept(&world, &bob));
    let message = alice.writes(&bob, "too much").await;
    deliver(&[&alice, &bob]).await;
    assert_eq!((kept(&world, &alice), kept(&world, &bob)), (mine + 1, theirs + 1));
    alice.ask(DeleteForEveryone { message }).await;
    deliver(&[&alice, &bob]).await;
    bob.rests().await;
    // The requests took the places of the message and of its copy.
    assert_eq!((kept(&world, &alice), kept(&world, &bob)), (mine + 1, theirs + 1));
}

#[tokio::test]
async fn del_03_what_cannot_be_taken_back_yet_says_so_and_is_tried_on() {
    let world = World::new(212);
    let (alice, bob) = friends(&world).await;
    let message = alice.writes(&bob, "too much").await;
    deliver(&[&alice, &bob]).await;
    alice.ask(SetDeviceOnline { online: false }).await;
    alice.ask(DeleteForEveryone { message }).await;
    alice.rests().await;
    let row = alice.row(message).await;
    assert_eq!(
        (row.body, row.failure.map(|failure| failure.code)),
        (MessageBody::Deleted, Some(ErrorCode::DeleteFailed))
    );
    let info = alice.ask(GetMessageInfo { message }).await;
    assert!(info.attempts > 0 && info.next_try_ms.is_some(), "{info:?}");
    for _ in 0..30 {
        world.clock.advance(HOUR);
        alice.rests().await;
    }
    assert_eq!(
        alice.status(message).await,
        MessageStatus::Queued,
        "longer than a day"
    );
    alice.network.set_faults(Faults::default());
    // Before the connection returns: then it goes by itself, and there may be nothing left to be tried.
    alice.ask(RetryMessage { message }).await;
    alice.ask(SetDeviceOnline { online: true }).await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(bodies(&bob, &alice).await, [text("hello"), MessageBody::Deleted]);
    assert_eq!(alice.row(message).await.failure, None);
}

#[tokio::test]
async fn del_04_a_message_that_comes_after_its_end_never_shows() {
    let world = World::new(213);
    let (alice, bob) = friends(&world).await;
    // The answer to the first try is lost, and the message is taken back before the second.
    alice.network.set_faults(Faults {
        lost_requests: 100,
        ..Faults::default()
    });
    let message = alice.writes(&bob, "too much").await;
    alice.rests().await;
    alice.ask(DeleteForEveryone { message }).await;
    alice.network.set_faults(Faults::default());
    world.clock.advance(HOUR);
    deliver(&[&alice, &bob]).await;
    assert_eq!(bob.texts(&alice).await, ["hello"]);
    assert_eq!(bodies(&bob, &alice).await, [text("hello")]);
}

#[tokio::test]
async fn del_06_notes_go_without_a_line_on_all_my_devices() {
    let world = World::new(214);
    let alice = alice(&world).await;
    let tablet = alice.tablet(215).await;
    let message = alice.writes(&alice, "buy milk").await;
    alice.gives(message, LAUGH).await;
    deliver(&[&alice, &tablet]).await;
    assert_eq!(tablet.emojis(&tablet, "buy milk").await, one(1, true));
    alice.ask(DeleteOnMyDevices { message }).await;
    deliver(&[&alice, &tablet]).await;
    deliver(&[&alice, &tablet]).await;
    assert_eq!(alice.rows(&alice).await, []);
    assert_eq!(tablet.rows(&tablet).await, []);
    let late = alice.tablet(216).await;
    assert_eq!(late.rows(&late).await, []);
}

#[tokio::test]
async fn del_06_what_others_wrote_is_deleted_on_my_devices_only() {
    let world = World::new(217);
    let (alice, bob) = friends(&world).await;
    let tablet = bob.tablet(218).await;
    let message = bob.finds(&alice, "hello").await.id;
    assert_eq!(
        bob.refused(DeleteForEveryone { message }).await,
        ErrorCode::NotFound,
        "it is not his"
    );
    bob.ask(DeleteOnMyDevices { message }).await;
    deliver(&[&bob, &tablet, &alice]).await;
    deliver(&[&bob, &tablet, &alice]).await;
    assert_eq!(bob.texts(&alice).await, [] as [&str; 0]);
    assert_eq!(tablet.texts(&alice).await, [] as [&str; 0]);
    assert_eq!(alice.texts(&bob).await, ["hello"]);
    let late = bob.tablet(219).await;
    assert_eq!(late.texts(&alice).await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_deleted_message_can_be_neither_answered_nor_reacted_to() {
    let world = World::new(220);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    let message = alice.writes(&bob, "oops").await;
    deliver(&[&alice, &bob]).await;
    alice.ask(DeleteForEveryone { message }).await;
    let react = React {
        message,
        emoji: LAUGH.to_owned(),
        add: true,
    };
    assert_eq!(alice.refused(react).await, ErrorCode::NotFound);
    let answer = contract::SendText {
        conversation: bob.conversation(),
        text: "again".to_owned(),
        reply_to: Some(message),
        preview: None,
    };
    assert_eq!(alice.refused(answer).await, ErrorCode::NotFound);
    assert_eq!(
        alice.refused(DeleteForEveryone { message }).await,
        ErrorCode::NotFound
    );
}
