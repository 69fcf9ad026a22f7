//! Flows about other messages: answering, reacting, deleting here and for everyone.

use app_tests::{App, Patience, World};

use crate::messages::{acquaint, open_by_id, write_to};

/// Alice's text is open in both windows, and Bob has accepted her.
async fn a_text(text: &str) -> anyhow::Result<(World, App, App)> {
    let world = World::start().await?;
    let (alice, alice_id) = world.create_account(&world.person("alice")?, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    acquaint((&alice, &alice_id), (&bob, &bob_id), text).await?;
    Ok((world, alice, bob))
}

/// Opens the menu of the message with a text, as a long press does.
pub(crate) async fn menu_of(app: &App, text: &str) -> anyhow::Result<()> {
    app.wait_text("msg", text, Patience::SCREEN).await?;
    let script = format!(
        "const row = [...document.querySelectorAll('[data-testid=msg]')] \
             .find(row => row.innerText.includes({text:?})); \
         row.dispatchEvent(new MouseEvent('contextmenu', {{bubbles: true, cancelable: true}}));"
    );
    app.script(&script).await?;
    app.wait("msg-menu", Patience::SCREEN).await?;
    Ok(())
}

/// Deletes the message with a text; `reach` is the choice to make.
pub(crate) async fn delete(app: &App, text: &str, reach: &str) -> anyhow::Result<()> {
    menu_of(app, text).await?;
    app.click("menu-delete").await?;
    app.click(reach).await?;
    app.click("dlg-ok").await
}

#[tokio::test]
async fn flow_18_reply() -> anyhow::Result<()> {
    let (_world, alice, bob) = a_text("the original").await?;
    menu_of(&bob, "the original").await?;
    bob.click("menu-reply").await?;
    bob.wait_text("comp-reply", "the original", Patience::SCREEN)
        .await?;
    bob.fill("comp-input", "the answer").await?;
    bob.click("comp-send").await?;
    bob.wait_gone("comp-reply", Patience::SCREEN).await?;
    alice.wait_text("msg", "the answer", Patience::NETWORK).await?;
    for app in [&alice, &bob] {
        app.wait_text("msg-quote", "the original", Patience::SCREEN)
            .await?;
    }
    alice.wait_text("msg-quote", "You", Patience::SCREEN).await?;
    bob.wait_text("msg-quote", "Alice", Patience::SCREEN).await?;
    alice.click("msg-quote").await?;
    alice
        .wait_attribute("msg", "class", "flash", Patience::SCREEN)
        .await?;

    delete(&alice, "the original", "del-all").await?;
    for app in [&alice, &bob] {
        app.wait_text("msg-quote", "Original message not available", Patience::NETWORK)
            .await?;
    }
    alice.close().await?;
    bob.close().await
}

#[tokio::test]
async fn flow_19_reaction() -> anyhow::Result<()> {
    let (_world, alice, bob) = a_text("what do you say?").await?;
    menu_of(&alice, "what do you say?").await?;
    alice.click("react-1").await?;
    bob.wait_text("msg-react", "1", Patience::NETWORK).await?;
    bob.click("msg-react").await?;
    for app in [&alice, &bob] {
        app.wait_text("msg-react", "2", Patience::NETWORK).await?;
        app.wait_attribute("msg-react", "aria-pressed", "true", Patience::SCREEN)
            .await?;
    }
    bob.click("react-who").await?;
    bob.wait_text("react-list", "Alice", Patience::SCREEN).await?;
    alice.click("msg-react").await?;
    for app in [&alice, &bob] {
        app.wait_text("msg-react", "1", Patience::NETWORK).await?;
    }
    alice
        .wait_attribute("msg-react", "aria-pressed", "false", Patience::SCREEN)
        .await?;
    alice.close().await?;
    bob.close().await
}

#[tokio::test]
async fn flow_20_delete_here() -> anyhow::Result<()> {
    let (_world, alice, bob) = a_text("only for your eyes").await?;
    delete(&alice, "only for your eyes", "del-here").await?;
    alice.wait_count("msg", 0, Patience::SCREEN).await?;
    bob.fill("comp-input", "I still have it").await?;
    bob.click("comp-send").await?;
    alice
        .wait_text("msg", "I still have it", Patience::NETWORK)
        .await?;
    alice.wait_count("msg", 1, Patience::SCREEN).await?;
    bob.wait_text("msg", "only for your eyes", Patience::SCREEN)
        .await?;
    alice.close().await?;
    bob.close().await
}

#[tokio::test]
async fn flow_21_delete_for_everyone() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (phone, alice_id) = world.create_account(&world.person("phone")?, "Alice").await?;
    let tablet = world.second_device(&phone, &world.person("tablet")?).await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    write_to(&phone, &bob_id, "too much").await?;
    open_by_id(&bob, &alice_id).await?;
    bob.wait_text("msg", "too much", Patience::NETWORK).await?;
    tablet
        .wait_text("home-row", "too much", Patience::NETWORK)
        .await?;
    open_by_id(&tablet, &bob_id).await?;
    tablet.wait_text("msg", "too much", Patience::SCREEN).await?;

    delete(&phone, "too much", "del-all").await?;
    for app in [&phone, &tablet, &bob] {
        app.wait_text("msg", "Message deleted", Patience::NETWORK).await?;
        app.wait_count("msg", 1, Patience::SCREEN).await?;
        app.click("back").await?;
    }
    for app in [&phone, &tablet] {
        app.wait_text("home-row", "Message deleted", Patience::NETWORK)
            .await?;
    }
    bob.click("home-requests").await?;
    bob.wait_text("home-row", "Message deleted", Patience::NETWORK)
        .await?;
    phone.close().await?;
    tablet.close().await?;
    bob.close().await
}
