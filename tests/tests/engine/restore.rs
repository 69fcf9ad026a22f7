//! Stories of bringing an account to another device.

use std::time::Duration;

use contract::{
    CheckPhrase, ErrorCode, GetRecoveryPhrase, GetRestoreProgress, Origin, RestoreAccount, SkipRestoreWait,
    Stage,
};
use tests::simulated_network::World;
use tests::story::onboarding::{SLOW, name, stage, until_looked_up};
use tests::story::{Device, Person, alice, bob, friends, stranger, until};

#[tokio::test]
async fn eng_20_an_account_that_the_network_does_not_know_is_asked_for_its_name() {
    let world = World::new(54);
    let engine = Device::new(&world).open(3).await;
    let words =
        protocol::account::recovery_phrase::encode(&protocol::account::Seed::from_bytes(&[42; 16]).unwrap());
    let phrase = words.join(" ");
    engine
        .request(RestoreAccount {
            phrase: phrase.into(),
        })
        .await
        .unwrap();
    engine.request(SLOW).await.unwrap();
    until_looked_up(&world, &engine).await;
    assert_eq!(stage(&engine).await, Stage::RestoreName);
    let progress = engine.request(GetRestoreProgress {}).await.unwrap();
    assert_eq!(progress.settings_found, Some(false));
    engine.request(name("Nobody")).await.unwrap();
    assert_eq!(stage(&engine).await, Stage::Home);
}

#[tokio::test]
async fn eng_20_a_restored_account_is_looked_for_and_has_its_name() {
    let world = World::new(53);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    bob.writes(&alice, "are you still there?").await;
    bob.rests().await;
    alice.looks().await;
    let phrase = alice.ask(GetRecoveryPhrase {}).await;
    assert_eq!(phrase.words.len(), 13);

    let device = Device::new(&world);
    device.network.set_faults(tests::simulated_network::Faults {
        lost_requests: 100,
        ..Default::default()
    });
    let engine = device.open(3).await;
    let typed = phrase.words.join(", ").to_uppercase();
    let restored = engine
        .request(RestoreAccount { phrase: typed.into() })
        .await
        .unwrap();
    assert_eq!(
        (restored.account_id.0, restored.origin),
        (alice.id.to_hex(), Origin::Restored)
    );
    assert_eq!(stage(&engine).await, Stage::Notifications);
    engine.request(SLOW).await.unwrap();
    until("the silence is told", async || {
        let progress = engine.request(GetRestoreProgress {}).await.unwrap();
        progress.failure.is_some()
    })
    .await;
    let progress = engine.request(GetRestoreProgress {}).await.unwrap();
    assert_eq!(
        (progress.swarm_found, progress.failure.unwrap().code),
        (false, ErrorCode::OfflineRestore)
    );
    assert_eq!(stage(&engine).await, Stage::Loading);

    device.network.set_faults(Default::default());
    until_looked_up(&world, &engine).await;
    assert_eq!(stage(&engine).await, Stage::Home);
    let progress = engine.request(GetRestoreProgress {}).await.unwrap();
    assert_eq!(
        (
            progress.swarm_found,
            progress.settings_found,
            progress.messages_fetched
        ),
        (true, Some(true), true)
    );
    assert_eq!(
        engine
            .request(contract::GetAccount {})
            .await
            .unwrap()
            .display_name,
        "Alice"
    );
    let tablet = Person::returning(&world, device, engine, alice.id);
    assert_eq!(tablet.texts(&bob).await, ["are you still there?"]);
}

#[tokio::test]
async fn waiting_for_a_restored_account_can_be_skipped() {
    let world = World::new(54);
    let device = Device::new(&world);
    device.network.set_faults(tests::simulated_network::Faults {
        hangs: true,
        ..Default::default()
    });
    let engine = device.open(1).await;
    let phrase = "000102030405060708090a0b0c0d0e0f".to_owned();
    engine
        .request(RestoreAccount {
            phrase: phrase.into(),
        })
        .await
        .unwrap();
    engine.request(SLOW).await.unwrap();
    engine.request(SkipRestoreWait {}).await.unwrap();
    assert_eq!(stage(&engine).await, Stage::RestoreName);
    let progress = engine.request(GetRestoreProgress {}).await.unwrap();
    assert_eq!((progress.swarm_found, progress.messages_fetched), (false, false));
}

