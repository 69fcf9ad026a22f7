//! Flows about files: a picture and trust, a file whose download breaks.

use anyhow::Context;
use app_tests::{App, Microphone, Patience, Person, World};
use node::Cut;

use crate::interaction::{delete, menu_of};
use crate::messages::acquaint;

pub(crate) const PICTURE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../tests/engine/pictures/upright.jpg"
);

/// Longer than automatic tries go on.
const OVER_A_DAY_MS: i64 = 25 * 60 * 60 * 1000;

/// Two people who have accepted each other, each with the conversation open. Alice has a microphone.
pub(crate) struct Friends {
    pub(crate) world: World,
    pub(crate) alice: App,
    pub(crate) bob: App,
    pub(crate) bobs_phone: Person,
    _microphone: Microphone,
}

impl Friends {
    pub(crate) async fn meet() -> anyhow::Result<Self> {
        let world = World::start().await?;
        let alices_phone = world.person("alice")?;
        let microphone = alices_phone.plug_in_microphone()?;
        let (alice, alice_id) = world.create_account(&alices_phone, "Alice").await?;
        let bobs_phone = world.person("bob")?;
        let (bob, bob_id) = world.create_account(&bobs_phone, "Bob").await?;
        acquaint((&alice, &alice_id), (&bob, &bob_id), "hello").await?;
        Ok(Self {
            world,
            alice,
            bob,
            bobs_phone,
            _microphone: microphone,
        })
    }

    pub(crate) async fn part(self) -> anyhow::Result<()> {
        self.alice.close().await?;
        self.bob.close().await
    }
}

/// Chooses a file as the system's dialog does, and sends it with a caption.
pub(crate) async fn send_file(app: &App, input: &str, path: &str, caption: &str) -> anyhow::Result<()> {
    let input = app.all(input).await.into_iter().next();
    input.context("a field for files")?.send_keys(path).await?;
    app.wait("att-chosen", Patience::SCREEN).await?;
    app.fill("att-caption", caption).await?;
    app.click("att-send").await?;
    app.wait_gone("att-preview", Patience::SCREEN).await?;
    app.wait_text("msg", caption, Patience::SCREEN).await?;
    Ok(())
}

/// Waits until so many pictures are painted.
pub(crate) async fn wait_painted(app: &App, count: usize) -> anyhow::Result<()> {
    app.wait_count("att-image", count, Patience::NETWORK).await?;
    let script = format!(
        "return [...document.querySelectorAll('[data-testid=att-image] img')] \
         .filter(image => (image.scrollIntoView(), image.complete && image.naturalWidth > 0)).length === {count}"
    );
    app.wait_true("the pictures are painted", &script, Patience::NETWORK)
        .await
}

/// Waits until a file of the page, counted from 0, is so far.
async fn wait_state(app: &App, file: usize, state: &str) -> anyhow::Result<()> {
    let script =
        format!("return document.querySelectorAll('[data-testid=att]')[{file}]?.dataset.state === {state:?}");
    app.wait_true(&format!("the file is {state}"), &script, Patience::FILE)
        .await
}

/// Waits until the small picture of a quote is painted.
async fn wait_quote_painted(app: &App) -> anyhow::Result<()> {
    app.wait("quote-picture", Patience::SCREEN).await?;
    let script = "return document.querySelector('[data-testid=quote-picture]').naturalWidth > 0";
    app.wait_true("the quoted picture is painted", script, Patience::SCREEN)
        .await
}

async fn answer(app: &App, text: &str) -> anyhow::Result<()> {
    app.click("menu-reply").await?;
    app.wait("comp-reply", Patience::SCREEN).await?;
    app.fill("comp-input", text).await?;
    app.click("comp-send").await?;
    app.wait_gone("comp-reply", Patience::SCREEN).await
}

#[tokio::test]
async fn flow_original_quality() -> anyhow::Result<()> {
    let friends = Friends::meet().await?;
    let (alice, bob) = (&friends.alice, &friends.bob);
    let folder = tempfile::tempdir()?;
    let wide = folder.path().join("wide.png");
    image::RgbImage::from_fn(2_600, 400, |x, y| image::Rgb([x as u8, y as u8, (x ^ y) as u8])).save(&wide)?;
    let input = alice.all("att-input-media").await.into_iter().next();
    let path = wide.to_str().context("a path")?;
    input.context("a field for files")?.send_keys(path).await?;
    alice
        .wait_text("att-chosen", "wide.jpg", Patience::SCREEN)
        .await?;
    alice.fill("att-caption", "the whole coast").await?;
    alice.click("att-original").await?;
    alice
        .wait_text("att-chosen", "wide.webp", Patience::SCREEN)
        .await?;
    alice.click("att-original").await?;
    alice
        .wait_text("att-chosen", "wide.jpg", Patience::SCREEN)
        .await?;
    alice.click("att-original").await?;
    alice
        .wait_text("att-chosen", "wide.webp", Patience::SCREEN)
        .await?;
    // The caption was not lost over all this.
    alice.click("att-send").await?;
    alice.wait_gone("att-preview", Patience::SCREEN).await?;
    bob.wait_text("msg", "the whole coast", Patience::NETWORK).await?;
    bob.click("att-download").await?;
    bob.click("dlg-ok").await?;
    wait_painted(bob, 1).await?;
    friends.part().await
}

