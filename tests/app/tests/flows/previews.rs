//! Flows about previews of links.

use app_tests::{App, Patience, World};
use website::{Answer, Website};

use crate::messages::acquaint;

const PICTURE: &[u8] = include_bytes!("../../../tests/engine/pictures/upright.jpg");

async fn site() -> Website {
    Website::start(|target| {
        Some(match target {
            "/terns" => Answer::html(
                "<title>x</title><meta property='og:title' content='Arctic terns'><meta property='og:image' content='/p.jpg'>",
            ),
            "/p.jpg" => Answer::of_type("image/jpeg", PICTURE),
            "/bare" => Answer::html("<title>A bare page</title>"),
            _ => Answer::missing(),
        })
    })
    .await
}

/// Waits until the picture of the card is painted.
async fn wait_card_painted(app: &App) -> anyhow::Result<()> {
    let script = "return [...document.querySelectorAll('[data-testid=msg-preview] img')] \
        .some(image => (image.scrollIntoView(), image.complete && image.naturalWidth > 0))";
    app.wait_true("the card's picture is painted", script, Patience::NETWORK)
        .await
}

#[tokio::test]
async fn flow_25_link_preview() -> anyhow::Result<()> {
    let site = site().await;
    let world = World::start().await?;
    let (alices, bobs) = (world.person("alice")?, world.person("bob")?);
    // Both could visit the site; only who sends the link does.
    alices.trust_website(site.certificate())?;
    bobs.trust_website(site.certificate())?;
    let (alice, alice_id) = world.create_account(&alices, "Alice").await?;
    let (bob, bob_id) = world.create_account(&bobs, "Bob").await?;
    acquaint((&alice, &alice_id), (&bob, &bob_id), "hello").await?;

    let link = site.link("/terns");
    alice.fill("comp-input", &format!("look: {link}")).await?;
    alice.wait("preview-question", Patience::SCREEN).await?;
    alice
        .wait_text("dlg-body", "the site can see your IP address", Patience::SCREEN)
        .await?;
    assert!(site.asked().is_empty(), "nobody is visited before the answer");
    alice.click("preview-on").await?;
    alice
        .wait_text("preview-card", "Arctic terns", Patience::NETWORK)
        .await?;
    alice.click("comp-send").await?;
    alice.wait_gone("preview-card", Patience::SCREEN).await?;
    alice
        .wait_text("msg-preview", "Arctic terns", Patience::SCREEN)
        .await?;
    wait_card_painted(&alice).await?;

    bob.wait_text("msg-preview", "Arctic terns", Patience::NETWORK)
        .await?;
    assert!(!bob.shows("att-image").await, "no picture is fetched unasked");
    bob.click("att-download").await?;
    bob.click("dlg-alt").await?;
    wait_card_painted(&bob).await?;
    bob.click("msg-preview-open").await?;
    bob.wait_text("dlg-body", &link, Patience::SCREEN).await?;
    bob.click("dlg-cancel").await?;

    // The question comes once, and a card that was closed does not go.
    alice.fill("comp-input", &site.link("/bare")).await?;
    alice
        .wait_text("preview-card", "A bare page", Patience::NETWORK)
        .await?;
    assert!(!alice.shows("preview-question").await);
    alice.click("preview-remove").await?;
    alice.wait_gone("preview-card", Patience::SCREEN).await?;
    alice.click("comp-send").await?;
    bob.wait_text("msg", "/bare", Patience::NETWORK).await?;
    assert_eq!(bob.all("msg-preview").await.len(), 1);

    let asked: Vec<_> = site.asked().into_iter().map(|one| one.target).collect();
    assert_eq!(asked, ["/terns", "/p.jpg", "/bare"], "nobody came but Alice");
    alice.close().await?;
    bob.close().await
}
