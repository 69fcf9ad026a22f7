//! Flows about oneself: name and picture as others see them, and the reminder to save the phrase.

use anyhow::{Context, ensure};
use app_tests::{App, Patience, World};

use crate::attachments::PICTURE;
use crate::devices::in_step;
use crate::lists::row_menu;
use crate::messages::{acquaint, write_to};

/// The class that colours an avatar within an element, which every device must choose alike.
async fn colour(app: &App, within: &str) -> anyhow::Result<String> {
    let script = format!(
        "const avatar = document.querySelector('[data-testid={within}] .avatar'); \
         return [...avatar.classList].find(name => /^avatar-\\d+$/.test(name));"
    );
    let class = app.script(&script).await?;
    Ok(class.as_str().context("a coloured avatar")?.to_owned())
}

/// Waits until a picture of a person is painted within an element.
async fn wait_avatar(app: &App, within: &str) -> anyhow::Result<()> {
    let script = format!(
        "const picture = document.querySelector('[data-testid={within}] .avatar-picture'); \
         return Boolean(picture && picture.complete && picture.naturalWidth > 0);"
    );
    app.wait_true(
        &format!("there is a picture in {within}"),
        &script,
        Patience::FILE,
    )
    .await
}

/// From home to the dialog and, after `change`, back home with everything saved.
async fn edit_profile(app: &App, change: impl AsyncFnOnce(&App) -> anyhow::Result<()>) -> anyhow::Result<()> {
    app.click("home-avatar").await?;
    app.click("set-edit").await?;
    let save = app.wait("profile-save", Patience::SCREEN).await?;
    ensure!(!save.is_enabled().await?, "there is nothing to save yet");
    change(app).await?;
    app.click("profile-save").await?;
    app.wait_gone("profile-edit", Patience::NETWORK).await?;
    app.click("back").await?;
    app.wait("home-new", Patience::SCREEN).await?;
    Ok(())
}

#[tokio::test]
async fn flow_46_name_and_picture_reach_others() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alices_phone = world.person("alice")?;
    let (alice, alice_id) = world.create_account(&alices_phone, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    acquaint((&alice, &alice_id), (&bob, &bob_id), "hello").await?;
    alice.click("back").await?;

    // Without a picture: the same colour on her own device and on his, on every screen.
    let own = colour(&alice, "home-avatar").await?;
    ensure!(own == colour(&bob, "conv-avatar").await?, "in his conversation");
    bob.click("back").await?;
    ensure!(own == colour(&bob, "home-row").await?, "in his list");
    let tablet = world.second_device(&alice, &world.person("tablet")?).await?;
    ensure!(
        own == colour(&tablet, "home-avatar").await?,
        "on her other device"
    );
    tablet.click("home-avatar").await?;
    tablet.wait_text("set-name", "Alice", Patience::SCREEN).await?;

    edit_profile(&alice, async |app| {
        app.fill("name-input", "Alicia").await?;
        let input = app.all("profile-pic-input").await.into_iter().next();
        input
            .context("a field for the picture")?
            .send_keys(PICTURE)
            .await?;
        app.wait("profile-crop", Patience::SCREEN).await?;
        Ok(())
    })
    .await?;
    in_step(
        "a name",
        tablet.wait_text("set-name", "Alicia", Patience::NETWORK),
    )
    .await?;
    in_step("a picture", wait_avatar(&tablet, "settings")).await?;
    wait_avatar(&alice, "home-avatar").await?;
    alice.click("home-row").await?;
    alice.fill("comp-input", "this is me").await?;
    alice.click("comp-send").await?;
    bob.wait_text("home-list", "this is me", Patience::NETWORK)
        .await?;
    bob.wait_text("home-list", "Alicia", Patience::SCREEN).await?;
    wait_avatar(&bob, "home-row").await?;
    bob.click("home-row").await?;
    wait_avatar(&bob, "conv-avatar").await?;

    // Taken away again, initials and their colour are back.
    alice.click("back").await?;
    edit_profile(&alice, async |app| app.click("profile-pic-remove").await).await?;
    ensure!(own == colour(&alice, "home-avatar").await?);
    alice.click("home-row").await?;
    alice.fill("comp-input", "and without").await?;
    alice.click("comp-send").await?;
    bob.wait_text("msg", "and without", Patience::NETWORK).await?;
    ensure!(!bob.shows("avatar-picture").await, "his picture of her is gone");
    ensure!(own == colour(&bob, "conv-avatar").await?);
    tablet.close().await?;
    alice.close().await?;
    bob.close().await
}

#[tokio::test]
async fn flow_46_what_is_no_picture_is_refused() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, _) = world.create_account(&world.person("alice")?, "Alice").await?;
    alice.click("home-avatar").await?;
    alice.click("set-edit").await?;
    let input = alice.all("profile-pic-input").await.into_iter().next();
    let input = input.context("a field for the picture")?;
    input
        .send_keys(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .await?;
    alice
        .wait_text("profile-pic-error", "could not be saved", Patience::SCREEN)
        .await?;
    let save = alice.wait("profile-save", Patience::SCREEN).await?;
    ensure!(!save.is_enabled().await?, "nothing has changed");
    alice.close().await
}

#[tokio::test]
async fn flow_08_the_reminder_comes_with_the_third_conversation_and_goes_for_good() -> anyhow::Result<()> {
    let world = World::start().await?;
    let person = world.person("alice")?;
    let (alice, own_id) = world.create_account(&person, "Alice").await?;
    // Notes do not count.
    write_to(&alice, &own_id, "a note").await?;
    alice.click("back").await?;
    for (count, digit) in [(1, "1"), (2, "2"), (3, "3")] {
        ensure!(!alice.shows("notice-phrase").await, "before conversation {count}");
        let id = format!("05{}", digit.repeat(64));
        write_to(&alice, &id, "hello").await?;
        alice.click("back").await?;
        alice.wait_count("home-row", count + 1, Patience::SCREEN).await?;
    }
    alice
        .wait_text("notice-phrase", "your account is gone", Patience::SCREEN)
        .await?;

    row_menu(&alice, "0511…1111").await?;
    alice.click("row-delete").await?;
    alice.click("dlg-ok").await?;
    alice.wait_count("home-row", 3, Patience::SCREEN).await?;
    ensure!(
        alice.shows("notice-phrase").await,
        "it stays with fewer conversations"
    );

    alice.click("notice-phrase-open").await?;
    alice.click("phrase-show").await?;
    alice.wait_gone("phrase-show", Patience::SCREEN).await?;
    alice.click("back").await?;
    alice.wait("home-new", Patience::SCREEN).await?;
    alice.wait_gone("notice-phrase", Patience::SCREEN).await?;
    alice.close().await?;
    let alice = world.open(&person).await?;
    alice.wait_count("home-row", 3, Patience::NETWORK).await?;
    ensure!(!alice.shows("notice-phrase").await, "nor after a restart");
    alice.close().await
}