#[tokio::test]
async fn phrases_that_are_none_are_told_apart() {
    let world = World::new(55);
    let engine = Device::new(&world).open(1).await;
    let good = "amaze buffet cake entrance symptoms tiger lamb maze nestle python dusted faxed faxed";
    let id = stranger(1).account_id().to_hex();
    let cases = [
        (String::new(), ErrorCode::PhraseShort),
        ("amaze".to_owned(), ErrorCode::PhraseShort),
        (good.replace("tiger", "zork"), ErrorCode::PhraseWord),
        (format!("{good} lamb lamb lamb"), ErrorCode::PhraseCheck),
        (
            good.replace("amaze buffet", "buffet amaze"),
            ErrorCode::PhraseCheck,
        ),
        (id, ErrorCode::PhraseIsId),
    ];
    for (phrase, code) in cases {
        let check = engine
            .request(CheckPhrase {
                text: phrase.as_str().into(),
            })
            .await
            .unwrap();
        assert_eq!(
            check.failure.as_ref().map(|failure| failure.code),
            Some(code),
            "{phrase}"
        );
        assert_eq!(
            engine
                .request(RestoreAccount {
                    phrase: phrase.into()
                })
                .await
                .unwrap_err(),
            check.failure.unwrap()
        );
    }
    let check = engine
        .request(CheckPhrase {
            text: good.to_uppercase().into(),
        })
        .await
        .unwrap();
    assert_eq!(
        (check.words.len(), check.words[0].word.as_deref(), check.failure),
        (13, Some("amaze"), None)
    );
}

/// A new device of Alice's on which nobody waited for the silent network; its account is about to be named.
async fn gave_up_waiting(world: &std::sync::Arc<World>, alice: &Person) -> Person {
    let words = alice.ask(GetRecoveryPhrase {}).await.words.join(" ");
    let device = Device::new(world);
    device.network.set_faults(tests::simulated_network::Faults {
        lost_requests: 100,
        ..Default::default()
    });
    let engine = device.open(3).await;
    let tablet = Person::returning(world, device, engine, alice.id);
    tablet.ask(RestoreAccount { phrase: words.into() }).await;
    tablet.ask(SLOW).await;
    tablet.ask(SkipRestoreWait {}).await;
    assert_eq!(stage(&tablet.engine).await, Stage::RestoreName);
    tablet
}

/// Lets the network answer, and waits until the device says that it found the settings after all.
async fn settings_turn_up(world: &World, tablet: &Person) {
    let mut events = tablet.engine.events();
    tablet.network.set_faults(Default::default());
    let told = async {
        loop {
            while let Some(event) = events.try_next() {
                if event == contract::Event::SettingsFound {
                    return;
                }
            }
            world.clock.advance(5_000);
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), told)
        .await
        .expect("the settings are found");
}

async fn display_name(of: &Person) -> String {
    of.ask(contract::GetAccount {}).await.display_name
}

#[tokio::test]
async fn eng_21_settings_that_turn_up_later_win_over_a_name_that_was_typed() {
    let world = World::new(56);
    let (alice, _) = friends(&world).await;
    let tablet = gave_up_waiting(&world, &alice).await;
    tablet.ask(name("X")).await;
    assert_eq!(display_name(&tablet).await, "X");
    settings_turn_up(&world, &tablet).await;
    assert_eq!(display_name(&tablet).await, "Alice");
    world.clock.advance(60_000);
    alice.looks().await;
    assert_eq!(display_name(&alice).await, "Alice");
}

#[tokio::test]
async fn eng_21_a_name_that_was_not_typed_yet_needs_not_be() {
    let world = World::new(57);
    let (alice, _) = friends(&world).await;
    let tablet = gave_up_waiting(&world, &alice).await;
    settings_turn_up(&world, &tablet).await;
    assert_eq!(stage(&tablet.engine).await, Stage::Home);
    assert_eq!(display_name(&tablet).await, "Alice");
}

