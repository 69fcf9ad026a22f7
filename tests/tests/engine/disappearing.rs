//! Stories of messages that disappear: on both sides, on all devices, offline and over restarts.

use std::sync::Arc;

use contract::{
    Block, ConversationView, Disappearing, DisappearingMode, ErrorCode, MarkRead, MessageBody, MessageRow,
    MessageStatus, OpenConversation, SetDisappearing,
};
use tests::simulated_network::{Faults, World};
use tests::story::{Device, Person, alice, bob, deliver, file_store, person, until};

pub(super) const MINUTE: i64 = 60_000;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

pub(super) const FIVE_MINUTES_AFTER_READING: Disappearing = Disappearing {
    mode: DisappearingMode::AfterRead,
    seconds: 300,
};
pub(super) const TWELVE_HOURS_AFTER_SENDING: Disappearing = Disappearing {
    mode: DisappearingMode::AfterSend,
    seconds: 43_200,
};

/// Alice and Bob, who have accepted each other.
async fn friends(world: &Arc<World>) -> (Person, Person) {
    let (alice, bob) = (alice(world).await, bob(world).await);
    befriend(world, &alice, &bob).await;
    (alice, bob)
}

async fn befriend(world: &Arc<World>, one: &Person, other: &Person) {
    one.writes(other, "hello").await;
    deliver(&[one, other]).await;
    other.accepts(one).await;
    world.clock.advance(1_000);
    other.writes(one, "hello").await;
    deliver(&[other, one]).await;
    // What comes next is later than what was read.
    world.clock.advance(1_000);
}

async fn sets(who: &Person, with: &Person, setting: Option<Disappearing>) {
    let conversation = with.conversation();
    who.ask(SetDisappearing {
        conversation,
        setting,
    })
    .await;
}

async fn head(who: &Person, with: &Person) -> ConversationView {
    let conversation = with.conversation();
    who.ask(OpenConversation { conversation }).await
}

/// Reads everything that is there.
async fn reads(who: &Person, with: &Person) {
    let rows = who.rows(with).await;
    let up_to = rows.last().expect("something to read").id;
    let conversation = with.conversation();
    who.ask(MarkRead { conversation, up_to }).await;
}

/// What is in a conversation besides the lines of its beginning.
async fn said(who: &Person, with: &Person) -> Vec<MessageRow> {
    let beginning = |row: &MessageRow| {
        matches!(
            row.body,
            MessageBody::RequestAcceptedByMe | MessageBody::RequestAcceptedByThem
        ) || matches!(&row.body, MessageBody::Text { text } if text == "hello")
    };
    let rows = who.rows(with).await;
    rows.into_iter().filter(|row| !beginning(row)).collect()
}

fn expires_at(row: &MessageRow) -> Option<i64> {
    row.expiry.and_then(|expiry| expiry.at_ms).map(|at| at.0)
}

async fn until_empty(who: &Person, with: &Person) {
    until("what is due goes", async || said(who, with).await.is_empty()).await;
}

#[tokio::test]
async fn dis_05_after_reading_each_side_keeps_it_for_its_own_five_minutes() {
    let world = World::new(50);
    let (alice, bob) = friends(&world).await;
    sets(&alice, &bob, Some(FIVE_MINUTES_AFTER_READING)).await;
    deliver(&[&alice, &bob]).await;
    let line = MessageBody::DisappearingSet {
        setting: Some(FIVE_MINUTES_AFTER_READING),
    };
    for (who, with) in [(&alice, &bob), (&bob, &alice)] {
        let rows = said(who, with).await;
        assert_eq!(rows.iter().map(|row| &row.body).collect::<Vec<_>>(), [&line]);
    }
    assert_eq!(head(&bob, &alice).await.disappearing, None, "mine is mine");

    world.clock.advance(1_000);
    let stored_at = engine::Clock::now(&world.clock).0;
    let sent = alice.writes(&bob, "soon gone").await;
    deliver(&[&alice, &bob]).await;
    let row = alice.ask(contract::GetMessage { message: sent }).await;
    assert_eq!(
        expires_at(&row),
        Some(stored_at + 5 * MINUTE),
        "its author has read it"
    );
    let waiting = said(&bob, &alice).await;
    assert_eq!(waiting.iter().map(expires_at).collect::<Vec<_>>(), [None, None]);

    world.clock.advance(HOUR);
    until_empty(&alice, &bob).await;
    assert_eq!(said(&bob, &alice).await.len(), 2, "unread ones wait");
    let read_at = engine::Clock::now(&world.clock).0;
    reads(&bob, &alice).await;
    let running = said(&bob, &alice).await;
    let due = Some(read_at + 5 * MINUTE);
    assert_eq!(running.iter().map(expires_at).collect::<Vec<_>>(), [due, due]);
    world.clock.advance(5 * MINUTE - 1);
    tokio::task::yield_now().await;
    assert_eq!(said(&bob, &alice).await.len(), 2);
    world.clock.advance(1);
    until_empty(&bob, &alice).await;
    assert_eq!(
        bob.texts(&alice).await,
        ["hello", "hello"],
        "what did not disappear stays"
    );
}

