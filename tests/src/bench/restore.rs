//! Bringing an account with many contacts and many waiting messages to a device that has nothing.
//!
//! The nodes answer from memory, so what is measured is the device's own work and the requests that it makes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use contract::{GetRecoveryPhrase, RestoreAccount, Stage};
use engine::Clock;
use protocol::account::{AccountKeys, Seed};
use protocol::message::outgoing::{self, SenderProfile};
use protocol::storage::{Namespace, Request, Store};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::simulated_network::World;
use crate::story::onboarding::{SLOW, stage};
use crate::story::{Device, Person, alice, file_store};

/// People of the account.
const CONTACTS: usize = 1_000;
/// Messages that wait.
const MESSAGES: usize = 5_000;
/// People who wrote them.
const AUTHORS: usize = 50;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Until the home list can be used.
    pub home: Duration,
    /// Until all contacts and messages are there.
    pub complete: Duration,
}

/// Restores once.
///
/// # Errors
/// When something does not arrive.
pub async fn measure() -> anyhow::Result<Measured> {
    let world = World::new(41);
    let phone = alice(&world).await;
    let mut rng = ChaCha20Rng::seed_from_u64(41);
    let people: Vec<AccountKeys> = (0..CONTACTS)
        .map(|_| AccountKeys::from_seed(&Seed::generate(&mut rng)))
        .collect();
    let ids: Vec<_> = people.iter().map(AccountKeys::account_id).collect();
    let now = world.clock.now();
    phone.store.write(|writing| {
        ids.iter().try_for_each(|id| {
            writing.approve(id, now)?;
            writing.record_approved_me(id, now)
        })
    })?;
    phone.looks().await;
    wait_for(&world, &mut rng, &phone, &people)?;

    let folder = tempfile::tempdir()?;
    let device = Device::with_store(&world, file_store(&folder.path().join("bench.db")));
    let phrase = phone.ask(GetRecoveryPhrase {}).await.words.join(" ").into();
    let (store, engine) = (Arc::clone(&device.store), device.open(9).await);
    let started = Instant::now();
    engine
        .request(RestoreAccount { phrase })
        .await
        .context("restore")?;
    engine.request(SLOW).await.context("mode")?;
    let mut home = None;
    let complete = loop {
        if home.is_none() && stage(&engine).await == Stage::Home {
            home = Some(started.elapsed());
        }
        let (people, messages) = store.read(|reading| {
            let people = reading.shared_people()?.into_iter();
            let approved = people.filter(|person| person.approved).count();
            Ok::<_, store::StoreError>((
                approved,
                reading.count_unread_messages(store::ConversationList::Home)?,
            ))
        })?;
        if home.is_some() && people >= CONTACTS && usize::try_from(messages)? == MESSAGES {
            break started.elapsed();
        }
        ensure!(
            started.elapsed() < Duration::from_secs(300),
            "{people} people, {messages} messages"
        );
        // Tasks go by the world's clock.
        world.clock.advance(5);
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    engine.close().await;
    Ok(Measured {
        home: home.context("home")?,
        complete,
    })
}

/// Puts messages into the account's swarm.
fn wait_for(
    world: &World,
    rng: &mut ChaCha20Rng,
    phone: &Person,
    people: &[AccountKeys],
) -> anyhow::Result<()> {
    let now = world.clock.now();
    let node = *world.nodes.swarm_of(&phone.id).first().context("a swarm")?;
    let profile = SenderProfile {
        display_name: "Somebody".into(),
        updated_s: u64::try_from(now.0)? / 1_000,
        picture: None,
    };
    for (number, author) in (0..MESSAGES).zip(people.iter().take(AUTHORS).cycle()) {
        let sent_at = now.plus_ms(i64::try_from(number)? - 10_000_000);
        let text = format!("Message {number}: the hut is booked, see you at the harbour at six.");
        let content = outgoing::text(&text, &profile, None, sent_at);
        let store = Store {
            account: phone.id,
            namespace: Namespace::MESSAGES,
            data: outgoing::seal(rng, author, phone.id, sent_at, &content)?,
            timestamp: sent_at,
            expiry: now.plus_ms(i64::try_from(outgoing::TTL_MS)? - 20_000_000),
            proof: None,
        };
        let answer = world
            .nodes
            .handle_request(now, &node, Request::Store(store))
            .context("a node")?;
        ensure!(answer.status == 200, "a node refused: {}", answer.body_json());
    }
    Ok(())
}
