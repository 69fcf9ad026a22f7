//! Two devices of one account agree on what the account is, whom it knows and what was read. Spec: sync

use contract::{
    Block, ConversationView, DeleteContact, DeleteConversation, Disappearing, DisappearingMode,
    GetPreferences, HideNoteToSelf, ListConversations, MarkRead, MarkUnread, Mute, MuteConversation,
    OpenConversation, Preferences, SetCommunityRequests, SetDisappearing, SetPreferences, Theme, Unblock,
};
use tests::simulated_network::{Faults, World};
use tests::story::settings::{name, pin, rename, set_nickname};
use tests::story::{Device, Person, alice, bob, deliver, friends, until};

/// Pushes of the first reach the second.
async fn settle(people: &[&Person]) {
    for _ in 0..2 {
        for person in people {
            person.looks().await;
        }
    }
}

async fn conversation(of: &Person, with: &Person) -> ConversationView {
    of.ask(OpenConversation {
        conversation: with.conversation(),
    })
    .await
}

#[tokio::test]
async fn a_second_device_has_the_account_as_it_is() {
    let world = World::new(1);
    let (alice, bob) = friends(&world).await;
    set_nickname(&alice, &bob, "Robert").await;
    pin(&alice, &bob).await;
    deliver(&[&alice, &bob]).await;
    alice.looks().await;

    let tablet = alice.tablet(9).await;
    assert_eq!(name(&tablet).await, "Alice");
    let seen = conversation(&tablet, &bob).await;
    assert_eq!((seen.nickname.as_str(), seen.pinned), ("Robert", true));
    assert_eq!(tablet.home().await, ["Robert"]);
    assert!(
        tablet.requests().await.is_empty(),
        "whom one device accepted is no stranger to the other"
    );
}

#[tokio::test]
async fn what_one_device_sets_the_other_has_and_both_ways() {
    let world = World::new(2);
    let (alice, bob) = friends(&world).await;
    let tablet = alice.tablet(9).await;
    let with = bob.conversation();

    let setting = Some(Disappearing {
        mode: DisappearingMode::AfterRead,
        seconds: 300,
    });
    rename(&tablet, "Alicia").await;
    set_nickname(&tablet, &bob, "Rob").await;
    tablet
        .ask(MuteConversation {
            conversation: with.clone(),
            mute: Some(Mute::Ever),
        })
        .await;
    tablet
        .ask(SetDisappearing {
            conversation: with.clone(),
            setting,
        })
        .await;
    pin(&alice, &bob).await;
    let preferences = Preferences {
        theme: Theme::Dark,
        ..Preferences::default()
    };
    tablet.ask(SetCommunityRequests { taken: true }).await;
    tablet.ask(SetPreferences { preferences }).await;
    settle(&[&tablet, &alice]).await;
    let hers = alice.ask(GetPreferences {}).await;
    assert_eq!(
        (hers.community_requests, hers.theme),
        (true, Theme::System),
        "looks are of one device"
    );
    for device in [&alice, &tablet] {
        let seen = conversation(device, &bob).await;
        assert_eq!(name(device).await, "Alicia");
        assert_eq!((seen.nickname.as_str(), seen.pinned), ("Rob", true));
        assert!(seen.muted.is_some());
        assert_eq!(seen.disappearing, setting);
    }

    alice
        .ask(Block {
            conversation: with.clone(),
        })
        .await;
    settle(&[&alice, &tablet]).await;
    assert!(tablet.home().await.is_empty());
    bob.writes(&alice, "unheard").await;
    deliver(&[&bob, &alice, &tablet]).await;
    tablet
        .ask(Unblock {
            conversation: with.clone(),
        })
        .await;
    settle(&[&tablet, &alice]).await;
    bob.writes(&alice, "heard").await;
    deliver(&[&bob, &alice, &tablet]).await;
    for device in [&alice, &tablet] {
        let texts = device.texts(&bob).await;
        assert!(
            texts.contains(&"heard".to_owned()) && !texts.contains(&"unheard".to_owned()),
            "{texts:?}"
        );
    }
}

