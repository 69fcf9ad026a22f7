//! The app with others: the command line on the other side, and nodes that die in between.

use anyhow::ensure;
use app_tests::{Patience, World};

use crate::messages::{open_by_id, write_to};

#[tokio::test]
async fn app_and_tern_exchange_messages() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (app, app_id) = world.create_account(&world.person("alice")?, "Alice").await?;
    let bob = world.person("bob")?;
    let bob_id = bob.create_account("Bob").await?;

    write_to(&app, &bob_id, "hello, command line").await?;
    app.wait_text("msg-status", "Sent", Patience::NETWORK).await?;
    let heard = bob.tern(&["listen", "--for", "5s"]).await?;
    ensure!(
        heard
            .iter()
            .any(|line| line["text"] == "hello, command line" && line["from"] == app_id.as_str()),
        "{heard:?}"
    );
    bob.send(&app_id, "hello, window").await?;
    app.wait_text("msg", "hello, window", Patience::NETWORK).await?;
    app.close().await
}

#[tokio::test]
async fn killing_any_node_in_between_loses_nothing() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, alice_id) = world.create_account(&world.person("alice")?, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    open_by_id(&alice, &bob_id).await?;
    open_by_id(&bob, &alice_id).await?;
    for node in 0..world.network.node_count() {
        world.network.stop_node(node).await?;
        let text = format!("without node {node}.");
        alice.fill("comp-input", &text).await?;
        alice.click("comp-send").await?;
        bob.wait_text("msg", &text, Patience::NETWORK).await?;
        world.network.restart_node(node).await?;
    }
    bob.wait_count("msg", world.network.node_count(), Patience::SCREEN)
        .await?;
    alice.close().await?;
    bob.close().await
}
