//! Flows about writing: states of a message, retries, long texts, windows side by side.

use anyhow::Context;
use app_tests::{App, Patience, Person, World};

use crate::attachments::PICTURE;

/// A day and a little, in milliseconds: longer than automatic retries go on.
const OVER_A_DAY_MS: i64 = 25 * 60 * 60 * 1000;

/// Opens a conversation by Account ID and sends a text from it.
pub(crate) async fn write_to(app: &App, account_id: &str, text: &str) -> anyhow::Result<()> {
    open_by_id(app, account_id).await?;
    app.fill("comp-input", text).await?;
    app.click("comp-send").await
}

/// Alice writes a text to Bob, who opens the conversation and accepts her. Both come from home and end in the conversation.
pub(crate) async fn acquaint(
    (alice, alice_id): (&App, &str),
    (bob, bob_id): (&App, &str),
    text: &str,
) -> anyhow::Result<()> {
    write_to(alice, bob_id, text).await?;
    open_by_id(bob, alice_id).await?;
    bob.wait_text("msg", text, Patience::NETWORK).await?;
    bob.click("req-accept").await?;
    alice.wait_text("ctrl", "accepted", Patience::NETWORK).await?;
    Ok(())
}

/// From home: new conversation, new message, the Account ID, Next.
pub(crate) async fn open_by_id(app: &App, account_id: &str) -> anyhow::Result<()> {
    app.click("home-new").await?;
    app.click("new-message").await?;
    app.fill("newmsg-input", account_id).await?;
    app.click("newmsg-next").await?;
    app.wait("composer", Patience::SCREEN).await?;
    Ok(())
}

#[tokio::test]
async fn flow_16_sending_then_sent() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, _) = world.create_account(&world.person("alice")?, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    let connected = "return document.querySelector('[data-testid=home-dot]')?.dataset.state === 'connected'";
    alice
        .wait_true("there is a path", connected, Patience::NETWORK)
        .await?;
    open_by_id(&alice, &bob_id).await?;
    // Every state that the page ever shows is written down as it appears.
    alice
        .script(
            "window.seen = []; new MutationObserver(() => { \
                for (const s of document.querySelectorAll('[data-testid=msg-status]')) { \
                    const t = s.innerText.trim(); if (t && window.seen.at(-1) !== t) window.seen.push(t); } \
            }).observe(document.body, {subtree: true, childList: true, characterData: true});",
        )
        .await?;
    alice.fill("comp-input", "are you there?").await?;
    alice.click("comp-send").await?;
    alice.wait_text("msg-status", "Sent", Patience::NETWORK).await?;
    let seen = alice.script("return window.seen").await?;
    let seen: Vec<&str> = seen
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|state| state.as_str())
        .collect();
    // The network may have confirmed the message before the page has asked for the state between.
    let is_under_way = |state: &&str| matches!(*state, "Waiting for network" | "Sending");
    let sending = seen.iter().position(is_under_way);
    let sent = seen.iter().position(|state| *state == "Sent");
    assert!(sending.is_some() && sending < sent, "{seen:?}");
    assert!(!seen.contains(&"Read"), "read receipts are off: {seen:?}");
    alice.close().await?;
    bob.close().await
}

#[tokio::test]
async fn flow_17_failure_and_retry() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alice_phone = world.person("alice")?;
    let (alice, _) = world.create_account(&alice_phone, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    world.network.refuse_swarm_of(&bob_id).await?;
    write_to(&alice, &bob_id, "knock knock").await?;
    alice
        .wait_text("msg-status", "Waiting for network", Patience::NETWORK)
        .await?;
    // What waits outlives the app, and so does what failed.
    let alice = restart(&world, alice, &alice_phone).await?;
    alice
        .wait_text("msg-status", "Waiting for network", Patience::NETWORK)
        .await?;

    alice_phone.set_clock_offset(OVER_A_DAY_MS)?;
    alice
        .wait_text("msg-status", "Not sent", Patience::NETWORK)
        .await?;
    let alice = restart(&world, alice, &alice_phone).await?;
    alice
        .wait_text("msg-status", "Not sent", Patience::SCREEN)
        .await?;
    alice
        .wait_text(
            "msg-reason",
            "the recipient's storage group did not answer",
            Patience::SCREEN,
        )
        .await?;

    world.network.accept_again().await;
    alice.click("msg-status").await?;
    alice.click("msg-retry").await?;
    alice.wait_text("msg-status", "Sent", Patience::NETWORK).await?;
    bob.click("home-requests").await?;
    bob.click("home-row").await?;
    bob.wait_text("msg", "knock knock", Patience::NETWORK).await?;
    bob.wait_count("msg", 1, Patience::SCREEN).await?;
    alice.close().await?;
    bob.close().await
}

