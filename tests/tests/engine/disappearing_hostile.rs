//! Stories of disappearing and removed messages when somebody lies, or when devices learn of things in an odd order.

use std::path::Path;
use std::sync::Arc;

use contract::{
    ClearMessages, ConversationView, DeleteConversation, DeleteRequest, Disappearing, DisappearingMode,
    MarkRead, MessageRow, MessageStatus, OpenConversation, SetDeviceOnline, SetDisappearing,
};
use engine::{Clock, ManualClock};
use protocol::message::outgoing::{self, SenderProfile};
use protocol::storage::{Namespace, Request, Store};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use store::CachePart;
use tests::simulated_network::{Faults, World};
use tests::story::files::befriend;
use tests::story::{Device, Person, alice, bob, deliver, file_store, friends, person, stranger, until};

use super::disappearing::{DAY, FIVE_MINUTES_AFTER_READING, HOUR, MINUTE, TWELVE_HOURS_AFTER_SENDING};

async fn sets(who: &Person, with: &Person, setting: Disappearing) {
    who.ask(SetDisappearing {
        conversation: with.conversation(),
        setting: Some(setting),
    })
    .await;
}

async fn head(who: &Person, with: &Person) -> ConversationView {
    let conversation = with.conversation();
    who.ask(OpenConversation { conversation }).await
}

fn expires_at(row: &MessageRow) -> Option<i64> {
    row.expiry.and_then(|expiry| expiry.at_ms).map(|at| at.0)
}

/// All members say from now on, without proof, that messages expire then.
fn lies(to: &Person, expiry: protocol::TimestampMs) {
    to.network.set_faults(Faults {
        said_expiry: Some(expiry),
        ..Faults::default()
    });
}

async fn until_nothing_is_asked(who: &Person) {
    until("the swarm has answered", async || {
        let waiting = who.store.read(|reading| reading.swarm_expiries(10));
        waiting.expect("the store reads").is_empty()
    })
    .await;
}

#[tokio::test]
async fn dis_06_no_unsigned_word_makes_vanish_what_waits_to_be_read() {
    let world = World::new(401);
    let (alice, bob) = friends(&world).await;
    sets(&alice, &bob, FIVE_MINUTES_AFTER_READING).await;
    alice.writes(&bob, "unread").await;
    alice.rests().await;
    world.clock.advance(HOUR);
    lies(&bob, world.clock.now().plus_ms(-DAY));
    bob.looks().await;
    assert_eq!(expires_at(&bob.finds(&alice, "unread").await), None);
    until_nothing_is_asked(&bob).await;
    world.clock.advance(DAY);
    let row = bob.finds(&alice, "unread").await;
    assert_eq!(expires_at(&row), None, "its time begins when it is read");
    let conversation = alice.conversation();
    bob.ask(MarkRead {
        conversation,
        up_to: row.id,
    })
    .await;
    let due = world.clock.now().plus_ms(5 * MINUTE).0;
    assert_eq!(expires_at(&bob.finds(&alice, "unread").await), Some(due));
}

#[tokio::test]
async fn dis_04_no_unsigned_word_makes_a_timer_begin_before_its_message_was_sent() {
    let world = World::new(402);
    let (alice, bob) = friends(&world).await;
    sets(&alice, &bob, TWELVE_HOURS_AFTER_SENDING).await;
    let sent_at = world.clock.now();
    alice.writes(&bob, "until tonight").await;
    alice.rests().await;
    world.clock.advance(HOUR);
    lies(&bob, world.clock.now().plus_ms(-1));
    bob.looks().await;
    let due = expires_at(&bob.finds(&alice, "until tonight").await).expect("it runs");
    assert!(due >= sent_at.plus_ms(12 * HOUR - 1_000).0, "{due}");
}

#[tokio::test]
async fn dis_07_what_waited_offline_is_on_my_other_device_as_long_as_on_this_one() {
    let world = World::new(403);
    let (alice, bob) = friends(&world).await;
    sets(&alice, &bob, FIVE_MINUTES_AFTER_READING).await;
    alice.rests().await;
    alice.ask(SetDeviceOnline { online: false }).await;
    let sent = alice.writes(&bob, "late").await;
    world.clock.advance(HOUR);
    alice.ask(SetDeviceOnline { online: true }).await;
    until("it is sent", async || {
        alice.status(sent).await == MessageStatus::Sent
    })
    .await;
    alice.rests().await;
    let due = world.clock.now().plus_ms(5 * MINUTE).0;
    assert_eq!(expires_at(&alice.row(sent).await), Some(due));
    let tablet = alice.tablet(404).await;
    assert_eq!(expires_at(&tablet.finds(&bob, "late").await), Some(due));
}

#[tokio::test]
async fn dis_02_a_setting_reaches_a_device_that_deleted_the_conversation() {
    let world = World::new(405);
    let (alice, bob) = friends(&world).await;
    let tablet = alice.tablet(406).await;
    tablet
        .ask(DeleteConversation {
            conversation: bob.conversation(),
        })
        .await;
    world.clock.advance(HOUR);
    sets(&alice, &bob, TWELVE_HOURS_AFTER_SENDING).await;
    deliver(&[&alice, &tablet]).await;
    assert_eq!(tablet.rows(&bob).await, []);
    assert_eq!(
        head(&tablet, &bob).await.disappearing,
        Some(TWELVE_HOURS_AFTER_SENDING)
    );
}