#[tokio::test]
async fn what_was_read_here_is_read_there_and_a_mark_travels() {
    let world = World::new(3);
    let (alice, bob) = friends(&world).await;
    let tablet = alice.tablet(9).await;
    settle(&[&alice, &tablet]).await;
    world.clock.advance(60_000);
    bob.writes(&alice, "one").await;
    bob.writes(&alice, "two").await;
    deliver(&[&bob, &alice, &tablet]).await;
    let unread = async |device: &Person| {
        let page = device.ask(ListConversations { offset: 0, limit: 10 }).await;
        page.rows.iter().map(|row| row.unread).sum::<u32>()
    };
    assert_eq!(unread(&tablet).await, 2);
    let newest = alice.rows(&bob).await.last().expect("two rows").id;
    alice
        .ask(MarkRead {
            conversation: bob.conversation(),
            up_to: newest,
        })
        .await;
    settle(&[&alice, &tablet]).await;
    assert_eq!(unread(&tablet).await, 0);
    let marked = async |device: &Person| {
        let page = device.ask(ListConversations { offset: 0, limit: 10 }).await;
        page.rows.iter().any(|row| row.marked_unread)
    };
    tablet
        .ask(MarkUnread {
            conversation: bob.conversation(),
        })
        .await;
    settle(&[&tablet, &alice]).await;
    assert!(marked(&alice).await);
    alice
        .ask(contract::MarkAllRead {
            conversation: bob.conversation(),
        })
        .await;
    settle(&[&alice, &tablet]).await;
    assert!(!marked(&tablet).await);
}

#[tokio::test]
async fn a_deleted_conversation_goes_everywhere_and_comes_back_when_somebody_writes() {
    let world = World::new(4);
    let (alice, bob) = friends(&world).await;
    let tablet = alice.tablet(9).await;
    settle(&[&alice, &tablet]).await;
    assert_eq!(tablet.home().await, ["Bob"]);
    world.clock.advance(600_000);
    alice
        .ask(DeleteConversation {
            conversation: bob.conversation(),
        })
        .await;
    settle(&[&alice, &tablet]).await;
    assert!(tablet.home().await.is_empty() && alice.home().await.is_empty());
    world.clock.advance(600_000);
    bob.writes(&alice, "still there?").await;
    deliver(&[&bob, &alice, &tablet]).await;
    settle(&[&alice, &tablet]).await;
    for device in [&alice, &tablet] {
        assert_eq!(device.home().await, ["Bob"]);
        assert_eq!(device.texts(&bob).await, ["still there?"]);
    }
}

#[tokio::test]
async fn a_removed_contact_is_removed_everywhere() {
    let world = World::new(5);
    let (alice, bob) = friends(&world).await;
    let tablet = alice.tablet(9).await;
    settle(&[&alice, &tablet]).await;
    world.clock.advance(600_000);
    tablet
        .ask(DeleteContact {
            conversation: bob.conversation(),
        })
        .await;
    settle(&[&tablet, &alice]).await;
    assert!(alice.home().await.is_empty());
    world.clock.advance(600_000);
    bob.writes(&alice, "it is me").await;
    deliver(&[&bob, &alice, &tablet]).await;
    settle(&[&alice, &tablet]).await;
    for device in [&alice, &tablet] {
        assert_eq!(device.requests().await, ["Bob"]);
    }
}

#[tokio::test]
async fn accepting_on_one_device_accepts_on_the_other() {
    let world = World::new(6);
    let (alice, bob) = (alice(&world).await, bob(&world).await);
    let tablet = bob.tablet(9).await;
    alice.writes(&bob, "hello").await;
    deliver(&[&alice, &bob, &tablet]).await;
    assert_eq!(
        (bob.requests().await.len(), tablet.requests().await.len()),
        (1, 1)
    );
    bob.accepts(&alice).await;
    settle(&[&bob, &tablet]).await;
    assert!(tablet.requests().await.is_empty());
    assert_eq!(tablet.home().await, ["Alice"]);
}

