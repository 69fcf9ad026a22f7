//! Flows about voice messages.

use std::time::Duration;

use app_tests::{App, Patience, World};

use crate::messages::{open_by_id, write_to};

/// Far enough towards the start of the line to cancel, and up to lock, in CSS pixels.
const TO_START: (f64, f64) = (-150.0, 0.0);
const UP: (f64, f64) = (0.0, -120.0);

async fn slide(app: &App, (right, down): (f64, f64)) -> anyhow::Result<()> {
    app.slide(right, down).await
}

/// Holds the microphone until its timer shows a time.
async fn hold_until(app: &App, time: &str) -> anyhow::Result<()> {
    app.press("comp-mic").await?;
    app.wait_text("voice-timer", time, Patience::SCREEN).await?;
    Ok(())
}

#[tokio::test]
async fn flow_24_voice_note() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alices_phone = world.person("alice")?;
    let _microphone = alices_phone.plug_in_microphone()?;
    let (alice, alice_id) = world.create_account(&alices_phone, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    write_to(&alice, &bob_id, "hello").await?;
    alice.wait("conv-pending", Patience::SCREEN).await?;
    alice.press_for("comp-mic", Duration::from_millis(300)).await?;
    alice.wait_text("toast", "once", Patience::SCREEN).await?;
    open_by_id(&bob, &alice_id).await?;
    bob.wait_text("msg", "hello", Patience::NETWORK).await?;
    bob.click("req-accept").await?;
    alice.wait_text("ctrl", "accepted", Patience::NETWORK).await?;

    // Too short, and taken back.
    alice.press_for("comp-mic", Duration::from_millis(300)).await?;
    alice
        .wait_text("toast", "Hold to record", Patience::SCREEN)
        .await?;
    alice.wait_gone("voice-rec", Patience::SCREEN).await?;
    hold_until(&alice, "0:01").await?;
    slide(&alice, TO_START).await?;
    alice.wait_gone("voice-rec", Patience::SCREEN).await?;
    alice.lift().await?;
    assert!(!alice.shows("voice-review").await, "nothing is left of it");

    hold_until(&alice, "0:03").await?;
    alice.lift().await?;
    alice.wait("voice", Patience::SCREEN).await?;
    alice.wait_gone("voice-rec", Patience::SCREEN).await?;
    bob.wait("att-download", Patience::NETWORK).await?;
    bob.click("att-download").await?;
    bob.click("dlg-ok").await?;
    bob.wait("voice", Patience::NETWORK).await?;
    let lasts = bob.text("voice-left").await?;
    assert!(["0:03", "0:04"].contains(&lasts.as_str()), "it lasts {lasts}");
    assert_eq!(alice.text("voice-left").await?, lasts);
    bob.click("voice-play").await?;
    bob.wait_attribute("voice-play", "data-playing", "true", Patience::SCREEN)
        .await?;
    bob.wait_text("voice-left", "0:01", Patience::SCREEN).await?;
    bob.wait_attribute("voice-play", "data-playing", "false", Patience::SCREEN)
        .await?;
    assert!(!bob.shows("voice-broken").await);

    alice.fill("comp-input", "that was all").await?;
    alice.click("comp-send").await?;
    bob.wait_text("msg", "that was all", Patience::NETWORK).await?;
    assert_eq!(bob.all("voice").await.len(), 1, "nothing else was sent");

    // Bob's device has no microphone.
    bob.press_for("comp-mic", Duration::from_millis(300)).await?;
    bob.wait_text("dlg-body", "may not use the microphone", Patience::SCREEN)
        .await?;
    alice.close().await?;
    bob.close().await
}

#[tokio::test]
async fn a_recording_goes_on_by_itself_and_is_kept_until_it_is_sent() -> anyhow::Result<()> {
    let world = World::start().await?;
    let phone = world.person("alice")?;
    let _microphone = phone.plug_in_microphone()?;
    let (alice, own_id) = world.create_account(&phone, "Alice").await?;
    open_by_id(&alice, &own_id).await?;

    hold_until(&alice, "0:01").await?;
    slide(&alice, UP).await?;
    alice
        .wait_attribute("voice-rec", "data-locked", "true", Patience::SCREEN)
        .await?;
    alice.lift().await?;
    alice.wait_text("voice-timer", "0:02", Patience::SCREEN).await?;
    // Leaving the conversation ends it; the clip is there when one comes back.
    alice.click("back").await?;
    alice.wait("home-new", Patience::SCREEN).await?;
    open_by_id(&alice, &own_id).await?;
    alice.wait("voice-review", Patience::SCREEN).await?;
    alice.click("voice-send").await?;
    alice.wait_gone("voice-review", Patience::SCREEN).await?;
    alice.wait_count("voice", 1, Patience::SCREEN).await?;

    // A key stands for a finger that cannot hold.
    let script = "document.querySelector('[data-testid=comp-mic]').click()";
    alice.script(script).await?;
    alice.wait_text("voice-timer", "0:01", Patience::SCREEN).await?;
    alice.click("voice-stop").await?;
    alice.wait("voice-review", Patience::SCREEN).await?;
    // Closing the app keeps it, too.
    alice.close().await?;
    let alice = world.open(&phone).await?;
    alice.click("home-row").await?;
    alice.wait("voice-review", Patience::SCREEN).await?;
    alice.click("voice-cancel").await?;
    alice.wait_gone("voice-review", Patience::SCREEN).await?;
    alice.wait_count("voice", 1, Patience::SCREEN).await?;
    alice.close().await?;
    let alice = world.open(&phone).await?;
    alice.click("home-row").await?;
    alice.wait_count("voice", 1, Patience::SCREEN).await?;
    assert!(!alice.shows("voice-review").await, "what was deleted stays away");
    alice.close().await
}
