//! Stories of making and discarding an account.

use std::sync::Arc;
use std::time::Duration;

use contract::{
    CreateAccount, DiscardAccount, ErrorCode, FinishOnboarding, GetAccount, GetAccountQr, GetPath,
    GetRecoveryPhrase, ListServices, MarkPhraseSeen, NewPath, Origin, RestoreAccount, SetDeviceOnline, Stage,
};
use engine::Mode;
use tests::simulated_network::World;
use tests::story::onboarding::{SLOW, name, stage};
use tests::story::{Device, alice, bob, deliver, person, stranger, until};

#[tokio::test]
async fn onboarding_goes_on_where_it_was_left() {
    let world = World::new(51);
    let device = Device::new(&world);
    let engine = device.open(1).await;
    assert_eq!(stage(&engine).await, Stage::Landing);
    assert_eq!(
        engine.request(GetAccount {}).await.unwrap_err().code,
        ErrorCode::NoAccount
    );
    let account = engine.request(CreateAccount {}).await.unwrap();
    assert_eq!(
        (account.account_id.0.len(), account.origin),
        (66, Origin::Created)
    );
    assert_eq!(
        engine.request(CreateAccount {}).await.unwrap_err().code,
        ErrorCode::AccountExists
    );
    engine.close().await;

    let engine = device.open(2).await;
    assert_eq!(stage(&engine).await, Stage::Name);
    assert_eq!(
        engine.request(name("  ")).await.unwrap_err().code,
        ErrorCode::NameEmpty
    );
    assert_eq!(
        engine.request(name(&"ü".repeat(51))).await.unwrap_err().code,
        ErrorCode::NameLong
    );
    let named = engine.request(name(" Alice ")).await.unwrap();
    assert_eq!(
        (named.display_name.as_str(), stage(&engine).await),
        ("Alice", Stage::Notifications)
    );
    engine.request(SLOW).await.unwrap();
    assert_eq!(stage(&engine).await, Stage::SavePhrase);
    engine.request(FinishOnboarding {}).await.unwrap();
    assert_eq!(stage(&engine).await, Stage::Home);
    assert_eq!(
        engine.request(DiscardAccount {}).await.unwrap_err().code,
        ErrorCode::AccountExists
    );
    let qr = engine.request(GetAccountQr {}).await.unwrap();
    assert_eq!(qr.rows.len(), usize::from(qr.size));
}

#[tokio::test]
async fn a_discarded_account_leaves_nothing() {
    let world = World::new(52);
    let device = Device::new(&world);
    let engine = device.open(1).await;
    let first = engine.request(CreateAccount {}).await.unwrap().account_id;
    engine.request(DiscardAccount {}).await.unwrap();
    assert_eq!(stage(&engine).await, Stage::Landing);
    assert_eq!(
        engine.request(GetRecoveryPhrase {}).await.unwrap_err().code,
        ErrorCode::NoAccount
    );
    assert_ne!(engine.request(CreateAccount {}).await.unwrap().account_id, first);
}

#[tokio::test]
async fn an_account_can_be_discarded_while_its_swarm_keeps_it_waiting() {
    let world = World::new(61);
    let device = Device::new(&world);
    let hangs = tests::simulated_network::Faults {
        hangs: true,
        ..Default::default()
    };
    device.network.set_faults(hangs);
    let engine = device.open(1).await;
    engine
        .request(RestoreAccount {
            phrase: "000102030405060708090a0b0c0d0e0f".into(),
        })
        .await
        .unwrap();
    engine.request(SLOW).await.unwrap();
    until("the swarm is asked", async || device.network.requests() > 0).await;
    engine.request(DiscardAccount {}).await.unwrap();
    device.network.set_faults(Default::default());
    engine.request(CreateAccount {}).await.unwrap();
    // The look for the other account's messages does not stand in the way of this one's.
    engine.request(contract::PollNow {}).await.unwrap();
}