#[tokio::test]
async fn notes_are_hidden_and_shown_everywhere() {
    let world = World::new(7);
    let alice = alice(&world).await;
    alice.writes(&alice, "milk").await;
    deliver(&[&alice]).await;
    let tablet = alice.tablet(9).await;
    settle(&[&alice, &tablet]).await;
    assert_eq!(tablet.home().await.len(), 1);
    for hidden in [true, false] {
        alice.ask(HideNoteToSelf { hidden }).await;
        settle(&[&alice, &tablet]).await;
        assert_eq!(tablet.home().await.is_empty(), hidden);
    }
}

#[tokio::test]
async fn a_device_that_has_read_nothing_overwrites_nothing() {
    let world = World::new(8);
    let (alice, bob) = friends(&world).await;
    set_nickname(&alice, &bob, "Robert").await;
    deliver(&[&alice, &bob]).await;
    alice.looks().await;

    // The swarm answers nothing, nonsense, or half; somebody does not want to wait and types a name.
    let device = Device::new(&world);
    let network = device.network.clone();
    network.set_faults(Faults {
        nonsense: Some(serde_json::json!({ "results": [], "messages": [], "more": false })),
        ..Faults::default()
    });
    let phrase = alice.ask(contract::GetRecoveryPhrase {}).await.words.join(" ");
    let engine = device.open(9).await;
    let tablet = Person::returning(&world, device, engine, alice.id);
    tablet
        .ask(contract::RestoreAccount {
            phrase: phrase.into(),
        })
        .await;
    tablet
        .ask(contract::SetNotificationMode {
            mode: contract::NotificationMode::Slow,
        })
        .await;
    tablet.ask(contract::SkipRestoreWait {}).await;
    rename(&tablet, "X").await;
    for faults in [
        Faults {
            nonsense: Some(serde_json::json!({ "results": [], "messages": [], "more": false })),
            ..Faults::default()
        },
        Faults {
            refusal: Some(503),
            ..Faults::default()
        },
        Faults {
            lost_replies: 100,
            ..Faults::default()
        },
    ] {
        network.set_faults(faults);
        // Nobody answers, or nothing that could be believed.
        let _ = tablet.engine.request(contract::PollNow {}).await;
    }
    assert_eq!(name(&tablet).await, "X");

    network.set_faults(Faults::default());
    settle(&[&tablet, &alice]).await;
    for device in [&tablet, &alice] {
        assert_eq!(name(device).await, "Alice");
        assert_eq!(conversation(device, &bob).await.nickname, "Robert");
    }
}

#[tokio::test]
async fn edits_made_apart_both_survive() {
    let world = World::new(9);
    let (alice, bob) = friends(&world).await;
    let tablet = alice.tablet(9).await;
    settle(&[&alice, &tablet]).await;
    // Both are offline: neither sees the other's edit before its own is made.
    set_nickname(&alice, &bob, "Robert").await;
    pin(&tablet, &bob).await;
    rename(&tablet, "Alicia").await;
    settle(&[&alice, &tablet]).await;
    settle(&[&alice, &tablet]).await;
    for device in [&alice, &tablet] {
        let seen = conversation(device, &bob).await;
        assert_eq!((seen.nickname.as_str(), seen.pinned), ("Robert", true));
        assert_eq!(name(device).await, "Alicia");
    }
}

#[tokio::test]
async fn an_edit_reaches_the_other_device_by_itself() {
    let world = World::new(10);
    let (alice, bob) = friends(&world).await;
    let tablet = alice.tablet(9).await;
    settle(&[&alice, &tablet]).await;
    set_nickname(&alice, &bob, "Robert").await;
    until("the other device has it", async || {
        world.clock.advance(500);
        conversation(&tablet, &bob).await.nickname == "Robert"
    })
    .await;
}
