//! Flows about tidying up: requests, nicknames, pins, muting, notes, deleting, blocking.

use app_tests::{App, Patience, Person, World};

use crate::devices::in_step;
use crate::messages::write_to;

const MINUTE_MS: i64 = 60_000;

/// Two people, each with a window, who have written to each other.
struct Friends {
    world: World,
    alice: App,
    alice_person: Person,
    bob: App,
}

async fn friends() -> anyhow::Result<Friends> {
    let world = World::start().await?;
    let alice_person = world.person("alice")?;
    let (alice, _) = world.create_account(&alice_person, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    write_to(&alice, &bob_id, "hello Bob").await?;
    bob.click("home-requests").await?;
    bob.click("home-row").await?;
    bob.click("req-accept").await?;
    bob.fill("comp-input", "hello Alice").await?;
    bob.click("comp-send").await?;
    alice.wait_text("msg", "hello", Patience::NETWORK).await?;
    alice.wait_text("conv-name", "Bob", Patience::NETWORK).await?;
    Ok(Friends {
        world,
        alice,
        alice_person,
        bob,
    })
}

impl Friends {
    /// Another device of Alice's, whose first one goes from the conversation to home.
    async fn second_device(&self) -> anyhow::Result<App> {
        self.alice.click("back").await?;
        let tablet = self.world.person("tablet")?;
        self.world.second_device(&self.alice, &tablet).await
    }

    async fn close(self) -> anyhow::Result<()> {
        self.alice.close().await?;
        self.bob.close().await
    }
}

/// Opens the menu of a row of the home list.
pub(crate) async fn row_menu(app: &App, name: &str) -> anyhow::Result<()> {
    app.wait_text("home-list", name, Patience::SCREEN).await?;
    let script = format!(
        "const row = [...document.querySelectorAll('[data-testid=home-row]')] \
             .find(row => row.querySelector('.row-name').innerText.trim() === {name:?}); \
         row.dispatchEvent(new MouseEvent('contextmenu', {{bubbles: true, cancelable: true}}));"
    );
    app.script(&script).await?;
    app.wait("row-menu", Patience::SCREEN).await?;
    Ok(())
}

/// Names of the home list, in its order.
async fn home(app: &App) -> anyhow::Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('[data-testid=home-list] .row-name')] \
        .map(name => [name.getBoundingClientRect().top, name.innerText.trim()]) \
        .sort((one, other) => one[0] - other[0]).map(row => row[1]);";
    Ok(serde_json::from_value(app.script(script).await?)?)
}

/// Waits until the home list is this.
pub(crate) async fn wait_home(app: &App, wanted: &[&str]) -> anyhow::Result<()> {
    let deadline = tokio::time::Instant::now() + Patience::NETWORK.0;
    loop {
        let names = home(app).await?;
        if names == wanted {
            return Ok(());
        }
        anyhow::ensure!(
            tokio::time::Instant::now() < deadline,
            "{names:?} is not {wanted:?}"
        );
        tokio::task::yield_now().await;
    }
}

/// Names of the rows that say that they are pinned.
pub(crate) async fn pinned(app: &App) -> anyhow::Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('[data-testid=home-row]')] \
        .filter(row => row.getAttribute('aria-label').split(', ').includes('pinned')) \
        .map(row => row.querySelector('.row-name').innerText.trim());";
    Ok(serde_json::from_value(app.script(script).await?)?)
}

#[tokio::test]
async fn flow_13_accepting_by_replying() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, _) = world.create_account(&world.person("alice")?, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    write_to(&alice, &bob_id, "hello, it is Alice").await?;
    bob.click("home-requests").await?;
    bob.click("home-row").await?;
    bob.fill("comp-input", "hello Alice").await?;
    bob.click("comp-send").await?;
    alice
        .wait_text("ctrl", "Bob accepted your request.", Patience::NETWORK)
        .await?;
    alice.wait_gone("conv-pending", Patience::SCREEN).await?;
    bob.wait_text("ctrl", "You accepted Alice's request.", Patience::SCREEN)
        .await?;
    bob.click("back").await?;
    bob.wait("req-empty", Patience::SCREEN).await?;
    alice.close().await?;
    bob.close().await
}

