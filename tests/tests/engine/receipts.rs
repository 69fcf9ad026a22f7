//! Stories of read receipts, typing, and lines about what somebody did.

use std::sync::Arc;

use contract::{
    Block, ConversationId, Event, GetPreferences, ListConversations, MarkRead, MessageBody, MessageId,
    MessageStatus, OpenConversation, Preferences, SetPreferences, SetTyping,
};
use protocol::TimestampMs;
use protocol::account::AccountKeys;
use protocol::message::content::{
    CallMessage, CallType, Content, DataExtractionNotification, ExtractionType,
};
use protocol::message::outgoing;
use protocol::storage::{Namespace, Request, Store};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tests::simulated_network::World;
use tests::story::{Person, alice, bob, deliver, event, stranger, until};

const SECOND: i64 = 1_000;

/// Alice and Bob, who have accepted each other and tell each other of reading and typing.
async fn friends(world: &Arc<World>) -> (Person, Person) {
    let (alice, bob) = (alice(world).await, bob(world).await);
    alice.writes(&bob, "hello").await;
    deliver(&[&alice, &bob]).await;
    bob.accepts(&alice).await;
    world.clock.advance(SECOND);
    deliver(&[&bob, &alice]).await;
    for person in [&alice, &bob] {
        prefers(person, |preferences| {
            preferences.read_receipts = true;
            preferences.typing_indicators = true;
        })
        .await;
    }
    (alice, bob)
}

async fn prefers(who: &Person, change: impl FnOnce(&mut Preferences)) {
    let mut preferences = who.ask(GetPreferences {}).await;
    change(&mut preferences);
    who.ask(SetPreferences { preferences }).await;
}

async fn reads(who: &Person, with: &Person) {
    let rows = who.rows(with).await;
    let up_to = rows.last().expect("something to read").id;
    let conversation = with.conversation();
    who.ask(MarkRead { conversation, up_to }).await;
}

async fn types(who: &Person, to: &Person, typing: bool) {
    let conversation = to.conversation();
    who.ask(SetTyping { conversation, typing }).await;
}

/// Whether `who` sees the other one typing, in the conversation and in the list alike; asked again when it changes between
/// the two.
async fn sees_typing(who: &Person, with: &Person) -> bool {
    for _ in 0..100 {
        let conversation = with.conversation();
        let head = who
            .ask(OpenConversation {
                conversation: conversation.clone(),
            })
            .await;
        let page = who.ask(ListConversations { offset: 0, limit: 10 }).await;
        let row = page.rows.into_iter().find(|row| row.id == conversation);
        if row.is_some_and(|row| row.typing) == head.typing {
            return head.typing;
        }
    }
    panic!("the list and the conversation never agree")
}

async fn until_read(who: &Person, reader: &Person, message: MessageId) {
    until("the receipt comes", async || {
        deliver(&[reader, who]).await;
        who.status(message).await == MessageStatus::Read
    })
    .await;
}

/// Stores a content of somebody outside of engines in a person's swarm.
fn send(world: &World, from: &AccountKeys, to: &Person, content: &Content) {
    let now = engine::Clock::now(&world.clock);
    let sent_at = TimestampMs::from_wire(content.sig_timestamp.expect("a time")).expect("in range");
    let mut rng = ChaCha20Rng::seed_from_u64(content.sig_timestamp.unwrap_or(0));
    let data = outgoing::seal(&mut rng, from, to.id, sent_at, content).expect("sealed");
    let request = Request::Store(Store {
        account: to.id,
        namespace: Namespace::MESSAGES,
        data,
        timestamp: now,
        expiry: now.plus_ms(300_000),
        proof: None,
    });
    let node = world.nodes.swarm_of(&to.id)[0];
    let answer = world.nodes.handle_request(now, &node, request).expect("a member");
    assert_eq!(answer.status, 200);
}

fn content(world: &World) -> Content {
    Content {
        sig_timestamp: engine::Clock::now(&world.clock).to_wire(),
        ..Content::default()
    }
}

fn call(world: &World, kind: CallType, name: &str) -> Content {
    let call = CallMessage {
        r#type: Some(kind.into()),
        sdps: Vec::new(),
        sdp_m_line_indexes: Vec::new(),
        sdp_mids: Vec::new(),
        uuid: Some(name.to_owned()),
    };
    Content {
        call_message: Some(call),
        ..content(world)
    }
}

