//! Flows about files: a picture and trust, a file whose download breaks.

use anyhow::Context;
use app_tests::{App, Patience, Person, World};
use node::Cut;

use crate::messages::{open_by_id, write_to};

const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/pictures/upright.jpg");

/// Longer than automatic tries go on.
const OVER_A_DAY_MS: i64 = 25 * 60 * 60 * 1000;

/// Two people who have accepted each other, each with the conversation open.
struct Friends {
    world: World,
    alice: App,
    bob: App,
    bobs_phone: Person,
}

impl Friends {
    async fn meet() -> anyhow::Result<Self> {
        let world = World::start().await?;
        let (alice, alice_id) = world.create_account(&world.person("alice")?, "Alice").await?;
        let bobs_phone = world.person("bob")?;
        let (bob, bob_id) = world.create_account(&bobs_phone, "Bob").await?;
        write_to(&alice, &bob_id, "hello").await?;
        open_by_id(&bob, &alice_id).await?;
        bob.wait_text("msg", "hello", Patience::NETWORK).await?;
        bob.click("req-accept").await?;
        alice.wait_text("ctrl", "accepted", Patience::NETWORK).await?;
        Ok(Self {
            world,
            alice,
            bob,
            bobs_phone,
        })
    }

    async fn part(self) -> anyhow::Result<()> {
        self.alice.close().await?;
        self.bob.close().await
    }
}

/// Chooses a file as the system's dialog does, and sends it with a caption.
async fn send_file(app: &App, input: &str, path: &str, caption: &str) -> anyhow::Result<()> {
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
async fn wait_painted(app: &App, count: usize) -> anyhow::Result<()> {
    app.wait_count("att-image", count, Patience::NETWORK).await?;
    let painted = async {
        loop {
            let script = "return [...document.querySelectorAll('[data-testid=att-image] img')] \
                .filter(image => (image.scrollIntoView(), image.complete && image.naturalWidth > 0)).length";
            if app.script(script).await?.as_u64() == u64::try_from(count).ok() {
                return anyhow::Ok(());
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), painted)
        .await
        .context("the pictures are not painted")?
}

/// Waits until a file of the page, counted from 0, is so far.
async fn wait_state(app: &App, file: usize, state: &str) -> anyhow::Result<()> {
    let reached = async {
        loop {
            let script =
                format!("return document.querySelectorAll('[data-testid=att]')[{file}]?.dataset.state ?? ''");
            if app.script(&script).await?.as_str() == Some(state) {
                return anyhow::Ok(());
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(90), reached)
        .await
        .with_context(|| format!("the file is not {state}"))?
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
    friends.bobs_phone.set_clock_offset(OVER_A_DAY_MS)?;
    wait_state(bob, 1, "failed").await?;
    bob.wait_text("att-state", "Could not download", Patience::SCREEN)
        .await?;
    server.restart().await?;
    bob.click("att-retry").await?;
    wait_state(bob, 1, "done").await?;
    friends.part().await
}