#[tokio::test]
async fn dis_04_after_sending_all_devices_and_swarms_lose_it_at_the_same_time() {
    let world = World::new(51);
    let (alice, bob) = friends(&world).await;
    sets(&alice, &bob, Some(TWELVE_HOURS_AFTER_SENDING)).await;
    let sent = alice.writes(&bob, "until tonight").await;
    alice.rests().await;
    let row = alice.ask(contract::GetMessage { message: sent }).await;
    let due = expires_at(&row).expect("it runs");

    world.clock.advance(3 * HOUR);
    bob.looks().await;
    let tablet = alice.tablet(60).await;
    for (who, with) in [(&bob, &alice), (&tablet, &bob)] {
        let rows = said(who, with).await;
        assert_eq!(rows.last().and_then(expires_at), Some(due));
        assert_eq!(rows.len(), 2, "the line, too");
    }
    assert_eq!(
        head(&tablet, &bob).await.disappearing,
        Some(TWELVE_HOURS_AFTER_SENDING),
        "the other device follows"
    );
    world.clock.advance(9 * HOUR);
    for (who, with) in [(&alice, &bob), (&bob, &alice), (&tablet, &bob)] {
        until_empty(who, with).await;
    }
    let late = bob.tablet(61).await;
    assert_eq!(said(&late, &alice).await, [], "no swarm has it any more");
}

#[tokio::test]
async fn dis_06_what_one_device_has_read_another_one_loses_at_the_same_time() {
    let world = World::new(52);
    let (alice, bob) = friends(&world).await;
    sets(&alice, &bob, Some(FIVE_MINUTES_AFTER_READING)).await;
    alice.writes(&bob, "soon gone").await;
    deliver(&[&alice, &bob]).await;
    reads(&bob, &alice).await;
    let due = said(&bob, &alice).await.last().and_then(expires_at);
    until("the swarm is told", async || {
        let waiting = bob.store.read(|reading| reading.swarm_expiries(10));
        waiting.expect("the store reads").is_empty()
    })
    .await;
    world.clock.advance(MINUTE);
    let tablet = bob.tablet(62).await;
    assert_eq!(said(&tablet, &alice).await.len(), 2);
    until("the swarm has proven when it was read", async || {
        let rows = said(&tablet, &alice).await;
        rows.iter().map(expires_at).collect::<Vec<_>>() == [due, due]
    })
    .await;
    world.clock.advance(4 * MINUTE);
    until_empty(&tablet, &alice).await;
    until_empty(&bob, &alice).await;
    let late = bob.tablet(63).await;
    until_empty(&late, &alice).await;
}

