//! Flows about strangers: message requests.

use app_tests::{Patience, World};

use crate::messages::write_to;

#[tokio::test]
async fn flow_12_first_contact() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (alice, _) = world.create_account(&world.person("alice")?, "Alice").await?;
    let (bob, bob_id) = world.create_account(&world.person("bob")?, "Bob").await?;
    write_to(&alice, &bob_id, "hello, it is Alice").await?;
    alice.wait("conv-pending", Patience::SCREEN).await?;
    alice
        .wait_attribute("comp-attach", "aria-disabled", "true", Patience::SCREEN)
        .await?;

    bob.wait_text("home-requests", "1", Patience::NETWORK).await?;
    assert!(
        bob.all("home-row").await.is_empty(),
        "a request is not in the list"
    );
    bob.click("home-requests").await?;
    bob.wait("requests", Patience::SCREEN).await?;
    bob.click("home-row").await?;
    bob.wait_text("msg", "hello, it is Alice", Patience::SCREEN)
        .await?;
    for offered in ["req-accept", "req-decline", "req-block2"] {
        bob.wait(offered, Patience::SCREEN).await?;
    }
    bob.click("req-accept").await?;
    bob.wait_text("ctrl", "You accepted Alice's request.", Patience::SCREEN)
        .await?;
    alice
        .wait_text("ctrl", "Bob accepted your request.", Patience::NETWORK)
        .await?;
    alice.wait_gone("conv-pending", Patience::SCREEN).await?;
    alice
        .wait_attribute("comp-attach", "aria-disabled", "false", Patience::SCREEN)
        .await?;
    alice.close().await?;
    bob.close().await
}