#[tokio::test]
async fn dis_08_what_was_removed_does_not_come_back_sealed_anew() {
    let world = World::new(407);
    let bob = bob(&world).await;
    let mallory = stranger(66);
    let from = Person::returning(
        &world,
        Device::new(&world),
        Device::new(&world).open(1).await,
        mallory.account_id(),
    );
    let profile = SenderProfile {
        display_name: "Mallory".to_owned(),
        ..SenderProfile::default()
    };
    let sent_at = world.clock.now();
    let content = outgoing::text("you again", &profile, None, sent_at);
    let arrives = async |seed| {
        let now = world.clock.now();
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let request = Request::Store(Store {
            account: bob.id,
            namespace: Namespace::MESSAGES,
            data: outgoing::seal(&mut rng, &mallory, bob.id, sent_at, &content).unwrap(),
            timestamp: now,
            expiry: now.plus_ms(14 * DAY),
            proof: None,
        });
        let member = world.nodes.swarm_of(&bob.id)[0];
        let answer = world.nodes.handle_request(now, &member, request);
        assert_eq!(answer.unwrap().status, 200);
        bob.looks().await;
    };
    arrives(1).await;
    assert_eq!(bob.texts(&from).await, ["you again"]);
    let conversation = from.conversation();
    bob.ask(DeleteRequest {
        conversation: conversation.clone(),
    })
    .await;
    arrives(2).await;
    assert_eq!(bob.requests().await, Vec::<String>::new());

    bob.writes(&from, "hello").await;
    bob.ask(ClearMessages {
        conversation: conversation.clone(),
    })
    .await;
    arrives(3).await;
    assert_eq!(bob.rows(&from).await, []);

    bob.ask(DeleteConversation { conversation }).await;
    arrives(4).await;
    assert_eq!(bob.rows(&from).await, []);
}

#[tokio::test]
async fn snd_06_what_disappears_within_seconds_is_taken_by_swarms() {
    let world = World::new(408);
    let (alice, bob) = friends(&world).await;
    let second = Disappearing {
        mode: DisappearingMode::AfterSend,
        seconds: 1,
    };
    sets(&alice, &bob, second).await;
    let sent = alice.writes(&bob, "blink").await;
    alice.rests().await;
    assert_eq!(alice.status(sent).await, MessageStatus::Sent);
    bob.looks().await;
    bob.finds(&alice, "blink").await;
    world.clock.advance(1_000);
    until("it goes", async || {
        !bob.texts(&alice).await.contains(&"blink".to_owned())
    })
    .await;
}

/// Ends and begins anew with a clock that is ahead; no relay has answered yet.
async fn begins_anew(world: &Arc<World>, before: Person, path: &Path, ahead_ms: i64) -> Person {
    let Person {
        engine, store, id, ..
    } = before;
    engine.close().await;
    drop(store);
    let mut device = Device::with_store(world, file_store(path));
    device.clock = Arc::new(ManualClock::new(world.clock.now().plus_ms(ahead_ms)));
    device.network.learn_clock(None);
    device.network.set_faults(Faults {
        hangs: true,
        ..Faults::default()
    });
    let engine = device.open(410).await;
    Person::returning(world, device, engine, id)
}

#[tokio::test]
async fn dis_10_a_clock_that_is_far_ahead_deletes_nothing_before_relays_have_answered() {
    let world = World::new(409);
    let alice = alice(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tern.db");
    let device = Device::with_store(&world, file_store(&path));
    let bob = person(&world, device, "Bob", 2).await;
    befriend(&alice, &bob).await;
    sets(&alice, &bob, TWELVE_HOURS_AFTER_SENDING).await;
    alice.writes(&bob, "until tonight").await;
    deliver(&[&alice, &bob]).await;
    bob.finds(&alice, "until tonight").await;

    let bob = begins_anew(&world, bob, &path, DAY).await;
    let texts = bob.texts(&alice).await;
    assert!(
        !texts.contains(&"until tonight".to_owned()),
        "not shown: {texts:?}"
    );
    bob.network.set_faults(Faults::default());
    bob.network.learn_clock(Some(-DAY));
    until("it is shown again", async || {
        bob.texts(&alice).await.contains(&"until tonight".to_owned())
    })
    .await;

    // What was learnt holds for the next process; one whose clock was set back does not go by it.
    until("it is kept", async || {
        let kept = bob
            .store
            .read(|reading| reading.network_cache(CachePart::Clock))
            .unwrap();
        kept.is_some_and(|kept| kept.starts_with(&(-DAY).to_le_bytes()))
    })
    .await;
    let ahead = begins_anew(&world, bob, &path, DAY + HOUR).await;
    ahead.finds(&alice, "until tonight").await;
    let right = begins_anew(&world, ahead, &path, 0).await;
    right.finds(&alice, "until tonight").await;
    let network = right.ask(contract::GetPath {}).await;
    assert_eq!(network.clock_offset_ms, 0);

    // And what has disappeared goes for good when relays say so.
    right.network.set_faults(Faults::default());
    right.network.learn_clock(Some(12 * HOUR));
    until("it goes", async || {
        let count = right.store.read(|reading| reading.next_expiry());
        count.unwrap().is_none()
    })
    .await;
    right.network.learn_clock(Some(0));
    assert!(!right.texts(&alice).await.contains(&"until tonight".to_owned()));
}
