//! Stories of clearing: this device only, and what the network keeps.

use std::sync::Arc;

use contract::{
    ClearData, ClearScope, CreateAccount, ErrorCode, Failure, GetRecoveryPhrase, GetRestoreProgress,
    GetStartup, SendText, SetDeviceOnline, Stage,
};
use engine::Engine;
use tests::simulated_network::{Faults, World};
use tests::story::settings::set_nickname;
use tests::story::{Device, Person, deliver, friends, until};

const NETWORK: ClearData = ClearData {
    scope: ClearScope::DeviceAndNetwork,
};
const DEVICE: ClearData = ClearData {
    scope: ClearScope::Device,
};

async fn stage(engine: &Engine) -> Stage {
    engine.request(GetStartup {}).await.unwrap().stage
}

/// Alice, whose settings are on the network, with a message from Bob, and the phrase that brings her back.
async fn alice_with_settings(world: &Arc<World>) -> (Person, Person, String) {
    let (alice, bob) = friends(world).await;
    bob.writes(&alice, "are you there?").await;
    deliver(&[&bob, &alice]).await;
    let phrase = alice.ask(GetRecoveryPhrase {}).await.words.join(" ");
    let tablet = alice.tablet(7).await;
    until("the settings reach the network", async || {
        world.clock.advance(1_500);
        tablet.looks().await;
        stage(&tablet.engine).await == Stage::Home
    })
    .await;
    (alice, bob, phrase)
}

/// Where a new device of that phrase comes to, with what it found.
async fn comes_back(world: &Arc<World>, phrase: &str, bob: &Person) -> (Stage, Vec<String>) {
    let device = Device::new(world);
    let engine = device.open(9).await;
    engine
        .request(contract::RestoreAccount {
            phrase: phrase.into(),
        })
        .await
        .unwrap();
    engine
        .request(contract::SetNotificationMode {
            mode: contract::NotificationMode::Slow,
        })
        .await
        .unwrap();
    until("the account is looked up", async || {
        world.clock.advance(1_500);
        stage(&engine).await != Stage::Loading
    })
    .await;
    assert!(
        engine
            .request(GetRestoreProgress {})
            .await
            .unwrap()
            .messages_fetched
    );
    let stage = stage(&engine).await;
    let back = Person::returning(world, device, engine, bob.id);
    let texts = back.texts(bob).await;
    (stage, texts)
}

#[tokio::test]
async fn syn_70_clearing_this_device_leaves_the_network_as_it_is() {
    let world = World::new(701);
    let (alice, bob, phrase) = alice_with_settings(&world).await;
    alice.ask(DEVICE).await;
    assert_eq!(alice.refused(GetStartup {}).await, ErrorCode::NoAccount);
    assert_eq!(alice.refused(CreateAccount {}).await, ErrorCode::NoAccount);
    let (stage, texts) = comes_back(&world, &phrase, &bob).await;
    assert_eq!(
        (stage, texts.last().map(String::as_str)),
        (Stage::Home, Some("are you there?"))
    );
}

#[tokio::test]
async fn syn_71_clearing_the_network_leaves_nothing_at_any_member() {
    let world = World::new(702);
    let (alice, bob, phrase) = alice_with_settings(&world).await;
    // What waits to be pushed or sent must not come after the deletion.
    set_nickname(&alice, &bob, "Bobby").await;
    alice.ask(NETWORK).await;
    world.clock.advance(60_000);
    assert_eq!(alice.refused(GetStartup {}).await, ErrorCode::NoAccount);
    let (stage, texts) = comes_back(&world, &phrase, &bob).await;
    assert_eq!((stage, texts), (Stage::RestoreName, Vec::new()));
}

#[tokio::test]
async fn syn_71_a_silent_member_keeps_everything_here_until_the_user_does_without_it() {
    let world = World::new(703);
    let (alice, bob, _) = alice_with_settings(&world).await;
    let members = world.nodes.swarm_of(&alice.id);
    let silent = members[0];
    world.nodes.silence(silent);
    let mut failure = None::<Failure>;
    until("a member that answers is asked", async || {
        let refused = alice.engine.request(NETWORK).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::ClearNetwork);
        let asked = refused.values["m"] != "0";
        failure = Some(refused);
        asked
    })
    .await;
    let values = failure.unwrap().values;
    assert_eq!((&*values["n"], &*values["m"]), ("1", &*members.len().to_string()));

    // Everything is here and works.
    world.nodes.wake(&silent);
    assert_eq!(stage(&alice.engine).await, Stage::Home);
    assert!(alice.texts(&bob).await.contains(&"are you there?".to_owned()));
    let text = SendText {
        conversation: bob.conversation(),
        text: "still here".to_owned(),
        reply_to: None,
        preview: None,
    };
    alice.ask(text).await;
    deliver(&[&alice, &bob]).await;
    assert!(bob.texts(&alice).await.contains(&"still here".to_owned()));

    alice.ask(NETWORK).await;
    assert_eq!(alice.refused(GetStartup {}).await, ErrorCode::NoAccount);
}

#[tokio::test]
async fn syn_71_what_nobody_signed_confirms_nothing() {
    let world = World::new(704);
    let (alice, _, _) = alice_with_settings(&world).await;
    let members = world.nodes.swarm_of(&alice.id);
    let claimed: serde_json::Map<_, _> = members
        .iter()
        .map(|member| {
            let claim =
                serde_json::json!({"deleted": {}, "signature": data_encoding::BASE64.encode(&[7; 64])});
            (data_encoding::HEXLOWER.encode(member), claim)
        })
        .collect();
    for body in [
        serde_json::json!({ "swarm": claimed }),
        serde_json::json!({ "swarm": {} }),
        serde_json::json!("all deleted"),
    ] {
        alice.network.set_faults(Faults {
            nonsense: Some(body),
            ..Default::default()
        });
        assert_eq!(alice.refused(NETWORK).await, ErrorCode::ClearNetwork);
    }
    alice.network.set_faults(Faults::default());
    assert_eq!(stage(&alice.engine).await, Stage::Home);
}

#[tokio::test]
async fn clearing_the_network_needs_one() {
    let world = World::new(705);
    let (alice, _, _) = alice_with_settings(&world).await;
    alice.ask(SetDeviceOnline { online: false }).await;
    assert_eq!(alice.refused(NETWORK).await, ErrorCode::Offline);
    assert_eq!(stage(&alice.engine).await, Stage::Home);
    alice.ask(DEVICE).await;
    assert_eq!(alice.refused(GetStartup {}).await, ErrorCode::NoAccount);
    assert_eq!(alice.refused(DEVICE).await, ErrorCode::NoAccount);
}
