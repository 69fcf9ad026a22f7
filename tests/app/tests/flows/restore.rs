//! Flows about coming back: by the words, against a slow network, after clearing; and hiding the words.

use std::time::Duration;

use app_tests::{App, Patience, Person, World, compact};

use crate::lists::{pinned, row_menu};

/// Waits until everything that devices share is on the network, and goes back home.
async fn in_step(app: &App) -> anyhow::Result<()> {
    app.click("home-avatar").await?;
    app.click("set-devices").await?;
    app.wait_count("dev-part", 4, Patience::SCREEN).await?;
    app.wait_gone_text("dev-part", "waiting", Patience::NETWORK)
        .await?;
    app.wait_gone_text("dev-part", "Not yet", Patience::NETWORK)
        .await?;
    app.click("back").await?;
    app.click("back").await?;
    app.wait("home-new", Patience::SCREEN).await?;
    Ok(())
}

/// Alice at home with Bob as a contact, whose conversation is pinned; her Account ID.
async fn alice_with_bob(world: &World, alices: &Person) -> anyhow::Result<(App, String)> {
    let (alice, id) = world.create_account(alices, "Alice").await?;
    let bob = world.person("bob")?;
    bob.create_account("Bob").await?;
    bob.send(&id, "hello Alice").await?;
    alice.click("home-requests").await?;
    alice.click("home-row").await?;
    alice.click("req-accept").await?;
    alice.wait_gone("req-accept", Patience::SCREEN).await?;
    alice.click("back").await?;
    alice.click("back").await?;
    row_menu(&alice, "Bob").await?;
    alice.click("row-pin").await?;
    in_step(&alice).await?;
    Ok((alice, id))
}

/// From the first screen of a new device to the loading of an account.
async fn restore(app: &App, phrase: &str) -> anyhow::Result<()> {
    app.click("landing-restore").await?;
    app.paste("restore-input", phrase).await?;
    app.click("restore-continue").await?;
    app.click("notif-continue").await
}

/// The name and the Account ID on the settings screen; ends at home.
async fn identity(app: &App) -> anyhow::Result<(String, String)> {
    app.click("home-avatar").await?;
    let shown = app.text("settings").await?;
    let id = compact(&app.text("set-id").await?);
    app.click("back").await?;
    app.wait("home-new", Patience::SCREEN).await?;
    Ok((shown, id))
}

#[tokio::test]
async fn flow_09_restore_by_words() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, id) = alice_with_bob(&world, &world.person("alice")?).await?;
    let typed = alice.recovery_phrase().await?.to_uppercase().replace(' ', ", ");

    let tablets = world.person("tablet")?;
    let tablet = world.link(&tablets, &typed).await?;
    let report = "Restored: 1 contact, 0 groups, 0 communities, messages from the last 14 days.";
    tablet
        .wait_text("restore-report", report, Patience::NETWORK)
        .await?;
    tablet.wait_text("home-list", "Bob", Patience::NETWORK).await?;
    assert_eq!(pinned(&tablet).await?, ["Bob"]);
    assert!(!tablet.shows("notice-phrase").await);
    let (shown, tablet_id) = identity(&tablet).await?;
    assert!(shown.contains("Alice"), "{shown}");
    assert_eq!(tablet_id, id);

    tablet.click("restore-report-more").await?;
    tablet
        .wait_text("restore-part", "Found", Patience::SCREEN)
        .await?;
    tablet
        .wait_gone_text("restore-part", "Still looking", Patience::NETWORK)
        .await?;
    tablet.click("dlg-ok").await?;
    tablet.click("restore-report-close").await?;
    tablet.wait_gone("restore-report", Patience::SCREEN).await?;
    tablet.close().await?;

    let tablet = world.open(&tablets).await?;
    tablet.wait_text("home-list", "Bob", Patience::SCREEN).await?;
    assert!(!tablet.shows("restore-report").await);
    tablet.close().await?;
    alice.close().await
}