#[tokio::test]
async fn flow_14_declining_and_clearing() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    let mut others = Vec::new();
    for name in ["Ann", "Ben", "Cem"] {
        let (app, _) = world.create_account(&world.person(name)?, name).await?;
        write_to(&app, &bob_id, "may I write to you?").await?;
        app.wait_text("msg-status", "Sent", Patience::NETWORK).await?;
        others.push(app);
    }
    bob.wait_text("home-requests", "3", Patience::NETWORK).await?;
    bob.click("home-requests").await?;
    bob.click("home-row").await?;
    bob.click("req-decline").await?;
    bob.wait_text("dlg-title", "Delete this request?", Patience::SCREEN)
        .await?;
    bob.click("dlg-ok").await?;
    bob.wait("requests", Patience::SCREEN).await?;
    bob.wait_count("home-row", 2, Patience::SCREEN).await?;
    bob.click("req-clear").await?;
    bob.wait_text("dlg-title", "Clear all requests and invites?", Patience::SCREEN)
        .await?;
    bob.click("dlg-ok").await?;
    bob.wait("req-empty", Patience::SCREEN).await?;
    for other in others {
        assert!(other.all("ctrl").await.is_empty(), "the sender is told nothing");
        other.close().await?;
    }
    bob.close().await
}

#[tokio::test]
async fn flow_27_nickname() -> anyhow::Result<()> {
    let friends = friends().await?;
    let tablet = friends.second_device().await?;
    wait_home(&tablet, &["Bob"]).await?;
    let alice = &friends.alice;
    alice.click("home-row").await?;
    alice.click("conv-avatar").await?;
    alice.click("details-nick").await?;
    alice
        .wait_text("dlg-title", "Nickname for Bob", Patience::SCREEN)
        .await?;
    alice.paste("nick-input", &"x".repeat(101)).await?;
    alice.click("dlg-ok").await?;
    alice
        .wait_text("nick-error", "That nickname is too long.", Patience::SCREEN)
        .await?;
    alice.fill("nick-input", "Bobby").await?;
    alice.click("dlg-ok").await?;
    in_step("a nickname", wait_home(&tablet, &["Bobby"])).await?;
    alice.wait_text("details-name", "Bobby", Patience::SCREEN).await?;
    alice.click("back").await?;
    alice.wait_text("conv-name", "Bobby", Patience::SCREEN).await?;
    alice.click("back").await?;
    wait_home(alice, &["Bobby"]).await?;
    alice.click("home-search").await?;
    alice.fill("search-input", "bobb").await?;
    alice.wait_text("contact", "Bobby", Patience::SCREEN).await?;
    friends
        .bob
        .wait_text("conv-name", "Alice", Patience::SCREEN)
        .await?;
    tablet.close().await?;
    friends.close().await
}

#[tokio::test]
async fn flow_28_pinning() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, alice_id) = world.create_account(&world.person("alice")?, "Alice").await?;
    for name in ["Ann", "Ben", "Cem", "Dua"] {
        let other = world.person(name)?;
        let id = other.create_account(name).await?;
        write_to(&alice, &id, "hello").await?;
        other.send(&alice_id, "hello").await?;
        alice.wait_text("conv-name", name, Patience::NETWORK).await?;
        alice.click("back").await?;
    }
    let order = ["Dua", "Cem", "Ben", "Ann"];
    wait_home(&alice, &order).await?;
    let tablet = world.second_device(&alice, &world.person("tablet")?).await?;
    wait_home(&tablet, &order).await?;

    row_menu(&alice, "Ann").await?;
    alice.click("row-pin").await?;
    let with_pin = ["Ann", "Dua", "Cem", "Ben"];
    in_step("a pin", wait_home(&tablet, &with_pin)).await?;
    wait_home(&alice, &with_pin).await?;
    for app in [&alice, &tablet] {
        assert_eq!(pinned(app).await?, ["Ann"]);
    }
    row_menu(&alice, "Ann").await?;
    alice.wait_text("row-pin", "Unpin", Patience::SCREEN).await?;
    alice.click("row-pin").await?;
    in_step("no pin", wait_home(&tablet, &order)).await?;
    wait_home(&alice, &order).await?;
    for app in [&alice, &tablet] {
        assert_eq!(pinned(app).await?, Vec::<String>::new());
    }
    tablet.close().await?;
    alice.close().await
}

#[tokio::test]
async fn flow_29_muting_for_an_hour() -> anyhow::Result<()> {
    let friends = friends().await?;
    let (alice, bob) = (&friends.alice, &friends.bob);
    alice.click("conv-avatar").await?;
    alice.click("d-notif").await?;
    alice.click("mute-1h").await?;
    alice
        .wait_text("d-notif", "Muted until", Patience::SCREEN)
        .await?;
    alice.click("back").await?;
    alice.click("back").await?;
    bob.fill("comp-input", "are you there?").await?;
    bob.click("comp-send").await?;
    alice
        .wait_text("home-row", "are you there?", Patience::NETWORK)
        .await?;
    alice.wait("row-unread", Patience::SCREEN).await?;
    alice
        .wait_attribute("home-row", "aria-label", "muted", Patience::SCREEN)
        .await?;
    friends.alice_person.set_clock_offset(61 * MINUTE_MS)?;
    bob.fill("comp-input", "and now?").await?;
    bob.click("comp-send").await?;
    alice.wait_text("home-row", "and now?", Patience::NETWORK).await?;
    row_menu(alice, "Bob").await?;
    alice.wait_text("row-mute", "Mute", Patience::SCREEN).await?;
    friends.close().await
}

