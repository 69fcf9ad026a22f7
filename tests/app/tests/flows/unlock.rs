//! Flows about a device without a keychain.

use app_tests::{App, Patience, World};

const PASSPHRASE: &str = "seven green herons";

async fn focus(app: &App) -> anyhow::Result<String> {
    let value = app
        .script("return document.activeElement.dataset.testid || ''")
        .await?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn no_keychain_asks_for_a_passphrase() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alice = world.person("alice")?.without_keychain();

    // The first time one is chosen.
    let app = world.open(&alice).await?;
    app.fill("unlock-input", "herons7").await?;
    app.fill("unlock-again", "herons7").await?;
    app.click("unlock-continue").await?;
    app.wait_text("unlock-error", "at least 8 characters", Patience::SCREEN)
        .await?;
    assert_eq!(focus(&app).await?, "unlock-input");
    app.fill("unlock-input", PASSPHRASE).await?;
    app.fill("unlock-again", "seven green heron").await?;
    app.click("unlock-continue").await?;
    app.wait_text("unlock-error", "do not match", Patience::SCREEN)
        .await?;
    assert_eq!(focus(&app).await?, "unlock-again");
    app.fill("unlock-again", PASSPHRASE).await?;
    app.click("unlock-continue").await?;
    app.click("landing-create").await?;
    app.wait("name-input", Patience::SCREEN).await?;
    app.close().await?;

    // From then on nothing else opens the messages.
    let app = world.open(&alice).await?;
    app.wait("unlock", Patience::SCREEN).await?;
    assert!(!app.shows("unlock-again").await, "there is nothing to choose");
    app.fill("unlock-input", "eight green herons").await?;
    app.click("unlock-continue").await?;
    app.wait_text("unlock-error", "does not open your messages", Patience::SCREEN)
        .await?;
    assert_eq!(focus(&app).await?, "unlock-input");
    app.fill("unlock-input", PASSPHRASE).await?;
    assert_eq!(app.text_of(&app.all("unlock-error").await[0]).await?, "");
    app.click("unlock-continue").await?;
    app.wait("name-input", Patience::SCREEN).await?;
    app.close().await
}
