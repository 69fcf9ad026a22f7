//! Devices whose clocks are wrong, that end as killed processes do and begin anew, and the chance by which things happen.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use contract::{ConversationId, ListMessages, MessageBody, MessageRow, MessageWindow};
use engine::{Clock, ManualClock};
use futures::future::BoxFuture;
use protocol::TimestampMs;
use protocol::account::AccountId;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use super::{Device, Person, deliver, file_store, person};
use crate::simulated_network::{SimulatedNetwork, World};

const HOUR: i64 = 3_600_000;

/// What happens by chance, the same for the same seed.
pub struct Chance(ChaCha20Rng);

/// A device's clock that is wrong by a constant; the device has learnt by how much, more or less.
struct SkewedClock {
    right: ManualClock,
    ahead_ms: i64,
}

/// One device, which may be closed and opened again.
pub struct Client {
    person: Option<Person>,
    path: PathBuf,
    ahead_ms: i64,
    /// How far what it has learnt of its clock is off.
    error_ms: i64,
    /// With whom it talks.
    pub peer: AccountId,
}

impl Chance {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0.next_u32() as usize % bound.max(1)
    }

    /// One of several, if there are any.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let index = self.below(all.len());
        all.get(index)
    }
}

impl Clock for SkewedClock {
    fn now(&self) -> TimestampMs {
        self.right.now().plus_ms(self.ahead_ms)
    }

    fn sleep_until(&self, deadline: TimestampMs) -> BoxFuture<'static, ()> {
        self.right.sleep_until(deadline.plus_ms(-self.ahead_ms))
    }
}

fn device(world: &Arc<World>, path: &Path, ahead_ms: i64, error_ms: i64) -> Device {
    let mut device = Device::with_store(world, file_store(path));
    device.network = SimulatedNetwork::with_clock_offset(world, error_ms - ahead_ms);
    device.clock = Arc::new(SkewedClock {
        right: world.clock.clone(),
        ahead_ms,
    });
    device
}

impl Client {
    /// Who holds it.
    pub fn person(&self) -> &Person {
        self.person.as_ref().expect("the device is on")
    }

    /// The conversation of these stories.
    pub fn conversation(&self) -> ConversationId {
        ConversationId(self.peer.to_hex())
    }

    /// Ends as a killed process does, and starts anew.
    pub async fn restart(&mut self, world: &Arc<World>, seed: u64) {
        let Person {
            engine, store, id, ..
        } = self.person.take().expect("the device is on");
        drop(engine);
        while Arc::strong_count(&store) > 1 {
            tokio::task::yield_now().await;
        }
        drop(store);
        let device = device(world, &self.path, self.ahead_ms, self.error_ms);
        let engine = device.open(seed).await;
        self.person = Some(Person::returning(world, device, engine, id));
    }

    /// All rows of the conversation.
    pub async fn rows(&self) -> Vec<MessageRow> {
        let list = ListMessages {
            conversation: self.conversation(),
            window: MessageWindow::Newest,
            limit: 200,
        };
        self.person().ask(list).await.rows
    }

    /// Its texts.
    pub async fn texts(&self) -> Vec<MessageRow> {
        let is_text = |row: &MessageRow| matches!(row.body, MessageBody::Text { .. });
        self.rows().await.into_iter().filter(is_text).collect()
    }
}

/// What a row says.
pub fn text_of(body: &MessageBody) -> String {
    match body {
        MessageBody::Text { text } => text.clone(),
        other => format!("{other:?}"),
    }
}

/// Alice with one or two devices, and Bob with one or two, who know each other. Alice has written "first".
pub async fn clients(world: &Arc<World>, folder: &Path, chance: &mut Chance) -> Vec<Client> {
    let mut clients: Vec<Client> = Vec::new();
    let (devices, tablet_of_bob) = (2 + chance.below(3), 3);
    for number in 0..devices {
        let path = folder.join(format!("{number}.db"));
        let ahead_ms = [0, 7 * HOUR, -3 * HOUR, 90_000][number];
        let error_ms = chance.below(3_000) as i64 - 1_500;
        let device = device(world, &path, ahead_ms, error_ms);
        let seed = number as u64 + 1;
        let person = match number {
            0 => person(world, device, "Alice", seed).await,
            1 => person(world, device, "Bob", seed).await,
            _ => {
                clients[usize::from(number == tablet_of_bob)]
                    .person()
                    .on(device, seed)
                    .await
            }
        };
        clients.push(Client {
            peer: person.id,
            person: Some(person),
            path,
            ahead_ms,
            error_ms,
        });
        if number == 1 {
            let (alice, bob) = (clients[0].person(), clients[1].person());
            alice.writes(bob, "first").await;
            deliver(&[alice, bob]).await;
            bob.accepts(alice).await;
            world.clock.advance(5_000);
            deliver(&[bob, alice]).await;
        }
    }
    let ids = [clients[0].person().id, clients[1].person().id];
    for client in &mut clients {
        client.peer = match client.person().id == ids[0] {
            true => ids[1],
            false => ids[0],
        };
    }
    clients
}

/// Alice with several devices, two to six of them, whose clocks are wrong by up to half a day.
pub async fn devices_of_one(
    world: &Arc<World>,
    folder: &Path,
    chance: &mut Chance,
    count: usize,
) -> Vec<Client> {
    let mut clients: Vec<Client> = Vec::new();
    for number in 0..count {
        let path = folder.join(format!("{number}.db"));
        let ahead_ms = (chance.below(25) as i64 - 12) * HOUR;
        let error_ms = chance.below(3_000) as i64 - 1_500;
        let device = device(world, &path, ahead_ms, error_ms);
        let seed = number as u64 + 1;
        let person = match clients.first() {
            None => person(world, device, "Alice", seed).await,
            Some(first) => {
                first.person().looks().await;
                first.person().on(device, seed).await
            }
        };
        clients.push(Client {
            peer: person.id,
            person: Some(person),
            path,
            ahead_ms,
            error_ms,
        });
    }
    clients
}
