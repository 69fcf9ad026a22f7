//! Flows about the connection.

use std::time::Duration;

use app_tests::{Patience, World};

use crate::messages::open_by_id;

#[tokio::test]
async fn flow_48_path_and_offline() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, _) = world.create_account(&world.person("alice")?, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    alice.click("home-avatar").await?;
    alice.click("set-path").await?;
    alice.wait_text("path", "Connected", Patience::NETWORK).await?;
    alice.wait_count("path-relay", 3, Patience::SCREEN).await?;
    for relay in alice.all("path-relay").await {
        let text = alice.text_of(&relay).await?;
        assert!(
            text.contains("ountry"),
            "each relay names its country or says that it is unknown: {text}"
        );
    }
    alice.click("back").await?;
    alice.click("back").await?;

    world.network.stop_all().await;
    alice
        .wait_attribute(
            "home-avatar",
            "aria-label",
            "Offline",
            Patience(Duration::from_secs(5)),
        )
        .await?;
    open_by_id(&alice, &bob_id).await?;
    alice.fill("comp-input", "from the tunnel").await?;
    alice.click("comp-send").await?;
    alice
        .wait_text("msg-status", "Waiting for network", Patience::SCREEN)
        .await?;

    world.network.restart_all().await?;
    alice.wait_text("msg-status", "Sent", Patience::NETWORK).await?;
    bob.wait_text("home-requests", "1", Patience::NETWORK).await?;
    alice.close().await?;
    bob.close().await
}

#[tokio::test]
async fn a_wrong_clock_is_told_until_it_is_right() -> anyhow::Result<()> {
    let world = World::start().await?;
    let phone = world.person("alice")?;
    phone.set_clock_offset(-10 * 60_000)?;
    let (alice, _) = world.create_account(&phone, "Alice").await?;
    alice
        .wait_text("notice-clock", "wrong by 10 minutes", Patience::NETWORK)
        .await?;
    phone.set_clock_offset(0)?;
    alice.wait_gone("notice-clock", Patience::NETWORK).await?;
    alice.close().await
}