#[tokio::test]
async fn flow_30_note_to_self() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, alice_id) = world.create_account(&world.person("alice")?, "Alice").await?;
    write_to(&alice, &alice_id, "the spare key is under the pot").await?;
    alice.click("back").await?;
    let tablet = world.second_device(&alice, &world.person("tablet")?).await?;
    for app in [&alice, &tablet] {
        wait_home(app, &["Note to Self"]).await?;
    }
    row_menu(&alice, "Note to Self").await?;
    alice.click("row-hide").await?;
    alice
        .wait_text("dlg-title", "Hide Note to Self?", Patience::SCREEN)
        .await?;
    alice.click("dlg-ok").await?;
    in_step("hidden notes", wait_home(&tablet, &[])).await?;
    wait_home(&alice, &[]).await?;

    tablet.click("home-search").await?;
    tablet.fill("search-input", "spare").await?;
    tablet.click("search-hit").await?;
    tablet.wait_text("msg", "the spare key", Patience::SCREEN).await?;
    tablet.click("conv-avatar").await?;
    tablet.click("d-show").await?;
    tablet
        .wait_text("dlg-title", "Show Note to Self in the list?", Patience::SCREEN)
        .await?;
    tablet.click("dlg-ok").await?;
    in_step("shown notes", wait_home(&alice, &["Note to Self"])).await?;
    tablet.wait("d-hide", Patience::SCREEN).await?;
    tablet.click("back").await?;
    tablet.click("back").await?;
    tablet.click("search-cancel").await?;
    wait_home(&tablet, &["Note to Self"]).await?;
    tablet.close().await?;
    alice.close().await
}

#[tokio::test]
async fn flow_31_deleting_a_conversation() -> anyhow::Result<()> {
    let friends = friends().await?;
    let (alice, bob) = (&friends.alice, &friends.bob);
    let tablet = friends.second_device().await?;
    wait_home(&tablet, &["Bob"]).await?;
    row_menu(alice, "Bob").await?;
    alice.click("row-delete").await?;
    alice
        .wait_text("dlg-title", "Delete conversation with Bob?", Patience::SCREEN)
        .await?;
    alice.click("dlg-ok").await?;
    in_step("a deleted conversation", wait_home(&tablet, &[])).await?;
    wait_home(alice, &[]).await?;
    bob.fill("comp-input", "still here").await?;
    bob.click("comp-send").await?;
    for app in [alice, &tablet] {
        wait_home(app, &["Bob"]).await?;
        assert!(!app.shows("home-requests").await, "a normal conversation");
        app.click("home-row").await?;
        app.wait_text("msg", "still here", Patience::SCREEN).await?;
        app.wait_count("msg", 1, Patience::SCREEN).await?;
    }
    tablet.close().await?;
    friends.close().await
}

#[tokio::test]
async fn flow_32_blocking_and_unblocking() -> anyhow::Result<()> {
    let friends = friends().await?;
    let (alice, bob) = (&friends.alice, &friends.bob);
    alice.click("conv-avatar").await?;
    alice.click("d-block").await?;
    alice
        .wait_text("dlg-title", "Block Bob?", Patience::SCREEN)
        .await?;
    alice.click("dlg-ok").await?;
    alice.wait_text("d-block", "Unblock", Patience::SCREEN).await?;
    alice.click("back").await?;
    alice.wait("conv-unblock", Patience::SCREEN).await?;
    alice.click("back").await?;
    wait_home(alice, &[]).await?;
    bob.fill("comp-input", "can you read this?").await?;
    bob.click("comp-send").await?;
    bob.wait_text("msg-status", "Sent", Patience::NETWORK).await?;

    alice.click("home-avatar").await?;
    alice.click("set-conversations").await?;
    alice.click("set-blocked").await?;
    alice.click("blocked-tick").await?;
    alice.click("blocked-unblock").await?;
    alice
        .wait_text("dlg-title", "Unblock Bob?", Patience::SCREEN)
        .await?;
    alice.click("dlg-ok").await?;
    alice.wait("blocked-empty", Patience::SCREEN).await?;
    for _ in 0..3 {
        alice.click("back").await?;
    }
    wait_home(alice, &["Bob"]).await?;
    bob.fill("comp-input", "and this?").await?;
    bob.click("comp-send").await?;
    alice
        .wait_text("home-row", "and this?", Patience::NETWORK)
        .await?;
    alice.click("home-row").await?;
    alice
        .wait_text("conv-list", "and this?", Patience::SCREEN)
        .await?;
    assert!(!alice.text("conv-list").await?.contains("can you read this?"));
    friends.close().await
}
