//! Flows about messages that cannot be opened, and the log for whoever is to help.

use std::fs;

use app_tests::{Patience, World, compact};

#[tokio::test]
async fn flow_a_damaged_store_is_given_up_for_the_phrase() -> anyhow::Result<()> {
    let world = World::start().await?;
    let phone = world.person("alice")?;
    let (app, account_id) = world.create_account(&phone, "Alice").await?;
    let phrase = app.recovery_phrase().await?;
    app.click("home-avatar").await?;
    app.click("set-devices").await?;
    let stored = "const parts = [...document.querySelectorAll('[data-testid=dev-part]')]; \
        return parts.length > 0 && parts.every(part => part.innerText.includes('In step'))";
    app.wait_true("the network has the name", stored, Patience::NETWORK)
        .await?;
    app.close().await?;
    for file in ["tern.db", "tern.db-wal"] {
        let file = phone.data().join(file);
        if file.exists() {
            fs::write(file, vec![7; 40_000])?;
        }
    }

    let app = world.open(&phone).await?;
    app.wait_text("start-error", "could not be opened", Patience::SCREEN)
        .await?;
    app.click("start-again").await?;
    app.wait_text("start-error", "could not be opened", Patience::SCREEN)
        .await?;

    // The log is read before it is saved, and names nobody.
    app.click("start-logs").await?;
    app.wait_text("logs-text", "Tern ", Patience::SCREEN).await?;
    app.click("logs-save").await?;
    app.wait_gone("logs", Patience::SCREEN).await?;
    let log = fs::read_to_string(phone.downloads().join("tern-log.txt"))?;
    assert!(log.lines().count() > 1, "something went wrong: {log}");
    let home = phone.data().to_string_lossy().into_owned();
    for secret in [account_id.as_str(), "Alice", &home] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }

    // Given up after two questions only.
    app.click("start-over").await?;
    app.wait_text("dlg-body", "older than 14 days", Patience::SCREEN)
        .await?;
    app.click("dlg-cancel").await?;
    app.wait_gone("dialog", Patience::SCREEN).await?;
    app.click("start-over").await?;
    app.click("dlg-ok").await?;
    app.wait_text("dlg-title", "Do you have your recovery phrase?", Patience::SCREEN)
        .await?;
    app.click("dlg-ok").await?;
    app.paste("restore-input", &phrase).await?;
    app.click("restore-continue").await?;
    app.click("notif-continue").await?;
    app.wait("home-new", Patience::NETWORK).await?;
    app.click("home-avatar").await?;
    assert_eq!(compact(&app.text("set-id").await?), account_id);
    app.close().await
}

/// A function of a compiled module that does nothing but trap, as a panic of the UI ends.
const TRAP: &str = "const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 97, 0, 0, \
    10, 5, 1, 3, 0, 0, 11]; \
    const module = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))); \
    setTimeout(module.exports.a);";

#[tokio::test]
async fn flow_a_broken_page_says_so_and_begins_anew() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (app, _) = world.create_account(&world.person("alice")?, "Alice").await?;
    app.script(TRAP).await?;
    app.wait_text("broken", "Your messages are safe", Patience::SCREEN)
        .await?;
    app.script(TRAP).await?;
    app.click("broken-again").await?;
    app.wait_gone("broken", Patience::SCREEN).await?;
    app.wait("home-new", Patience::SCREEN).await?;
    app.close().await
}
