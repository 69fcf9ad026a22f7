//! `first_paint`: the time from the start of the app's process to the first painted conversation list, with 10,000
//! messages in 300 conversations.

use std::time::Duration;

use anyhow::Context;
use app_tests::{App, Patience};
use protocol::TimestampMs;
use protocol::account::{AccountKeys, Seed};
use protocol::storage::{Namespace, compute_hash};
use rand_core::SeedableRng;
use store::keychain::Passphrase;
use store::{DataDir, MessageKind, NewAccount, Origin, Received, ReceivedBatch, ReceivedMessage, Stage};

/// Rows of the store.
const MESSAGES: i64 = 10_000;
/// Conversations they are spread over.
const CONVERSATIONS: usize = 300;
/// Starts; the median counts.
const STARTS: usize = 5;
/// Opens the store; nothing in it is worth more.
const PASSPHRASE: &str = "only for the bench";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    fill(&DataDir::prepare(&data)?)?;
    let passphrase = folder.path().join("passphrase");
    std::fs::write(&passphrase, PASSPHRASE)?;
    let text = |path: &std::path::Path| path.to_string_lossy().into_owned();
    let flags = [
        "--data".to_owned(),
        text(&data),
        "--network".to_owned(),
        "testnet".to_owned(),
        "--passphrase-file".to_owned(),
        text(&passphrase),
    ];
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..STARTS {
        let app = App::start(&flags, &[]).await?;
        app.wait("home-row", Patience::SCREEN).await?;
        times.push(app.age()?);
        app.close().await?;
    }
    times.sort_unstable();
    let median = times.get(STARTS / 2).context("no start")?;
    println!(
        "{:6} ms  from process start to the first painted list with 10,000 messages",
        median.as_millis()
    );
    Ok(())
}

/// Makes an account that has received [`MESSAGES`] messages from people it has accepted.
fn fill(data: &DataDir) -> anyhow::Result<()> {
    let (store, _) = data.open_store(Passphrase::new(PASSPHRASE.to_owned()))?;
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(3);
    let mut somebody = || {
        let seed = Seed::generate(&mut rng);
        (AccountKeys::from_seed(&seed).account_id(), seed)
    };
    let (account_id, seed) = somebody();
    let people: Vec<_> = (0..CONVERSATIONS).map(|_| somebody().0).collect();
    let start = TimestampMs(1_780_000_000_000);
    let account = NewAccount {
        seed,
        account_id,
        origin: Origin::Created,
        stage: Stage::Home,
        created_at: start,
    };
    store.write(|writing| {
        writing.create_account(&account)?;
        writing.set_display_name("Alice", start)?;
        for person in &people {
            writing.approve(person, start)?;
        }
        let items = (0..MESSAGES).zip(people.iter().cycle()).map(|(number, person)| {
            let sent_at = start.plus_ms(number * 60_000);
            let body = format!("Message {number}: the hut is booked, see you at the harbour at six.");
            Received {
                hash: compute_hash(account_id, Namespace::MESSAGES, body.as_bytes()),
                seen_until: sent_at,
                control: None,
                message: Some(ReceivedMessage {
                    conversation: *person,
                    author: *person,
                    sent_at,
                    kind: MessageKind::Text,
                    body,
                    raw: None,
                    files: Vec::new(),
                    preview: None,
                    profile: None,
                    quote: None,
                    disappearing: None,
                    swarm_expires_at: sent_at,
                }),
            }
        });
        let batch = ReceivedBatch {
            items: items.collect(),
            last_hash: None,
            now: start,
            device_now: start,
        };
        writing.insert_received(&batch).map(|_| ())
    })?;
    Ok(())
}
