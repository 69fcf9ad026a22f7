//! Flows about backups: made with its passphrase checked, brought back on another device, a conversation taken out.

use anyhow::Context;
use app_tests::{App, Patience, World};

use crate::messages::write_to;

async fn open_data(app: &App) -> anyhow::Result<()> {
    app.click("home-avatar").await?;
    app.click("set-data").await?;
    app.wait("data", Patience::SCREEN).await?;
    Ok(())
}

/// The words that are shown, in order.
async fn words(app: &App) -> anyhow::Result<Vec<String>> {
    app.wait("bk-words", Patience::SCREEN).await?;
    let script =
        "return [...document.querySelectorAll('[data-testid=bk-words] li')].map(word => word.textContent)";
    let all = async {
        loop {
            let found: Vec<String> = serde_json::from_value(app.script(script).await?)?;
            if found.len() == 6 {
                return anyhow::Ok(found);
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Patience::SCREEN.0, all).await?
}

#[tokio::test]
async fn flow_backup_and_restore_on_another_device() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alices = world.person("alice")?;
    let (alice, _) = world.create_account(&alices, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    write_to(&alice, &bob_id, "to be kept").await?;
    alice.wait_text("msg", "to be kept", Patience::SCREEN).await?;
    alice.click("back").await?;

    let folder = tempfile::tempdir()?;
    alices.choose_place(folder.path())?;
    open_data(&alice).await?;
    alice.click("bk-now").await?;
    let words = words(&alice).await?;
    alice.click("dlg-ok").await?;
    alice.fill("bk-word-2", &words[1]).await?;
    alice.fill("bk-word-5", "zork").await?;
    alice.click("dlg-ok").await?;
    alice
        .wait_text("bk-check-error", "That is not word 5", Patience::SCREEN)
        .await?;
    alice.fill("bk-word-5", &words[4]).await?;
    alice.click("dlg-ok").await?;
    alice.click("bk-folder").await?;
    alice.click("bk-account").await?;
    alice.click("dlg-ok").await?;
    alice
        .wait_text("dlg-title", "Backup made", Patience::NETWORK)
        .await?;
    alice.click("dlg-ok").await?;
    let file = std::fs::read_dir(folder.path())?
        .next()
        .context("a backup")??
        .path();
    assert_eq!(
        file.extension().and_then(|ending| ending.to_str()),
        Some("ternbackup")
    );
    alice.close().await?;

    let other = world.person("other")?;
    other.choose_place(&file)?;
    let tablet = world.open(&other).await?;
    tablet.click("landing-restore").await?;
    tablet.click("restore-backup").await?;
    tablet.click("bk-file").await?;
    tablet
        .fill("bk-pass", "abbey abbey abbey abbey abbey abbey")
        .await?;
    tablet.click("dlg-ok").await?;
    tablet
        .wait_text("bk-error", "Wrong backup passphrase", Patience::NETWORK)
        .await?;
    tablet.fill("bk-pass", &words.join(" ")).await?;
    tablet.click("dlg-ok").await?;
    tablet
        .wait_text(
            "dlg-body",
            "1 message and 0 files brought back.",
            Patience::NETWORK,
        )
        .await?;
    tablet.click("dlg-ok").await?;
    tablet.wait("notif-continue", Patience::SCREEN).await?;
    tablet.close().await?;
    bob.close().await
}

#[tokio::test]
async fn flow_export_a_conversation() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alices = world.person("alice")?;
    let (alice, alice_id) = world.create_account(&alices, "Alice").await?;
    write_to(&alice, &alice_id, "a note of mine").await?;
    alice.wait_text("msg", "a note of mine", Patience::SCREEN).await?;
    let folder = tempfile::tempdir()?;
    alices.choose_place(folder.path())?;
    alice.click("conv-name").await?;
    alice.click("d-export").await?;
    alice
        .wait_text("dlg-body", "This copy is not encrypted.", Patience::SCREEN)
        .await?;
    alice.click("dlg-ok").await?;
    alice
        .wait_text("dlg-title", "Exported", Patience::NETWORK)
        .await?;
    let made = std::fs::read_dir(folder.path())?
        .next()
        .context("a folder")??
        .path();
    let page = std::fs::read_to_string(made.join("conversation.html"))?;
    assert!(page.contains("a note of mine"), "{page}");
    alice.close().await
}
