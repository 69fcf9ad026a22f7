//! The files of a conversation: looking through them, saving and sending on; which are fetched without asking.

use anyhow::{Context, ensure};
use app_tests::{App, Patience};

use crate::attachments::{Friends, PICTURE, send_file, wait_painted};
use crate::interaction::menu_of;

/// Three and a half seconds, 96 by 72 pixels.
const FILM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/engine/pictures/film.mp4");

/// Waits until a film has been played for a second.
async fn wait_played(app: &App) -> anyhow::Result<()> {
    let script = "const film = document.querySelector('[data-testid=film]'); \
        return Boolean(film && film.videoWidth === 96 && film.currentTime >= 1)";
    app.wait_true("the film is played", script, Patience::SCREEN)
        .await
}

/// Waits until the viewer shows another file than `before`, painted; answers with the one it shows.
async fn wait_shown(app: &App, before: Option<&str>) -> anyhow::Result<String> {
    let shown = async {
        loop {
            let script = "const image = document.querySelector('[data-testid=viewer-image]'); \
                return image && image.naturalWidth > 0 ? image.dataset.attachment : null";
            let shown = app.script(script).await?;
            match shown.as_str() {
                Some(shown) if Some(shown) != before => return anyhow::Ok(shown.to_owned()),
                _ => {}
            }
        }
    };
    tokio::time::timeout(Patience::SCREEN.0, shown)
        .await
        .context("the viewer shows nothing else")?
}

#[tokio::test]
async fn files_are_looked_through_saved_and_sent_on() -> anyhow::Result<()> {
    let friends = Friends::meet().await?;
    let (alice, bob) = (&friends.alice, &friends.bob);
    let folder = tempfile::tempdir()?;
    let letter = folder.path().join("letter.pdf");
    std::fs::write(&letter, b"%PDF-1.7 a letter")?;
    let letter = letter.to_str().context("a path in UTF-8")?;

    // Fetched without asking, as Bob says in the details.
    bob.click("conv-name").await?;
    bob.wait_attribute("d-auto", "aria-pressed", "false", Patience::SCREEN)
        .await?;
    bob.click("d-auto").await?;
    bob.wait_attribute("d-auto", "aria-pressed", "true", Patience::SCREEN)
        .await?;
    bob.click("back").await?;
    send_file(alice, "att-input-media", PICTURE, "the first").await?;
    send_file(alice, "att-input-media", PICTURE, "see https://example.org/terns").await?;
    send_file(alice, "att-input-file", letter, "the letter").await?;
    wait_painted(bob, 2).await?;
    bob.wait_text("att-name", "letter.pdf", Patience::NETWORK).await?;

    menu_of(bob, "the letter").await?;
    bob.click("menu-save").await?;
    bob.wait_text("toast", "letter.pdf", Patience::SCREEN).await?;
    let saved = std::fs::read(friends.bobs_phone.downloads().join("letter.pdf"))?;
    assert_eq!(saved, b"%PDF-1.7 a letter");

    bob.click("conv-name").await?;
    bob.click("d-media").await?;
    bob.wait_count("gallery-item", 2, Patience::SCREEN).await?;
    bob.wait_count("gallery-month", 1, Patience::SCREEN).await?;
    bob.click("gallery-item").await?;
    let newest = wait_shown(bob, None).await?;
    bob.click("viewer-older").await?;
    let oldest = wait_shown(bob, Some(&newest)).await?;
    bob.click("viewer-newer").await?;
    assert_eq!(wait_shown(bob, Some(&oldest)).await?, newest);
    bob.click("viewer-save").await?;
    bob.wait_text("toast", "upright.jpg", Patience::SCREEN).await?;
    assert!(friends.bobs_phone.downloads().join("upright.jpg").exists());
    bob.click("viewer-forward").await?;
    bob.wait("picker-list", Patience::SCREEN).await?;
    bob.click("contact").await?;
    bob.wait_text("dlg-body", "Alice", Patience::SCREEN).await?;
    bob.click("forward-send").await?;
    bob.wait_count("att-image", 3, Patience::SCREEN).await?;
    alice.wait_count("att-download", 1, Patience::NETWORK).await?;

    bob.click("conv-name").await?;
    bob.click("d-media").await?;
    bob.click("gallery-files").await?;
    bob.wait_text("gallery-file", "letter.pdf", Patience::SCREEN)
        .await?;
    bob.click("gallery-links").await?;
    // What was sent on says the same.
    bob.wait_count("gallery-link", 2, Patience::SCREEN).await?;
    bob.wait_text("gallery-link", "https://example.org/terns", Patience::SCREEN)
        .await?;
    friends.part().await
}

#[tokio::test]
async fn films_are_played_in_the_conversation_and_as_large_as_the_window() -> anyhow::Result<()> {
    let friends = Friends::meet().await?;
    let (alice, bob) = (&friends.alice, &friends.bob);
    send_file(alice, "att-input-media", FILM, "a film").await?;
    bob.click("att-download").await?;
    bob.click("dlg-alt").await?;
    for app in [bob, alice] {
        app.wait("film-play", Patience::NETWORK).await?;
        ensure!(!app.shows("film").await, "nothing is played unasked");
        app.click("film-play").await?;
        wait_played(app).await?;
    }
    menu_of(bob, "a film").await?;
    bob.click("menu-info").await?;
    bob.wait_text("info", "0:03", Patience::SCREEN).await?;
    bob.click("info-close").await?;

    bob.click("conv-name").await?;
    bob.click("d-media").await?;
    bob.click("gallery-item").await?;
    bob.wait("film", Patience::SCREEN).await?;
    bob.script("document.querySelector('[data-testid=film]').play()")
        .await?;
    wait_played(bob).await?;
    friends.part().await
}
