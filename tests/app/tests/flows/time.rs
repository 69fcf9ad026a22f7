//! Flows about time: read marks, messages that disappear, and following the other side's setting.

use app_tests::{App, Patience, Person, World};

use crate::messages::open_by_id;

const MINUTE_MS: i64 = 60_000;

/// Two people with the conversation between them open on both sides, accepted by both.
struct Friends {
    alice: App,
    bob: App,
    alice_phone: Person,
    bob_phone: Person,
}

impl Friends {
    async fn meet(world: &World) -> anyhow::Result<Self> {
        let (alice_phone, bob_phone) = (world.person("alice")?, world.person("bob")?);
        let (alice, alice_id) = world.create_account(&alice_phone, "Alice").await?;
        let (bob, bob_id) = world.create_account(&bob_phone, "Bob").await?;
        open_by_id(&alice, &bob_id).await?;
        write(&alice, "hello Bob").await?;
        open_by_id(&bob, &alice_id).await?;
        bob.wait_text("msg", "hello Bob", Patience::NETWORK).await?;
        write(&bob, "hello Alice").await?;
        alice.wait_text("msg", "hello Alice", Patience::NETWORK).await?;
        Ok(Self {
            alice,
            bob,
            alice_phone,
            bob_phone,
        })
    }

    /// Closes both apps, has time pass, and opens both apps at the conversation again.
    async fn reopen(self, world: &World, offset_ms: i64) -> anyhow::Result<Self> {
        self.alice.close().await?;
        self.bob.close().await?;
        pass_time(world, [&self.alice_phone, &self.bob_phone], offset_ms)?;
        let (alice, bob) = (
            world.open(&self.alice_phone).await?,
            world.open(&self.bob_phone).await?,
        );
        for app in [&alice, &bob] {
            app.click("home-row").await?;
            app.wait("composer", Patience::SCREEN).await?;
        }
        Ok(Self {
            alice,
            bob,
            alice_phone: self.alice_phone,
            bob_phone: self.bob_phone,
        })
    }

    async fn close(self) -> anyhow::Result<()> {
        self.alice.close().await?;
        self.bob.close().await
    }
}

/// Has time pass, for people and for the network alike: all clocks are so many milliseconds ahead of the system's.
fn pass_time(world: &World, phones: [&Person; 2], offset_ms: i64) -> anyhow::Result<()> {
    world.network.set_clock_offset(offset_ms);
    phones
        .iter()
        .try_for_each(|phone| phone.set_clock_offset(offset_ms))
}

async fn write(app: &App, text: &str) -> anyhow::Result<()> {
    app.fill("comp-input", text).await?;
    app.click("comp-send").await
}

/// From the conversation: the details, their row for disappearing messages, a choice, Set, and back.
async fn set_disappearing(app: &App, mode: &str, time: Option<&str>) -> anyhow::Result<()> {
    app.click("conv-avatar").await?;
    app.click("d-timer").await?;
    app.click(mode).await?;
    if let Some(time) = time {
        app.click(time).await?;
    }
    app.click("dm-set").await?;
    app.wait("d-timer", Patience::SCREEN).await?;
    app.click("back").await?;
    app.wait("composer", Patience::SCREEN).await?;
    Ok(())
}

/// From the conversation to the privacy switches and back to it.
async fn turn_on_receipts(app: &App, other_id: &str) -> anyhow::Result<()> {
    app.click("home-avatar").await?;
    app.click("set-privacy").await?;
    app.click("privacy-receipts").await?;
    app.click("back").await?;
    app.click("back").await?;
    open_by_id(app, other_id).await
}

#[tokio::test]
async fn flow_16_sending_sent_read() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice_phone, bob_phone) = (world.person("alice")?, world.person("bob")?);
    let (alice, alice_id) = world.create_account(&alice_phone, "Alice").await?;
    let (bob, bob_id) = world.create_account(&bob_phone, "Bob").await?;
    turn_on_receipts(&alice, &bob_id).await?;
    write(&alice, "hello Bob").await?;
    open_by_id(&bob, &alice_id).await?;
    bob.wait_text("msg", "hello Bob", Patience::NETWORK).await?;
    write(&bob, "hello Alice").await?;
    alice.wait_text("msg", "hello Alice", Patience::NETWORK).await?;

    write(&alice, "do you see this?").await?;
    bob.wait_text("msg", "do you see this?", Patience::NETWORK)
        .await?;
    alice.wait_text("msg-status", "Sent", Patience::NETWORK).await?;

    bob.click("back").await?;
    turn_on_receipts(&bob, &alice_id).await?;
    // Every state that the page ever shows is written down as it appears.
    alice
        .script(
            "window.seen = []; new MutationObserver(() => { \
                const all = document.querySelectorAll('[data-testid=msg-status]'); \
                const t = all.length ? all[all.length - 1].innerText.trim() : ''; \
                if (t && window.seen.at(-1) !== t) window.seen.push(t); \
            }).observe(document.body, {subtree: true, childList: true, characterData: true});",
        )
        .await?;
    write(&alice, "and this?").await?;
    bob.wait_text("msg", "and this?", Patience::NETWORK).await?;
    alice.wait_text("msg-status", "Read", Patience::NETWORK).await?;
    let seen = alice.script("return window.seen").await?;
    let seen: Vec<&str> = seen
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|state| state.as_str())
        .collect();
    let at = |state: &str| seen.iter().position(|known| *known == state);
    // A network on this machine may have it sent before Sending was drawn once.
    let under_way = at("Sending").or(at("Waiting for network"));
    assert!(under_way.is_some() && under_way < at("Sent"), "{seen:?}");
    assert!(at("Sent") < at("Read"), "{seen:?}");
    alice.close().await?;
    bob.close().await
}