fn extraction(world: &World, kind: ExtractionType) -> Content {
    let notice = DataExtractionNotification {
        r#type: Some(kind.into()),
        timestamp: None,
    };
    Content {
        data_extraction_notification: Some(notice),
        ..content(world)
    }
}

#[tokio::test]
async fn rrc_01_reading_is_told_in_one_receipt_for_all() {
    let world = World::new(70);
    let (alice, bob) = friends(&world).await;
    let first = alice.writes(&bob, "one").await;
    let second = alice.writes(&bob, "two").await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(alice.status(first).await, MessageStatus::Sent);
    reads(&bob, &alice).await;
    until_read(&alice, &bob, second).await;
    assert_eq!(alice.status(first).await, MessageStatus::Read);

    let third = alice.writes(&bob, "three").await;
    deliver(&[&alice, &bob]).await;
    reads(&bob, &alice).await;
    deliver(&[&bob, &alice]).await;
    assert_eq!(
        alice.status(third).await,
        MessageStatus::Sent,
        "not more than one in 3 s"
    );
    world.clock.advance(3 * SECOND);
    until_read(&alice, &bob, third).await;
}

#[tokio::test]
async fn rrc_02_whoever_has_it_off_neither_tells_nor_learns() {
    let world = World::new(71);
    let (alice, bob) = friends(&world).await;
    prefers(&bob, |preferences| preferences.read_receipts = false).await;
    let untold = alice.writes(&bob, "one").await;
    deliver(&[&alice, &bob]).await;
    reads(&bob, &alice).await;
    world.clock.advance(10 * SECOND);
    deliver(&[&bob, &alice]).await;
    assert_eq!(alice.status(untold).await, MessageStatus::Sent);

    let unlearnt = bob.writes(&alice, "two").await;
    deliver(&[&bob, &alice]).await;
    reads(&alice, &bob).await;
    world.clock.advance(10 * SECOND);
    until("the receipt is on its way", async || {
        let owed = alice.store.read(|reading| reading.owed_receipts());
        owed.expect("the store reads").is_empty()
    })
    .await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(bob.status(unlearnt).await, MessageStatus::Sent);
}

#[tokio::test]
async fn rrc_01_an_answer_tells_that_it_was_read_and_nothing_is_forgotten_offline() {
    let world = World::new(72);
    let (alice, bob) = friends(&world).await;
    let asked = alice.writes(&bob, "?").await;
    deliver(&[&alice, &bob]).await;
    bob.ask(contract::SetDeviceOnline { online: false }).await;
    bob.writes(&alice, "!").await;
    world.clock.advance(30 * SECOND);
    assert_eq!(alice.status(asked).await, MessageStatus::Sent);
    bob.ask(contract::SetDeviceOnline { online: true }).await;
    until_read(&alice, &bob, asked).await;
}

#[tokio::test]
async fn rrc_06_requesters_are_told_nothing() {
    let world = World::new(73);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    for person in [&alice, &bob] {
        prefers(person, |preferences| preferences.read_receipts = true).await;
    }
    let request = alice.writes(&bob, "may I?").await;
    deliver(&[&alice, &bob]).await;
    reads(&bob, &alice).await;
    world.clock.advance(10 * SECOND);
    deliver(&[&bob, &alice]).await;
    assert_eq!(alice.status(request).await, MessageStatus::Sent);
}

#[tokio::test]
async fn typ_01_typing_is_seen_until_a_pause_or_the_message() {
    let world = World::new(74);
    let (alice, bob) = friends(&world).await;
    types(&alice, &bob, true).await;
    let mut events = bob.engine.events();
    until("typing comes", async || {
        bob.looks().await;
        sees_typing(&bob, &alice).await
    })
    .await;
    let told = |event: &Event| matches!(event, Event::TypingChanged { conversation } if *conversation == alice.conversation());
    event(&mut events, told).await;
    world.clock.advance(3 * SECOND);
    until("the pause is told", async || {
        bob.looks().await;
        !sees_typing(&bob, &alice).await
    })
    .await;

    world.clock.advance(SECOND);
    types(&alice, &bob, true).await;
    until("typing comes", async || {
        bob.looks().await;
        sees_typing(&bob, &alice).await
    })
    .await;
    world.clock.advance(10);
    alice.writes(&bob, "done").await;
    deliver(&[&alice, &bob]).await;
    assert!(!sees_typing(&bob, &alice).await, "the message ends it");
}

