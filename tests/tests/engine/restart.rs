//! Stories of a process that ends at the worst moments.

use std::sync::Arc;

use contract::{ConversationId, MessageStatus, SendText};
use engine::Engine;
use protocol::account::AccountId;
use tests::simulated_network::{Faults, World};
use tests::story::{Device, Person, bob, deliver, file_store, person};

/// Lets go of an engine as a killed process does, and waits until nothing of it holds the store.
async fn kill(engine: Engine, device: Device) {
    drop(engine);
    let store = device.store;
    drop(device.network);
    while Arc::strong_count(&store) > 1 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn obx_02_whenever_the_process_dies_the_recipient_has_exactly_one_copy() {
    for seed in 0..50_u64 {
        let world = World::new(seed);
        let bob = bob(&world).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tern.db");
        let first = Device::with_store(&world, file_store(&path));
        first.network.set_faults(Faults {
            hesitation: 40,
            lost_replies: 30,
            ..Faults::default()
        });
        let alice = person(&world, first, "Alice", seed).await;
        let id: AccountId = alice.id;
        let message = alice.writes(&bob, "only once").await;
        // Somewhere between pressing Send and Sent.
        for _ in 0..seed * 7 {
            tokio::task::yield_now().await;
        }
        let Person {
            engine,
            network,
            store,
            ..
        } = alice;
        let clock = Arc::new(world.clock.clone());
        kill(
            engine,
            Device {
                mode: engine::Mode::Active,
                store,
                network,
                clock,
                websites: previews::FixedWebsites::default(),
            },
        )
        .await;

        let second = Device::with_store(&world, file_store(&path));
        let engine = second.open(seed + 1_000).await;
        let alice = Person::returning(&world, second, engine, id);
        world.clock.advance(1);
        deliver(&[&alice, &bob]).await;
        bob.looks().await;
        assert_eq!(bob.texts(&alice).await, ["only once"], "seed {seed}");
        assert_eq!(alice.status(message).await, MessageStatus::Sent, "seed {seed}");
        alice.looks().await;
        assert_eq!(
            alice.texts(&bob).await,
            ["only once"],
            "seed {seed}: the copy of one's own is not a second message"
        );
    }
}

#[tokio::test]
async fn a_second_engine_on_the_same_account_gets_what_the_first_sends() {
    let world = World::new(31);
    let bob = bob(&world).await;
    let alice = person(&world, Device::new(&world), "Alice", 5).await;
    let tablet = alice.tablet(6).await;

    alice.writes(&bob, "from the phone").await;
    deliver(&[&alice, &bob]).await;
    tablet.looks().await;
    assert_eq!(tablet.texts(&bob).await, ["from the phone"]);
    let rows = tablet.rows(&bob).await;
    assert_eq!((rows[0].mine, rows[0].status), (true, Some(MessageStatus::Sent)));

    let conversation = ConversationId(bob.id.to_hex());
    tablet
        .ask(SendText {
            conversation,
            text: "from the tablet".to_owned(),
            reply_to: None,
            preview: None,
        })
        .await;
    tablet.rests().await;
    alice.looks().await;
    bob.looks().await;
    let both = ["from the phone", "from the tablet"];
    assert_eq!(
        (alice.texts(&bob).await, bob.texts(&alice).await),
        (both.map(str::to_owned).into(), both.map(str::to_owned).into())
    );
}

#[tokio::test]
async fn closing_waits_and_what_is_queued_goes_after_the_next_opening() {
    let world = World::new(32);
    let bob = bob(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tern.db");
    let device = Device::with_store(&world, file_store(&path));
    device.network.set_faults(Faults {
        hangs: true,
        ..Faults::default()
    });
    let alice = person(&world, device, "Alice", 7).await;
    let id = alice.id;
    alice.writes(&bob, "later").await;
    let Person {
        engine,
        network,
        store,
        ..
    } = alice;
    engine.close().await;
    drop((network, store));

    let device = Device::with_store(&world, file_store(&path));
    let engine = device.open(8).await;
    let alice = Person::returning(&world, device, engine, id);
    deliver(&[&alice, &bob]).await;
    assert_eq!(bob.texts(&alice).await, ["later"]);
}