#[tokio::test]
async fn flow_11_slow_restore_does_no_harm() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, id) = alice_with_bob(&world, &world.person("alice")?).await?;
    let phrase = alice.recovery_phrase().await?;

    world.network.refuse_swarm_of(&id).await?;
    let tablet = world.open(&world.person("tablet")?).await?;
    restore(&tablet, &phrase).await?;
    assert_eq!(compact(&tablet.text("load-id").await?), id);
    tablet
        .wait("load-skip", Patience(Duration::from_secs(30)))
        .await?;
    tablet.click("load-skip").await?;
    tablet.fill("name-input", "X").await?;
    tablet.click("name-continue").await?;
    tablet
        .wait_text("restore-report", "Restored: 0 contacts", Patience::SCREEN)
        .await?;
    let (shown, _) = identity(&tablet).await?;
    assert!(shown.contains('X') && !shown.contains("Alice"), "{shown}");

    world.network.accept_again().await;
    let toast = "Your earlier settings were found and restored.";
    tablet
        .wait_text("toast", toast, Patience(Duration::from_secs(120)))
        .await?;
    tablet.wait_text("home-list", "Bob", Patience::NETWORK).await?;
    let (shown, _) = identity(&tablet).await?;
    assert!(shown.contains("Alice"), "{shown}");
    // The first device is as it was, also once both are in step.
    in_step(&tablet).await?;
    in_step(&alice).await?;
    let (shown, _) = identity(&alice).await?;
    assert!(shown.contains("Alice"), "{shown}");
    assert_eq!(pinned(&alice).await?, ["Bob"]);
    tablet.close().await?;
    alice.close().await
}

#[tokio::test]
async fn flow_49_clear_this_phone() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alices = world.person("alice")?;
    let (alice, id) = alice_with_bob(&world, &alices).await?;
    alice.click("home-avatar").await?;
    alice.click("set-clear").await?;
    alice.wait("clear-device", Patience::SCREEN).await?;
    alice.click("clear-go").await?;
    // The phrase was never opened: it has to be saved first.
    alice.wait("clear-phrase", Patience::SCREEN).await?;
    alice.click("phrase-show").await?;
    alice.wait_gone("phrase-show", Patience::SCREEN).await?;
    let phrase = alice.phrase_words().await?;
    alice.click("phrase-done").await?;
    alice
        .wait_text("dlg-title", "Clear this phone?", Patience::SCREEN)
        .await?;
    alice.click("dlg-ok").await?;
    // In the same process, without a restart.
    alice.wait("landing-restore", Patience::NETWORK).await?;

    restore(&alice, &phrase).await?;
    alice
        .wait_text("restore-report", "Restored: 1 contact", Patience::NETWORK)
        .await?;
    alice.wait_text("home-list", "Bob", Patience::NETWORK).await?;
    let (shown, restored) = identity(&alice).await?;
    assert!(shown.contains("Alice"), "{shown}");
    assert_eq!(restored, id);
    alice.close().await
}

#[tokio::test]
async fn flow_clear_the_network_as_well() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alices = world.person("alice")?;
    let (alice, id) = alice_with_bob(&world, &alices).await?;
    let phrase = alice.recovery_phrase().await?;
    alice.click("home-avatar").await?;
    alice.click("set-clear").await?;
    alice.click("clear-network").await?;

    world.network.refuse_swarm_of(&id).await?;
    alice.click("clear-go").await?;
    alice
        .wait_text("dlg-title", "Delete everything?", Patience::SCREEN)
        .await?;
    alice.click("dlg-ok").await?;
    alice
        .wait_text(
            "dlg-body",
            "Your data may stay there up to 14 days.",
            Patience(Duration::from_secs(120)),
        )
        .await?;
    assert!(alice.shows("dlg-alt").await);

    world.network.accept_again().await;
    alice.click("dlg-ok").await?;
    alice
        .wait("landing-restore", Patience(Duration::from_secs(120)))
        .await?;

    // Nothing of it is left on the network.
    restore(&alice, &phrase).await?;
    alice.wait("name-input", Patience::NETWORK).await?;
    alice.close().await
}

#[tokio::test]
async fn flow_hide_the_phrase() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, _) = world.create_account(&world.person("alice")?, "Alice").await?;
    alice.click("home-avatar").await?;
    alice.click("set-recovery").await?;
    alice.click("rec-hide").await?;
    alice
        .wait_text("dlg-title", "Hide the recovery phrase?", Patience::SCREEN)
        .await?;
    alice.click("dlg-ok").await?;
    alice
        .wait_text("dlg-title", "Are you certain?", Patience::SCREEN)
        .await?;
    alice.click("rec-hide-yes").await?;
    alice.wait("set-devices", Patience::SCREEN).await?;
    alice.wait_gone("set-recovery", Patience::SCREEN).await?;
    alice.click("set-devices").await?;
    alice.click("dev-link").await?;
    alice
        .wait_text(
            "dev-link-sheet",
            "Use your written phrase on the new device.",
            Patience::SCREEN,
        )
        .await?;
    assert!(!alice.shows("dev-link-show").await);
    alice.click("dlg-cancel").await?;
    alice.click("back").await?;
    alice.click("set-clear").await?;
    alice
        .wait_text(
            "clear-phrase-hidden",
            "This phone can no longer show your phrase.",
            Patience::SCREEN,
        )
        .await?;
    alice.close().await
}
