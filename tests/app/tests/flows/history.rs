//! Flows about moving history from one device of an account to another.

use app_tests::{App, Patience, World};

use crate::messages::write_to;

const DAY_MS: i64 = 24 * 3_600_000;

/// From home to the screen, on both devices.
async fn open_move(device: &App) -> anyhow::Result<()> {
    device.click("home-avatar").await?;
    device.click("set-devices").await?;
    device.click("dev-move").await?;
    device.wait("move", Patience::SCREEN).await?;
    Ok(())
}

/// Lets both devices find each other; both show the same code.
async fn meet(old: &App, new: &App) -> anyhow::Result<()> {
    old.click("mv-send").await?;
    old.wait_text("mv-address", "127.0.0.1:", Patience::SCREEN)
        .await?;
    new.click("mv-receive").await?;
    new.wait("mv-code", Patience::NETWORK).await?;
    let code = new.text("mv-code").await?;
    old.wait_text("mv-code", &code, Patience::SCREEN).await?;
    Ok(())
}

#[tokio::test]
async fn flow_moving_history() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (old, _) = world.create_account(&world.person("old")?, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    bob.close().await?;
    write_to(&old, &bob_id, "remember the harbour").await?;
    old.wait_text("msg", "remember the harbour", Patience::NETWORK)
        .await?;
    old.click("back").await?;
    let phrase = old.recovery_phrase().await?;

    // By now the network may forget the message, and knows the account still.
    world.network.set_clock_offset(20 * DAY_MS);
    let tablet = world.person("tablet")?;
    tablet.set_clock_offset(20 * DAY_MS)?;
    let new = world.link(&tablet, &phrase).await?;

    // Nothing moves when the people do not see the same code.
    for device in [&old, &new] {
        open_move(device).await?;
    }
    meet(&old, &new).await?;
    new.click("mv-no").await?;
    for device in [&old, &new] {
        device
            .wait_text("mv-failed", "The codes were not the same", Patience::SCREEN)
            .await?;
        device.click("mv-again").await?;
    }

    meet(&old, &new).await?;
    old.click("mv-yes").await?;
    old.wait("mv-confirmed", Patience::SCREEN).await?;
    assert!(!new.shows("mv-progress").await, "one has not confirmed yet");
    new.click("mv-yes").await?;
    for device in [&old, &new] {
        device.wait("mv-done", Patience::NETWORK).await?;
    }
    // What came depends on what the network has forgotten by now; what was sent does not.
    old.wait_text("mv-counts", "1 message and 0 files", Patience::SCREEN)
        .await?;
    for device in [&old, &new] {
        device.click("mv-finish").await?;
    }
    for _ in 0..2 {
        new.click("back").await?;
    }
    new.click("home-row").await?;
    new.wait_text("msg", "remember the harbour", Patience::SCREEN)
        .await?;

    // Who leaves the screen is no longer found.
    old.click("dev-move").await?;
    old.click("mv-send").await?;
    old.wait("mv-waiting", Patience::SCREEN).await?;
    old.click("back").await?;
    old.click("dev-move").await?;
    old.wait("mv-send", Patience::SCREEN).await?;
    old.close().await?;
    new.close().await
}