/// A screen with a code on it.
fn screen(code: &contract::QrView) -> Vec<u8> {
    const MODULE: usize = 5;
    let side = (usize::from(code.size) + 20) * MODULE;
    let shade = |x: u32, y: u32| {
        let at = |pixel: u32| (pixel as usize / MODULE).checked_sub(10);
        let row = at(y).and_then(|y| code.rows.get(y));
        let module = row.zip(at(x)).and_then(|(row, x)| row.as_bytes().get(x));
        image::Luma([if module == Some(&b'1') { 0 } else { 255 }])
    };
    let screen = image::GrayImage::from_fn(side as u32, side as u32, shade);
    let mut png = std::io::Cursor::new(Vec::new());
    screen.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

#[tokio::test]
async fn a_picture_of_the_code_brings_the_account_and_other_pictures_bring_none() {
    let world = World::new(58);
    let alice = alice(&world).await;
    let phrase = alice.ask(GetRecoveryPhrase {}).await.qr;
    let account = alice.ask(contract::GetAccountQr {}).await;
    let engine = Device::new(&world).open(3).await;
    let scan = async |picture| engine.restore_from_picture(picture).await;

    let empty = contract::QrView {
        size: 1,
        rows: vec!["0".to_owned()],
    };
    assert_eq!(scan(screen(&empty)).await, Ok(None));
    for refused in [screen(&account), b"no picture".to_vec(), Vec::new()] {
        assert_eq!(scan(refused).await.unwrap_err().code, ErrorCode::QrNotPhrase);
    }
    assert_eq!(stage(&engine).await, Stage::Landing);

    let restored = scan(screen(&phrase)).await.unwrap().unwrap();
    assert_eq!(
        (restored.account_id.0, restored.origin),
        (alice.id.to_hex(), Origin::Restored)
    );
    assert_eq!(stage(&engine).await, Stage::Notifications);
    let again = scan(screen(&phrase)).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::AccountExists);
}

#[tokio::test]
async fn a_picture_of_an_account_id_finds_its_person_and_other_codes_nobody() {
    let world = World::new(60);
    let (alice, bob) = friends(&world).await;
    let scan = async |picture| alice.engine.recipient_in_picture(picture).await;
    let of_bob = screen(&bob.ask(contract::GetAccountQr {}).await);
    let found = scan(of_bob.clone()).await.unwrap().unwrap();
    assert_eq!((found.id, found.name.as_str()), (bob.conversation(), "Bob"));
    let own = scan(screen(&alice.ask(contract::GetAccountQr {}).await)).await;
    assert_eq!(own.unwrap().unwrap().kind, contract::ConversationKind::NoteToSelf);

    let empty = contract::QrView {
        size: 1,
        rows: vec!["0".to_owned()],
    };
    assert_eq!(scan(screen(&empty)).await, Ok(None));
    let phrase = bob.ask(GetRecoveryPhrase {}).await.qr;
    for refused in [screen(&phrase), b"no picture".to_vec(), Vec::new()] {
        assert_eq!(scan(refused).await.unwrap_err().code, ErrorCode::QrNotId);
    }
    let nobody = Device::new(&world).open(4).await;
    let refused = nobody.recipient_in_picture(of_bob).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NoAccount);
}

#[tokio::test]
async fn messages_from_before_a_restore_do_not_notify() {
    let world = World::new(59);
    let (alice, bob) = friends(&world).await;
    bob.writes(&alice, "long ago").await;
    bob.rests().await;
    world.clock.advance(60_000);
    let mut device = Device::new(&world);
    device.mode = engine::Mode::OnDemand;
    let tablet = alice.on(device, 3).await;
    let visit = async || {
        let report = tablet.engine.poll_once(Duration::from_secs(20)).await.unwrap();
        report.notifications.len()
    };
    assert_eq!(visit().await, 0);
    assert!(tablet.texts(&bob).await.contains(&"long ago".to_owned()));
    world.clock.advance(60_000);
    bob.writes(&alice, "just now").await;
    bob.rests().await;
    assert_eq!(visit().await, 1);
}
