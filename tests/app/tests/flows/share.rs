//! Flows about files that are shared into the app.

use app_tests::{Patience, World};

use crate::attachments::{PICTURE, wait_painted};
use crate::messages::acquaint;

const PASSPHRASE: &str = "seven green herons";

#[tokio::test]
async fn flow_51_share_in() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alices = world.person("alice")?.without_keychain();
    let alice = world.open(&alices).await?;
    alice.fill("unlock-input", PASSPHRASE).await?;
    alice.fill("unlock-again", PASSPHRASE).await?;
    alice.click("unlock-continue").await?;
    let alice_id = world.onboard(&alice, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    acquaint((&alice, &alice_id), (&bob, &bob_id), "hello").await?;
    alice.close().await?;

    // A locked app asks first, and nothing of the conversations shows before.
    let alice = world.share(&alices, &[PICTURE]).await?;
    alice.wait("unlock", Patience::SCREEN).await?;
    assert!(!alice.shows("share").await);
    alice.fill("unlock-input", PASSPHRASE).await?;
    alice.click("unlock-continue").await?;
    alice.wait("share", Patience::SCREEN).await?;
    alice.fill("picker-search", "nobody of that name").await?;
    alice.wait("picker-nobody", Patience::SCREEN).await?;
    alice.fill("picker-search", "Bo").await?;
    alice.wait_count("contact", 1, Patience::SCREEN).await?;
    alice.wait_text("contact", "Bob", Patience::SCREEN).await?;
    alice.click("contact").await?;
    alice.wait_count("att-chosen", 1, Patience::SCREEN).await?;
    alice.fill("att-caption", "from the gallery").await?;
    alice.click("att-send").await?;
    alice
        .wait_text("msg", "from the gallery", Patience::SCREEN)
        .await?;

    bob.wait_text("msg", "from the gallery", Patience::NETWORK)
        .await?;
    bob.click("att-download").await?;
    bob.click("dlg-alt").await?;
    wait_painted(&bob, 1).await?;
    alice.close().await?;
    bob.close().await
}

#[tokio::test]
async fn what_cannot_be_shared_is_told() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alices = world.person("alice")?;
    let app = world.share(&alices, &[PICTURE]).await?;
    app.wait_text("dlg-body", "Create an account in", Patience::SCREEN)
        .await?;
    app.click("dlg-ok").await?;
    world.onboard(&app, "Alice").await?;
    app.close().await?;

    let folder = tempfile::tempdir()?;
    let letter = folder.path().join("letter.pdf");
    std::fs::write(&letter, b"%PDF-1.7 a letter")?;
    let letter = letter.to_string_lossy().into_owned();
    let app = world.share(&alices, &[PICTURE, &letter]).await?;
    app.wait_text("dlg-body", "Only photos and videos", Patience::SCREEN)
        .await?;
    app.click("dlg-ok").await?;
    app.wait("home-new", Patience::SCREEN).await?;
    app.close().await?;

    // One file of any kind may be; to oneself, too.
    let app = world.share(&alices, &[&letter]).await?;
    app.wait("share", Patience::SCREEN).await?;
    app.click("back").await?;
    app.wait("home-new", Patience::SCREEN).await?;
    app.close().await
}
