//! The app with others: the command line on the other side, and nodes that die in between.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, ensure};
use app_tests::{Patience, Person, World};
use serde_json::Value as Json;
use tokio::process::Command;

use crate::messages::{open_by_id, write_to};

/// Runs `tern` on a person's device; its answers, one JSON value a line.
async fn tern(person: &Person, arguments: &[&str]) -> anyhow::Result<Vec<Json>> {
    let app = std::env::var_os("TERN_APP").map(PathBuf::from);
    let here = std::env::current_exe()?;
    let program = app
        .iter()
        .map(PathBuf::as_path)
        .chain(here.ancestors())
        .map(|path| path.with_file_name("tern"))
        .find(|path| path.is_file())
        .context("`tern` is not built: `cargo build -p cli`")?;
    let output = Command::new(program)
        .arg("--data")
        .arg(person.data())
        .arg("--network")
        .arg(person.profile())
        .arg("--passphrase-file")
        .arg(person.passphrase_file())
        .arg("--json")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .await?;
    ensure!(
        output.status.success(),
        "tern {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8(output.stdout)?;
    Ok(lines
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?)
}

#[tokio::test]
async fn app_and_tern_exchange_messages() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (app, app_id) = world.create_account(&world.person("alice")?, "Alice").await?;
    let bob = world.person("bob")?;
    let account = tern(&bob, &["account", "create", "--name", "Bob"]).await?;
    let bob_id = account
        .first()
        .and_then(|account| account["account_id"].as_str())
        .context("an id")?;

    write_to(&app, bob_id, "hello, command line").await?;
    app.wait_text("msg-status", "Sent", Patience::NETWORK).await?;
    let heard = tern(&bob, &["listen", "--for", "5s"]).await?;
    ensure!(
        heard
            .iter()
            .any(|line| line["text"] == "hello, command line" && line["from"] == app_id.as_str()),
        "{heard:?}"
    );
    let sent = tern(&bob, &["send", "--to", &app_id, "--text", "hello, window"]).await?;
    assert_eq!(
        sent.first().map(|sent| &sent["status"]),
        Some(&Json::from("sent"))
    );
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