#[tokio::test]
async fn eng_22_the_reminder_comes_with_the_third_conversation_and_leaves_when_the_words_are_seen() {
    let world = World::new(56);
    let alice = alice(&world).await;
    let reminder = async || alice.ask(GetAccount {}).await.phrase_reminder;
    alice.writes(&alice, "a note does not count").await;
    for byte in 1..=3 {
        assert!(!reminder().await, "before conversation {byte}");
        let conversation = contract::ConversationId(stranger(byte).account_id().to_hex());
        alice
            .ask(contract::SendText {
                conversation,
                text: "hi".to_owned(),
                reply_to: None,
                preview: None,
            })
            .await;
    }
    assert!(reminder().await);
    assert!(!alice.ask(MarkPhraseSeen {}).await.phrase_reminder);
    let conversation = contract::ConversationId(stranger(4).account_id().to_hex());
    alice
        .ask(contract::SendText {
            conversation,
            text: "hi".to_owned(),
            reply_to: None,
            preview: None,
        })
        .await;
    assert!(!reminder().await, "it never returns");
}

#[tokio::test]
async fn a_short_visit_reports_what_to_notify_about() {
    let world = World::new(57);
    let bob = bob(&world).await;
    let mut device = Device::new(&world);
    device.mode = Mode::OnDemand;
    let alice = person(&world, device, "Alice", 4).await;
    let out = alice.writes(&bob, "sent on a visit").await;
    world.clock.advance(1);
    bob.writes(&alice, "one").await;
    world.clock.advance(1);
    bob.writes(&alice, "two").await;
    bob.rests().await;
    let report = alice.engine.poll_once(Duration::from_secs(20)).await.unwrap();
    assert!(report.complete);
    assert_eq!(alice.status(out).await, contract::MessageStatus::Sent);
    let shown: Vec<_> = report
        .notifications
        .iter()
        .map(|one| (one.name.as_str(), one.request))
        .collect();
    assert_eq!(shown, [("Bob", false), ("Bob", false)]);
    assert_eq!(report.unread, 2);
    let again = alice.engine.poll_once(Duration::from_secs(20)).await.unwrap();
    assert_eq!((again.notifications, again.unread), (vec![], 2));
    deliver(&[&bob]).await;
    assert_eq!(bob.texts(&alice).await, ["sent on a visit", "one", "two"]);
}

#[tokio::test]
async fn eng_15_of_a_message_request_only_the_first_message_notifies() {
    let world = World::new(58);
    let bob = bob(&world).await;
    let mut device = Device::new(&world);
    device.mode = Mode::OnDemand;
    let alice = person(&world, device, "Alice", 4).await;
    for text in ["one", "two"] {
        bob.writes(&alice, text).await;
        world.clock.advance(1);
    }
    bob.rests().await;
    let first = alice.engine.poll_once(Duration::from_secs(20)).await.unwrap();
    assert_eq!(
        first
            .notifications
            .iter()
            .map(|one| one.request)
            .collect::<Vec<_>>(),
        [true]
    );
    bob.writes(&alice, "three").await;
    bob.rests().await;
    let second = alice.engine.poll_once(Duration::from_secs(20)).await.unwrap();
    assert_eq!(second.notifications, []);
}

#[tokio::test]
async fn the_path_and_the_services_are_shown_as_they_are() {
    let world = World::new(59);
    let alice = alice(&world).await;
    let before = alice.ask(GetPath {}).await;
    assert_eq!(
        (before.connection, before.relays.len()),
        (contract::Connection::Connected, 3)
    );
    alice.ask(NewPath {}).await;
    assert_ne!(alice.ask(GetPath {}).await.relays, before.relays);
    alice.ask(SetDeviceOnline { online: false }).await;
    assert_eq!(
        alice.ask(GetPath {}).await.connection,
        contract::Connection::Offline
    );
    assert_eq!(alice.refused(contract::PollNow {}).await, ErrorCode::Offline);
    let services = alice.ask(ListServices {}).await;
    assert_eq!(services[0].addresses, ["http://127.0.0.1:1/"]);
    assert_eq!(services[1].addresses, ["http://files.test/"]);
    assert!(services[2].addresses.is_empty());
}

#[tokio::test]
async fn eng_01_a_wrong_device_clock_does_not_leave_the_device() {
    let world = World::new(60);
    let bob = bob(&world).await;
    let mut device = Device::new(&world);
    let behind = engine::ManualClock::new(tests::simulated_network::START.plus_ms(-3_600_000));
    device.clock = Arc::new(behind);
    device.network = tests::simulated_network::SimulatedNetwork::with_clock_offset(&world, 3_600_000);
    let alice = person(&world, device, "Alice", 4).await;
    alice.writes(&bob, "on time").await;
    let sent = alice.rows(&bob).await[0].sent_at_ms.0;
    assert_eq!(sent, tests::simulated_network::START.0);
}