#[tokio::test]
async fn dis_08_what_disappeared_while_the_app_was_closed_is_never_shown() {
    let world = World::new(53);
    let alice = alice(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tern.db");
    let bob = person(&world, Device::with_store(&world, file_store(&path)), "Bob", 2).await;
    befriend(&world, &alice, &bob).await;
    sets(&alice, &bob, Some(FIVE_MINUTES_AFTER_READING)).await;
    alice.writes(&bob, "soon gone").await;
    deliver(&[&alice, &bob]).await;
    reads(&bob, &alice).await;
    let Person {
        engine,
        network,
        store,
        id,
        ..
    } = bob;
    engine.close().await;
    drop((network, store));

    world.clock.advance(5 * MINUTE);
    let device = Device::with_store(&world, file_store(&path));
    device.network.set_faults(Faults {
        hangs: true,
        ..Faults::default()
    });
    let engine = device.open(64).await;
    let bob = Person::returning(&world, device, engine, id);
    assert_eq!(
        said(&bob, &alice).await,
        [],
        "gone before anything is shown, without any network"
    );
    let home = bob
        .ask(contract::ListConversations { offset: 0, limit: 10 })
        .await;
    let snippet = home.rows[0]
        .snippet
        .clone()
        .expect("the conversation has older rows");
    assert!(
        !matches!(snippet.body, MessageBody::DisappearingSet { .. }),
        "{snippet:?}"
    );
}

#[tokio::test]
async fn dis_05_the_swarm_is_told_when_the_connection_returns() {
    let world = World::new(54);
    let (alice, bob) = friends(&world).await;
    sets(&alice, &bob, Some(FIVE_MINUTES_AFTER_READING)).await;
    deliver(&[&alice, &bob]).await;
    bob.ask(contract::SetDeviceOnline { online: false }).await;
    reads(&bob, &alice).await;
    world.clock.advance(10 * MINUTE);
    until_empty(&bob, &alice).await;
    let waits = || {
        let waiting = bob.store.read(|reading| reading.swarm_expiries(10));
        waiting.expect("the store reads").len()
    };
    assert_eq!(waits(), 1, "kept although the message is gone");
    bob.ask(contract::SetDeviceOnline { online: true }).await;
    until("the swarm is told", async || waits() == 0).await;
    let late = bob.tablet(65).await;
    until_empty(&late, &alice).await;
}

#[tokio::test]
async fn dis_03_what_was_never_sent_never_disappears() {
    let world = World::new(55);
    let (alice, bob) = friends(&world).await;
    sets(&alice, &bob, Some(FIVE_MINUTES_AFTER_READING)).await;
    deliver(&[&alice, &bob]).await;
    alice.network.set_faults(Faults {
        refusal: Some(400),
        ..Faults::default()
    });
    let failed = alice.writes(&bob, "never").await;
    until("it fails", async || {
        alice.status(failed).await == MessageStatus::Failed
    })
    .await;
    world.clock.advance(30 * DAY);
    until("the line goes", async || said(&alice, &bob).await.len() == 1).await;
    let row = alice.ask(contract::GetMessage { message: failed }).await;
    assert_eq!(
        (row.status, expires_at(&row)),
        (Some(MessageStatus::Failed), None)
    );
    assert_eq!(
        row.expiry.map(|expiry| expiry.setting),
        Some(FIVE_MINUTES_AFTER_READING)
    );

    alice.network.set_faults(Faults::default());
    alice.ask(contract::RetryMessage { message: failed }).await;
    alice.rests().await;
    let row = alice.ask(contract::GetMessage { message: failed }).await;
    let now = engine::Clock::now(&world.clock).0;
    assert_eq!(expires_at(&row), Some(now + 5 * MINUTE));
}

#[tokio::test]
async fn dis_02_theirs_is_offered_until_it_is_answered() {
    let world = World::new(56);
    let (alice, bob) = friends(&world).await;
    sets(&alice, &bob, Some(TWELVE_HOURS_AFTER_SENDING)).await;
    deliver(&[&alice, &bob]).await;
    let seen = head(&bob, &alice).await;
    assert_eq!(
        (seen.disappearing, seen.offered_disappearing),
        (None, Some(TWELVE_HOURS_AFTER_SENDING))
    );
    world.clock.advance(1_000);
    sets(&bob, &alice, Some(TWELVE_HOURS_AFTER_SENDING)).await;
    deliver(&[&bob, &alice]).await;
    for (who, with) in [(&alice, &bob), (&bob, &alice)] {
        let seen = head(who, with).await;
        assert_eq!(
            (seen.disappearing, seen.offered_disappearing),
            (Some(TWELVE_HOURS_AFTER_SENDING), None)
        );
    }
    world.clock.advance(1_000);
    sets(&alice, &bob, None).await;
    sets(&alice, &bob, None).await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(head(&alice, &bob).await.disappearing, None);
    let lines: Vec<_> = said(&bob, &alice)
        .await
        .into_iter()
        .map(|row| (row.mine, row.body))
        .collect();
    let line = |mine, setting| (mine, MessageBody::DisappearingSet { setting });
    assert_eq!(
        lines,
        [
            line(false, Some(TWELVE_HOURS_AFTER_SENDING)),
            line(true, Some(TWELVE_HOURS_AFTER_SENDING)),
            line(false, None),
        ],
        "what changes nothing is not said"
    );
}

#[tokio::test]
async fn dis_01_people_who_were_not_accepted_learn_it_from_the_messages() {
    let world = World::new(57);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    sets(&alice, &bob, Some(TWELVE_HOURS_AFTER_SENDING)).await;
    assert_eq!(alice.rows(&bob).await, []);
    assert_eq!(
        head(&alice, &bob).await.disappearing,
        Some(TWELVE_HOURS_AFTER_SENDING)
    );
    alice.writes(&bob, "hi").await;
    deliver(&[&alice, &bob]).await;
    let rows = bob.rows(&alice).await;
    assert_eq!(
        rows.iter()
            .map(|row| row.expiry.map(|expiry| expiry.setting))
            .collect::<Vec<_>>(),
        [Some(TWELVE_HOURS_AFTER_SENDING)]
    );
    assert_eq!(head(&bob, &alice).await.offered_disappearing, None);
    bob.ask(Block {
        conversation: alice.conversation(),
    })
    .await;
    let refused = SetDisappearing {
        conversation: alice.conversation(),
        setting: None,
    };
    assert_eq!(bob.refused(refused).await, ErrorCode::Blocked);
    let never = SetDisappearing {
        conversation: bob.conversation(),
        setting: Some(Disappearing {
            mode: DisappearingMode::AfterRead,
            seconds: 0,
        }),
    };
    assert_eq!(alice.refused(never).await, ErrorCode::BadCommand);
}

#[tokio::test]
async fn dis_01_in_note_to_self_all_run_from_sending() {
    let world = World::new(58);
    let alice = alice(&world).await;
    sets(&alice, &alice, Some(FIVE_MINUTES_AFTER_READING)).await;
    alice.writes(&alice, "a note").await;
    deliver(&[&alice]).await;
    let setting = Disappearing {
        mode: DisappearingMode::AfterSend,
        ..FIVE_MINUTES_AFTER_READING
    };
    let rows = alice.rows(&alice).await;
    assert_eq!(
        rows.iter()
            .map(|row| row.expiry.map(|expiry| expiry.setting))
            .collect::<Vec<_>>(),
        [Some(setting), Some(setting)]
    );
    world.clock.advance(5 * MINUTE);
    until("both go", async || alice.rows(&alice).await.is_empty()).await;
}
