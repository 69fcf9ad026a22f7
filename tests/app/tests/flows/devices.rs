//! Flows about one account on two devices: what is done on one shows on the other.

use std::time::{Duration, Instant};

use anyhow::Context;
use app_tests::{Patience, World};

use crate::lists::wait_home;
use crate::messages::write_to;

/// After so long at most the other device shows it. Two seconds are the goal.
const IN_STEP: Duration = Duration::from_secs(20);

/// Waits for what was just done on one device to show on another, and prints how long that took.
pub(crate) async fn in_step<T>(
    what: &str,
    shown: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    let started = Instant::now();
    let shown = tokio::time::timeout(IN_STEP, shown)
        .await
        .with_context(|| format!("{what} did not reach the other device within {IN_STEP:?}"))??;
    println!("{what} reached the other device after {:?}", started.elapsed());
    Ok(shown)
}

#[tokio::test]
async fn flow_15_accepting_on_one_device_accepts_on_the_other() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (phone, bob_id) = world.create_account(&world.person("phone")?, "Bob").await?;
    let tablet = world.second_device(&phone, &world.person("tablet")?).await?;
    let alice = world.person("alice")?;
    alice.create_account("Alice").await?;
    alice.send(&bob_id, "hello, it is Alice").await?;
    for device in [&phone, &tablet] {
        device.wait_text("home-requests", "1", Patience::NETWORK).await?;
    }

    phone.click("home-requests").await?;
    phone.click("home-row").await?;
    phone.wait("req-accept", Patience::SCREEN).await?;
    phone.click("req-accept").await?;
    in_step("an accepted request", wait_home(&tablet, &["Alice"])).await?;
    tablet.wait_gone("home-requests", Patience::SCREEN).await?;
    tablet.click("home-search").await?;
    tablet.fill("search-input", "Ali").await?;
    tablet.wait_text("contact", "Alice", Patience::SCREEN).await?;
    phone.close().await?;
    tablet.close().await
}

#[tokio::test]
async fn flow_50_read_elsewhere() -> anyhow::Result<()> {
    let world = World::start().await?;
    let (phone, alice_id) = world.create_account(&world.person("phone")?, "Alice").await?;
    let bob = world.person("bob")?;
    let bob_id = bob.create_account("Bob").await?;
    write_to(&phone, &bob_id, "hello").await?;
    phone.click("back").await?;
    let tablet = world.second_device(&phone, &world.person("tablet")?).await?;
    bob.send(&alice_id, "have you heard?").await?;
    for device in [&phone, &tablet] {
        device.wait_text("row-unread", "1", Patience::NETWORK).await?;
    }

    tablet.click("home-row").await?;
    tablet
        .wait_text("msg", "have you heard?", Patience::SCREEN)
        .await?;
    in_step("what was read", phone.wait_gone("row-unread", Patience::NETWORK)).await?;
    phone
        .wait_text("home-row", "have you heard?", Patience::SCREEN)
        .await?;

    // And the other way round.
    tablet.click("back").await?;
    bob.send(&alice_id, "and this?").await?;
    for device in [&phone, &tablet] {
        device.wait_text("row-unread", "1", Patience::NETWORK).await?;
    }
    phone.click("home-row").await?;
    phone.wait_text("msg", "and this?", Patience::SCREEN).await?;
    in_step(
        "what was read here",
        tablet.wait_gone("row-unread", Patience::NETWORK),
    )
    .await?;
    phone.close().await?;
    tablet.close().await
}
