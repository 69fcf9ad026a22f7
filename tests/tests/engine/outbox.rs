//! Stories of a network that does not do what it should while somebody writes.

use std::time::Duration;

use contract::{ErrorCode, Event, GetMessage, MessageStatus, RetryMessage, SetDeviceOnline};
use engine::Clock;
use tests::simulated_network::{Faults, World};
use tests::story::{Person, alice, bob, deliver, event};

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600_000;

async fn state(person: &Person, message: contract::MessageId) -> (MessageStatus, Option<ErrorCode>) {
    let row = person.ask(GetMessage { message }).await;
    (row.status.unwrap(), row.failure.map(|failure| failure.code))
}

#[tokio::test]
async fn obx_04_a_message_is_tried_again_and_arrives_once() {
    let world = World::new(21);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    alice.network.set_faults(Faults {
        lost_replies: 100,
        ..Faults::default()
    });
    let message = alice.writes(&bob, "hello").await;
    alice.rests().await;
    assert_eq!(
        state(&alice, message).await,
        (MessageStatus::Queued, Some(ErrorCode::SendSwarm))
    );
    for wait in [5, 15, 60, 300] {
        let before = alice.network.requests();
        world.clock.advance(wait * SECOND - 1);
        alice.rests().await;
        let idle = alice.network.requests();
        world.clock.advance(1);
        alice.rests().await;
        // The inbox asks every few seconds as well; a try of the outbox makes at least one request more.
        assert!(alice.network.requests() > before && idle >= before);
        assert_eq!(alice.status(message).await, MessageStatus::Queued);
    }
    alice.network.set_faults(Faults::default());
    world.clock.advance(HOUR);
    alice.rests().await;
    assert_eq!(state(&alice, message).await, (MessageStatus::Sent, None));
    deliver(&[&alice, &bob]).await;
    assert_eq!(
        bob.texts(&alice).await,
        ["hello"],
        "each try had stored it, under the same hash"
    );
}

#[tokio::test]
async fn obx_06_after_a_day_it_fails_and_is_sent_when_retried() {
    let world = World::new(22);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    alice.ask(SetDeviceOnline { online: false }).await;
    let message = alice.writes(&bob, "hello").await;
    alice.rests().await;
    assert_eq!(
        state(&alice, message).await,
        (MessageStatus::Queued, Some(ErrorCode::SendNet))
    );
    for _ in 0..23 {
        world.clock.advance(HOUR);
        alice.rests().await;
        assert_eq!(alice.status(message).await, MessageStatus::Queued);
    }
    world.clock.advance(HOUR);
    alice.rests().await;
    assert_eq!(
        state(&alice, message).await,
        (MessageStatus::Failed, Some(ErrorCode::SendNet))
    );

    alice.ask(SetDeviceOnline { online: true }).await;
    alice.rests().await;
    assert_eq!(
        alice.status(message).await,
        MessageStatus::Failed,
        "given up until somebody asks"
    );
    let sent_at = alice.rows(&bob).await[0].sent_at_ms;
    alice.ask(RetryMessage { message }).await;
    deliver(&[&alice, &bob]).await;
    assert_eq!(alice.status(message).await, MessageStatus::Sent);
    let rows = bob.rows(&alice).await;
    assert_eq!(
        (rows.len(), rows[0].sent_at_ms),
        (1, sent_at),
        "the same identity as at first"
    );
}

#[tokio::test]
async fn obx_05_what_was_written_offline_goes_when_the_connection_returns() {
    let world = World::new(23);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    alice.ask(SetDeviceOnline { online: false }).await;
    let mut messages = Vec::new();
    for text in ["one", "two", "three"] {
        messages.push(alice.writes(&bob, text).await);
        world.clock.advance(HOUR);
        alice.rests().await;
    }
    for message in &messages {
        assert_eq!(
            alice.status(*message).await,
            MessageStatus::Queued,
            "never Sent while offline"
        );
    }
    alice.ask(SetDeviceOnline { online: true }).await;
    deliver(&[&alice, &bob]).await;
    for message in messages {
        assert_eq!(alice.status(message).await, MessageStatus::Sent);
    }
    assert_eq!(bob.texts(&alice).await, ["one", "two", "three"]);
}