#[tokio::test]
async fn flow_33_disappear_after_reading_and_sending() -> anyhow::Result<()> {
    let world = World::start().await?;
    let friends = Friends::meet(&world).await?;
    let (alice, bob) = (&friends.alice, &friends.bob);
    set_disappearing(alice, "dm-read", Some("dm-time-300")).await?;
    alice
        .wait_text(
            "ctrl",
            "You set messages to disappear 5 minutes after being read.",
            Patience::SCREEN,
        )
        .await?;
    alice
        .wait_text("conv-timer", "Deletes 5 min after reading", Patience::SCREEN)
        .await?;
    bob.wait_text(
        "ctrl",
        "Alice set their messages to disappear 5 minutes",
        Patience::NETWORK,
    )
    .await?;
    write(alice, "for five minutes").await?;
    bob.wait_text("msg", "for five minutes", Patience::NETWORK)
        .await?;
    alice.wait_text("msg-status", "Sent", Patience::NETWORK).await?;
    // It runs on Bob's side since he has read it.
    bob.wait_attribute("msg-timer", "aria-label", "Deletes in", Patience::SCREEN)
        .await?;

    // Six minutes pass while both apps are closed.
    let friends = friends.reopen(&world, 6 * MINUTE_MS).await?;
    for app in [&friends.alice, &friends.bob] {
        app.wait_count("msg", 2, Patience::SCREEN).await?;
        app.wait_gone_text("ctrl", "5 minutes", Patience::SCREEN).await?;
    }
    let friends = friends.reopen(&world, 0).await?;
    let (alice, bob) = (&friends.alice, &friends.bob);

    set_disappearing(alice, "dm-send", Some("dm-time-43200")).await?;
    bob.wait_text(
        "ctrl",
        "Alice set their messages to disappear 12 hours after being sent.",
        Patience::NETWORK,
    )
    .await?;
    write(alice, "until tonight").await?;
    bob.wait_text("msg", "until tonight", Patience::NETWORK).await?;
    alice.wait_text("msg-status", "Sent", Patience::NETWORK).await?;
    let phones = [&friends.alice_phone, &friends.bob_phone];
    pass_time(&world, phones, (12 * 60 + 1) * MINUTE_MS)?;
    for app in [alice, bob] {
        app.wait_count("msg", 2, Patience::NETWORK).await?;
        app.wait_gone_text("ctrl", "12 hours", Patience::NETWORK).await?;
    }
    alice.click("back").await?;
    alice
        .wait_text("home-row", "hello Alice", Patience::SCREEN)
        .await?;
    friends.close().await
}

#[tokio::test]
async fn flow_34_follow_and_turn_off() -> anyhow::Result<()> {
    let world = World::start().await?;
    let friends = Friends::meet(&world).await?;
    let (alice, bob) = (&friends.alice, &friends.bob);
    set_disappearing(alice, "dm-send", None).await?;
    alice
        .wait_text("conv-timer", "Deletes 1 day after sending", Patience::SCREEN)
        .await?;
    bob.wait_text(
        "dm-offer",
        "Alice's messages disappear after 1 day.",
        Patience::NETWORK,
    )
    .await?;
    bob.click("dm-follow").await?;
    bob.click("dlg-ok").await?;
    bob.wait_text("conv-timer", "Deletes 1 day after sending", Patience::SCREEN)
        .await?;
    bob.wait_gone("dm-offer", Patience::SCREEN).await?;
    alice
        .wait_text(
            "ctrl",
            "Bob set their messages to disappear 1 day after being sent.",
            Patience::NETWORK,
        )
        .await?;

    set_disappearing(alice, "dm-off", None).await?;
    alice.wait_gone("conv-timer", Patience::SCREEN).await?;
    alice
        .wait_text("ctrl", "You turned off disappearing messages.", Patience::SCREEN)
        .await?;
    bob.wait_text(
        "ctrl",
        "Alice turned off disappearing messages.",
        Patience::NETWORK,
    )
    .await?;
    set_disappearing(bob, "dm-off", None).await?;
    bob.wait_gone("conv-timer", Patience::SCREEN).await?;
    friends.close().await
}