#[tokio::test]
async fn typ_05_typing_ends_by_itself_when_nothing_more_comes() {
    let world = World::new(75);
    let (alice, bob) = friends(&world).await;
    types(&alice, &bob, true).await;
    until("typing comes", async || {
        bob.looks().await;
        sees_typing(&bob, &alice).await
    })
    .await;
    alice.ask(contract::SetDeviceOnline { online: false }).await;
    let mut events = bob.engine.events();
    world.clock.advance(15 * SECOND);
    event(&mut events, |event| matches!(event, Event::TypingChanged { .. })).await;
    assert!(!sees_typing(&bob, &alice).await);
}

#[tokio::test]
async fn typ_04_nobody_is_told_who_should_not_be() {
    let world = World::new(76);
    let (alice, bob) = friends(&world).await;
    prefers(&alice, |preferences| preferences.typing_indicators = false).await;
    types(&alice, &bob, true).await;
    let requests = alice.network.requests();
    bob.looks().await;
    assert!(!sees_typing(&bob, &alice).await, "off is off");
    prefers(&alice, |preferences| preferences.typing_indicators = true).await;
    alice
        .ask(Block {
            conversation: bob.conversation(),
        })
        .await;
    types(&alice, &bob, true).await;
    bob.looks().await;
    assert!(
        !sees_typing(&bob, &alice).await,
        "blocked people are told nothing"
    );
    let carol = ConversationId(stranger(9).account_id().to_hex());
    let typing = true;
    alice
        .ask(SetTyping {
            conversation: carol,
            typing,
        })
        .await;
    tokio::task::yield_now().await;
    let looks = alice.network.requests() - requests;
    assert_eq!(looks, 0, "strangers are told nothing, and nothing else has left");
}

#[tokio::test]
async fn lin_01_a_call_a_screenshot_and_saved_media_leave_lines() {
    let world = World::new(77);
    let bob = bob(&world).await;
    let carol = stranger(3);
    send(&world, &carol, &bob, &call(&world, CallType::PreOffer, "before"));
    bob.looks().await;
    assert_eq!(
        bob.requests().await,
        Vec::<String>::new(),
        "a stranger's call leaves nothing"
    );

    let hello = outgoing::text(
        "hello",
        &outgoing::SenderProfile::default(),
        None,
        engine::Clock::now(&world.clock),
    );
    world.clock.advance(SECOND);
    send(&world, &carol, &bob, &hello);
    bob.looks().await;
    let conversation = ConversationId(carol.account_id().to_hex());
    bob.ask(contract::AcceptRequest {
        conversation: conversation.clone(),
    })
    .await;
    let notices = [
        call(&world, CallType::PreOffer, "one"),
        call(&world, CallType::Offer, "one"),
        call(&world, CallType::IceCandidates, "one"),
        call(&world, CallType::EndCall, "one"),
        extraction(&world, ExtractionType::Screenshot),
        extraction(&world, ExtractionType::MediaSaved),
    ];
    for mut notice in notices {
        world.clock.advance(SECOND);
        notice.sig_timestamp = content(&world).sig_timestamp;
        send(&world, &carol, &bob, &notice);
    }
    bob.looks().await;
    let page = bob
        .ask(contract::ListMessages {
            conversation,
            window: contract::MessageWindow::Newest,
            limit: 50,
        })
        .await;
    let lines: Vec<_> = page
        .rows
        .into_iter()
        .filter(|row| !row.mine)
        .map(|row| row.body)
        .collect();
    let text = MessageBody::Text {
        text: "hello".to_owned(),
    };
    assert_eq!(
        lines,
        [
            text,
            MessageBody::MissedCall,
            MessageBody::ScreenshotTaken,
            MessageBody::MediaSaved
        ]
    );
    assert_eq!(page.unread, 1, "lines are not unread");
}
