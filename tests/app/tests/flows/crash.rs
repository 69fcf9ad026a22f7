//! Flows about being killed in the middle.

use std::time::Duration;

use app_tests::{Patience, World};

use crate::messages::{open_by_id, write_to};

/// How often the app is killed between pressing Send and Sent.
const KILLS: u64 = 50;

#[tokio::test]
async fn killed_between_send_and_sent_delivers_exactly_once() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alice_phone = world.person("alice")?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    let (alice, alice_id) = world.create_account(&alice_phone, "Alice").await?;
    write_to(&alice, &bob_id, "message 0").await?;
    let mut alice = Some(alice);
    for number in 1..=KILLS {
        // Spread over the time a send takes here, in an order that jumps about.
        let delay = Duration::from_millis(number * 37 % 600);
        if let Some(app) = alice.take() {
            app.kill_after(delay).await?;
        }
        let app = world.open(&alice_phone).await?;
        app.click("home-row").await?;
        app.fill("comp-input", &format!("message {number}")).await?;
        app.click("comp-send").await?;
        app.wait_text("msg", &format!("message {number}"), Patience::SCREEN)
            .await?;
        alice = Some(app);
    }

    open_by_id(&bob, &alice_id).await?;
    bob.wait_text(
        "msg",
        &format!("message {KILLS}"),
        Patience(Duration::from_secs(180)),
    )
    .await?;
    bob.wait_count("msg", KILLS as usize + 1, Patience(Duration::from_secs(180)))
        .await?;
    let mut texts = Vec::new();
    for message in bob.all("msg").await {
        let text = bob.text_of(&message).await?;
        texts.extend(
            text.lines()
                .find(|line| line.starts_with("message "))
                .map(str::to_owned),
        );
    }
    let expected: Vec<String> = (0..=KILLS).map(|number| format!("message {number}")).collect();
    assert_eq!(texts, expected);
    if let Some(app) = alice {
        app.close().await?;
    }
    bob.close().await
}