#[tokio::test]
async fn flow_18_reply_to_an_image_and_a_voice_note() -> anyhow::Result<()> {
    let friends = Friends::meet().await?;
    let (alice, bob) = (&friends.alice, &friends.bob);
    send_file(alice, "att-input-media", PICTURE, "a tern").await?;
    bob.wait("att-download", Patience::NETWORK).await?;
    bob.click("att-download").await?;
    bob.click("dlg-ok").await?;
    wait_painted(bob, 1).await?;
    menu_of(bob, "a tern").await?;
    answer(bob, "lovely").await?;
    alice.wait_text("msg", "lovely", Patience::NETWORK).await?;
    for app in [alice, bob] {
        app.wait_text("msg-quote", "a tern", Patience::SCREEN).await?;
        wait_quote_painted(app).await?;
    }

    alice.press("comp-mic").await?;
    alice.wait_text("voice-timer", "0:01", Patience::SCREEN).await?;
    alice.lift().await?;
    bob.wait("voice", Patience::NETWORK).await?;
    let script = "document.querySelector('[data-testid=voice]').closest('[data-testid=msg]') \
        .dispatchEvent(new MouseEvent('contextmenu', {bubbles: true, cancelable: true}))";
    bob.script(script).await?;
    answer(bob, "I hear you").await?;
    alice.wait_text("msg", "I hear you", Patience::NETWORK).await?;
    for app in [alice, bob] {
        app.wait_text("msg-quote", "Voice message", Patience::SCREEN)
            .await?;
    }
    alice.click("msg-quote").await?;
    let script =
        "return document.querySelector('[data-testid=msg].flash')?.innerText.includes('a tern') ?? false";
    alice
        .wait_true("the original stands out", script, Patience::SCREEN)
        .await?;

    delete(alice, "a tern", "del-all").await?;
    for app in [alice, bob] {
        app.wait_text("msg-quote", "Original message not available", Patience::NETWORK)
            .await?;
        app.wait_gone("quote-picture", Patience::SCREEN).await?;
    }
    friends.part().await
}

#[tokio::test]
async fn flow_22_image_and_trust() -> anyhow::Result<()> {
    let friends = Friends::meet().await?;
    let (alice, bob) = (&friends.alice, &friends.bob);
    send_file(alice, "att-input-media", PICTURE, "look at this").await?;
    bob.wait_text("msg", "look at this", Patience::NETWORK).await?;
    assert!(!bob.shows("att-image").await, "nothing is fetched unasked");
    bob.click("att-download").await?;
    bob.click("dlg-ok").await?;
    wait_painted(bob, 1).await?;

    send_file(alice, "att-input-media", PICTURE, "and at this").await?;
    bob.wait_text("msg", "and at this", Patience::NETWORK).await?;
    wait_painted(bob, 2).await?;
    wait_painted(alice, 2).await?;
    friends.part().await
}

#[tokio::test]
async fn flow_23_file_and_broken_download() -> anyhow::Result<()> {
    let friends = Friends::meet().await?;
    let (alice, bob) = (&friends.alice, &friends.bob);
    let folder = tempfile::tempdir()?;
    let letter = folder.path().join("letter.pdf");
    let content = [b"%PDF-1.7 ".as_slice(), &[7; 60_000]].concat();
    std::fs::write(&letter, content)?;
    let letter = letter.to_str().context("a path in UTF-8")?;
    let server = friends.world.network.file_server();

    send_file(alice, "att-input-file", letter, "the letter").await?;
    bob.wait_text("att-name", "letter.pdf", Patience::NETWORK).await?;
    // No answer but a download's is so long.
    server.faults().cut([Cut::Answer(30_000)]);
    bob.click("att-download").await?;
    bob.click("dlg-alt").await?;
    wait_state(bob, 0, "done").await?;
    assert_eq!(server.faults().cuts_left(), 0, "the first download broke");

    send_file(alice, "att-input-file", letter, "once more").await?;
    bob.wait_text("msg", "once more", Patience::NETWORK).await?;
    bob.wait("att-download", Patience::NETWORK).await?;
    server.kill().await;
    bob.click("att-download").await?;
    bob.click("dlg-alt").await?;
    // The tries count from when it was asked for, which must lie before the jump.
    bob.wait_gone("att-download", Patience::NETWORK).await?;
    friends.bobs_phone.set_clock_offset(OVER_A_DAY_MS)?;
    wait_state(bob, 1, "failed").await?;
    bob.wait_text("att-state", "Could not download", Patience::SCREEN)
        .await?;
    server.restart().await?;
    bob.click("att-retry").await?;
    wait_state(bob, 1, "done").await?;
    friends.part().await
}