#[tokio::test]
async fn obx_07_a_refusal_for_good_fails_at_once_and_says_why() {
    let world = World::new(24);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    alice.network.set_faults(Faults {
        refusal: Some(400),
        ..Faults::default()
    });
    let message = alice.writes(&bob, "hello").await;
    alice.rests().await;
    let row = alice.ask(GetMessage { message }).await;
    let failure = row.failure.unwrap();
    assert_eq!(row.status, Some(MessageStatus::Failed));
    assert_eq!(
        (failure.code, failure.values["reason"].as_str()),
        (ErrorCode::SendRefused, "because")
    );
}

#[tokio::test]
async fn obx_09_sending_ends_after_a_minute_even_when_nobody_answers() {
    let world = World::new(25);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    alice.network.set_faults(Faults {
        hangs: true,
        ..Faults::default()
    });
    let mut events = alice.engine.events();
    let message = alice.writes(&bob, "hello").await;
    let changed = |wanted: &Event| matches!(wanted, Event::MessageChanged { message: changed, .. } if *changed == message);
    event(&mut events, changed).await;
    assert_eq!(alice.status(message).await, MessageStatus::Sending);
    // The second try follows at once; after it there is a wait of some seconds in which the state shows.
    let began = world.clock.now();
    let queued = async {
        while state(&alice, message).await != (MessageStatus::Queued, Some(ErrorCode::SendSwarm)) {
            world.clock.advance(SECOND);
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), queued)
        .await
        .expect("it is queued again");
    assert!(world.clock.now().since_ms(began) >= 60 * SECOND);
}

#[tokio::test]
async fn obx_08_nonsense_is_no_confirmation() {
    let world = World::new(26);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    let other = "A".repeat(43);
    let swarm = format!(
        r#"{{"swarm": {{"{}": {{"hash": "{other}", "signature": ""}}}}}}"#,
        "00".repeat(32)
    );
    for nonsense in ["{}", "null", "[1]", r#"{"swarm": {}}"#, &swarm] {
        let nonsense = Some(serde_json::from_str(nonsense).unwrap());
        alice.network.set_faults(Faults {
            nonsense,
            ..Faults::default()
        });
        let message = alice.writes(&bob, "hello").await;
        alice.rests().await;
        assert_eq!(alice.status(message).await, MessageStatus::Queued);
    }
}

#[tokio::test]
async fn through_loss_repetition_and_reordering_everything_arrives_exactly_once() {
    for seed in 100..110 {
        let world = World::new(seed);
        let (alice, bob) = (alice(&world).await, bob(&world).await);
        let bad = Faults {
            latency_ms: 3_000,
            lost_requests: 20,
            lost_replies: 20,
            repeated: 30,
            hesitation: 20,
            ..Faults::default()
        };
        alice.network.set_faults(bad.clone());
        bob.network.set_faults(bad);
        let texts: Vec<String> = (0..12).map(|number| format!("message {number}")).collect();
        for text in &texts {
            alice.writes(&bob, text).await;
            world.clock.advance(700);
            tokio::task::yield_now().await;
        }
        let sent = async {
            while alice.store.read(|reading| reading.count_queued()).unwrap() > 0 {
                world.clock.advance(500);
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), sent)
            .await
            .expect("everything is sent");
        bob.network.set_faults(Faults::default());
        // Whoever is still waiting for a slow answer gets it.
        world.clock.advance(10_000);
        bob.looks().await;
        bob.looks().await;
        assert_eq!(bob.texts(&alice).await, texts, "seed {seed}");
        assert_eq!(alice.texts(&bob).await, texts, "seed {seed}");
    }
}