/// Ends an app as the system does when memory is short, and opens its only conversation again.
async fn restart(world: &World, app: App, person: &Person) -> anyhow::Result<App> {
    app.kill().await?;
    let app = world.open(person).await?;
    app.click("home-row").await?;
    app.wait("composer", Patience::SCREEN).await?;
    Ok(app)
}

#[tokio::test]
async fn flow_26_long_text() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, alice_id) = world.create_account(&world.person("alice")?, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    let text = long_text();
    assert_eq!(text.chars().count(), 2000);
    open_by_id(&alice, &bob_id).await?;
    alice.paste("comp-input", &text).await?;
    alice.wait_text("comp-count", "0", Patience::SCREEN).await?;
    alice.click("comp-send").await?;
    alice.wait_text("msg-status", "Sent", Patience::NETWORK).await?;

    open_by_id(&bob, &alice_id).await?;
    bob.wait("msg-more", Patience::NETWORK).await?;
    assert_eq!(visible_lines(&bob).await?, 25);
    bob.click("msg-more").await?;
    bob.wait_text("msg-more", "Show less", Patience::SCREEN).await?;
    assert!(visible_lines(&bob).await? >= 40);
    let whole = bob.wait_text("msg-text", "line 40", Patience::SCREEN).await?;
    assert_eq!(bob.text_of(&whole).await?, text);
    alice.close().await?;
    bob.close().await
}

#[tokio::test]
async fn two_windows_exchange_messages() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, alice_id) = world.create_account(&world.person("alice")?, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    write_to(&alice, &bob_id, "hello Bob").await?;
    open_by_id(&bob, &alice_id).await?;
    bob.wait_text("msg", "hello Bob", Patience::NETWORK).await?;
    bob.fill("comp-input", "hello Alice").await?;
    bob.click("comp-send").await?;
    alice.wait_text("msg", "hello Alice", Patience::NETWORK).await?;
    alice.wait_text("conv-name", "Bob", Patience::SCREEN).await?;
    alice.close().await?;
    bob.close().await
}

#[tokio::test]
async fn flow_a_friends_code_is_scanned_from_a_picture() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, _) = world.create_account(&world.person("alice")?, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    bob.click("home-new").await?;
    bob.wait("new-my-qr", Patience::SCREEN).await?;
    bob.script("document.querySelector('[data-testid=new-my-qr]').scrollIntoView({block: 'center'})")
        .await?;
    let folder = tempfile::tempdir()?;
    let screen = folder.path().join("screen.png");
    bob.picture(&screen).await?;

    alice.click("home-new").await?;
    alice.click("new-message").await?;
    alice.click("newmsg-tab-scan").await?;
    let choose = async |path: &str| {
        let input = alice.all("newmsg-scan-file").await.into_iter().next();
        anyhow::Ok(input.context("a field for pictures")?.send_keys(path).await?)
    };
    choose(PICTURE).await?;
    alice
        .wait_text("newmsg-scan-error", "not an Account ID", Patience::SCREEN)
        .await?;
    choose(screen.to_str().context("a path")?).await?;
    alice.wait("composer", Patience::SCREEN).await?;
    alice.fill("comp-input", "your code works").await?;
    alice.click("comp-send").await?;
    alice.wait_text("msg-status", "Sent", Patience::NETWORK).await?;
    bob.wait_text("home-requests", "1", Patience::NETWORK).await?;
    // What invites a friend who is elsewhere: without a sheet of the system's, as here, the text is copied.
    bob.click("new-invite").await?;
    bob.wait_text("invite-text", &bob_id, Patience::SCREEN).await?;
    bob.click("invite-share").await?;
    bob.wait_text("toast", "Copied", Patience::SCREEN).await?;
    alice.close().await?;
    bob.close().await
}

/// Lines of the only message that can be seen.
async fn visible_lines(app: &App) -> anyhow::Result<u64> {
    let script = "const text = document.querySelector('[data-testid=msg-text]'); \
        return Math.round(text.clientHeight / parseFloat(getComputedStyle(text).lineHeight));";
    app.script(script).await?.as_u64().context("a number of lines")
}

/// 2,000 characters over 40 lines, each naming its number.
fn long_text() -> String {
    let mut lines: Vec<String> = (1..=40).map(|number| format!("line {number:02} ")).collect();
    let rest = 2000 - 39 - lines.iter().map(String::len).sum::<usize>();
    for index in 0..rest {
        lines[index % 40].push('x');
    }
    lines.join("\n")
}
