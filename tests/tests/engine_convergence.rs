//! Whatever happens on the way, all devices of a conversation end with the same messages: each once, with the same
//! answers and reactions, and nothing of what was taken back.

#![allow(clippy::unwrap_used)] // A failing step is the failure of the test.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use contract::{
    DeleteForEveryone, Disappearing, DisappearingMode, ListReactions, MarkRead, MessageBody, MessageRow,
    PollNow, React, SendText, SetDeviceOnline, SetDisappearing,
};
use engine::{Clock, ManualClock};
use futures::future::BoxFuture;
use protocol::TimestampMs;
use protocol::account::AccountId;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use tests::simulated_network::{Faults, SimulatedNetwork, World};
use tests::story::{Device, Person, deliver, file_store, person};

/// Interleavings that are tried.
const SEEDS: std::ops::Range<u64> = 0..14;

/// What people do in one of them, all together.
const STEPS: usize = 60;

const HOUR: i64 = 3_600_000;

/// Long enough to be there while people act.
const DAY_AFTER_SENDING: Disappearing = Disappearing {
    mode: DisappearingMode::AfterSend,
    seconds: 24 * 3_600,
};

const EMOJIS: [&str; 3] = ["😂", "🥰", "😡"];

/// A device's clock that is wrong by a constant; the device has learnt by how much, more or less.
struct SkewedClock {
    right: ManualClock,
    ahead_ms: i64,
}

impl Clock for SkewedClock {
    fn now(&self) -> TimestampMs {
        self.right.now().plus_ms(self.ahead_ms)
    }

    fn sleep_until(&self, deadline: TimestampMs) -> BoxFuture<'static, ()> {
        self.right.sleep_until(deadline.plus_ms(-self.ahead_ms))
    }
}

/// One device, which may be closed and opened again.
struct Client {
    person: Option<Person>,
    path: PathBuf,
    ahead_ms: i64,
    /// How far what it has learnt of its clock is off.
    error_ms: i64,
    /// With whom it talks.
    peer: AccountId,
}

/// What a device shows of a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shown {
    sent_at: i64,
    author: String,
    text: String,
    answers: Option<(String, Option<String>)>,
    reactions: Vec<(String, String)>,
    disappears: Option<u32>,
}

/// What was done, in all.
#[derive(Default)]
struct Record {
    sent: BTreeSet<String>,
    taken_back: BTreeSet<String>,
}

struct Chance(ChaCha20Rng);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0.next_u32() as usize % bound.max(1)
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let index = self.below(all.len());
        all.get(index)
    }
}

fn device(world: &Arc<World>, path: &std::path::Path, ahead_ms: i64, error_ms: i64) -> Device {
    let mut device = Device::with_store(world, file_store(path));
    device.network = SimulatedNetwork::with_clock_offset(world, error_ms - ahead_ms);
    device.clock = Arc::new(SkewedClock {
        right: world.clock.clone(),
        ahead_ms,
    });
    device
}

impl Client {
    fn person(&self) -> &Person {
        self.person.as_ref().unwrap()
    }

    /// Ends as a killed process does, and starts anew.
    async fn restart(&mut self, world: &Arc<World>, seed: u64) {
        let Person {
            engine, store, id, ..
        } = self.person.take().unwrap();
        drop(engine);
        while Arc::strong_count(&store) > 1 {
            tokio::task::yield_now().await;
        }
        drop(store);
        let device = device(world, &self.path, self.ahead_ms, self.error_ms);
        let engine = device.open(seed).await;
        self.person = Some(Person::returning(world, device, engine, id));
    }

    async fn rows(&self) -> Vec<MessageRow> {
        let list = contract::ListMessages {
            conversation: contract::ConversationId(self.peer.to_hex()),
            window: contract::MessageWindow::Newest,
            limit: 200,
        };
        self.person().ask(list).await.rows
    }

    async fn texts(&self) -> Vec<MessageRow> {
        let is_text = |row: &MessageRow| matches!(row.body, MessageBody::Text { .. });
        self.rows().await.into_iter().filter(is_text).collect()
    }

    async fn shows(&self) -> Vec<Shown> {
        let mut shown = Vec::new();
        for row in self.texts().await {
            let reactions = self.person().ask(ListReactions { message: row.id }).await;
            let mut reactions: Vec<_> = reactions.into_iter().map(|it| (it.emoji, it.author.0)).collect();
            reactions.sort();
            let original = |body: MessageBody| text_of(&body);
            shown.push(Shown {
                sent_at: row.sent_at_ms.0,
                author: row.author.0,
                text: text_of(&row.body),
                answers: row
                    .quote
                    .map(|quote| (quote.author.0, quote.original.map(|it| original(it.body)))),
                reactions,
                disappears: row.expiry.map(|expiry| expiry.setting.seconds),
            });
        }
        shown
    }

    /// Does one thing at random.
    async fn acts(&mut self, world: &Arc<World>, chance: &mut Chance, record: &mut Record, step: u64) {
        let texts = self.texts().await;
        let conversation = contract::ConversationId(self.peer.to_hex());
        match chance.below(14) {
            0..=3 => {
                let reply_to = match chance.below(2) {
                    0 => None,
                    _ => chance.one_of(&texts).map(|row| row.id),
                };
                let text = format!("message {step}");
                let send = SendText {
                    conversation,
                    text: text.clone(),
                    reply_to,
                    preview: None,
                };
                // What it answers may have been taken back a moment ago.
                if self.person().engine.request(send).await.is_ok() {
                    record.sent.insert(text);
                }
            }
            4..=5 => {
                if let Some(row) = chance.one_of(&texts) {
                    let emoji = chance.one_of(&EMOJIS).unwrap();
                    let react = React {
                        message: row.id,
                        emoji: (*emoji).to_owned(),
                        add: chance.below(3) > 0,
                    };
                    // Refused where it would go to somebody whose request this device has not seen accepted.
                    let _ = self.person().engine.request(react).await;
                }
            }
            6 => {
                let mine: Vec<_> = texts.into_iter().filter(|row| row.mine).collect();
                if let Some(row) = chance.one_of(&mine) {
                    record.taken_back.insert(text_of(&row.body));
                    // My other device may have been quicker.
                    let _ = self
                        .person()
                        .engine
                        .request(DeleteForEveryone { message: row.id })
                        .await;
                }
            }
            7 => {
                let online = chance.below(3) > 0;
                self.person().ask(SetDeviceOnline { online }).await;
            }
            8 => self.restart(world, step + 1_000).await,
            12 => {
                let setting = match chance.below(3) {
                    0 => None,
                    _ => Some(DAY_AFTER_SENDING),
                };
                let set = SetDisappearing {
                    conversation,
                    setting,
                };
                self.person().ask(set).await;
            }
            13 => {
                if let Some(row) = chance.one_of(&texts) {
                    let up_to = row.id;
                    self.person().ask(MarkRead { conversation, up_to }).await;
                }
            }
            9 => {
                let faults = Faults {
                    lost_requests: 25,
                    lost_replies: 25,
                    repeated: 25,
                    hesitation: 10,
                    ..Faults::default()
                };
                self.person().network.set_faults(match chance.below(3) {
                    0 => Faults::default(),
                    _ => faults,
                });
            }
            _ => {
                // A look that fails is made up for later.
                let _ = self.person().engine.request(PollNow {}).await;
            }
        }
    }
}

fn text_of(body: &MessageBody) -> String {
    match body {
        MessageBody::Text { text } => text.clone(),
        other => format!("{other:?}"),
    }
}

/// Alice with one or two devices, and Bob with one or two, who know each other.
async fn clients(world: &Arc<World>, folder: &std::path::Path, chance: &mut Chance) -> Vec<Client> {
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
        client.peer = if client.person().id == ids[0] {
            ids[1]
        } else {
            ids[0]
        };
    }
    clients
}

#[tokio::test]
async fn all_devices_come_to_show_the_same() {
    for seed in SEEDS {
        let world = World::new(seed);
        let folder = tempfile::tempdir().unwrap();
        let mut chance = Chance(ChaCha20Rng::seed_from_u64(seed));
        let mut clients = clients(&world, folder.path(), &mut chance).await;
        let mut record = Record::default();
        record.sent.insert("first".to_owned());
        for step in 0..STEPS as u64 {
            let chosen = chance.below(clients.len());
            clients[chosen].acts(&world, &mut chance, &mut record, step).await;
            // Two devices of one account never send in the same millisecond.
            let wait = match chance.below(4) {
                0 => 10 * 60_000,
                _ => 7,
            };
            world.clock.advance(wait + chance.below(50) as i64);
            for _ in 0..chance.below(200) {
                tokio::task::yield_now().await;
            }
        }
        for client in &clients {
            client.person().network.set_faults(Faults::default());
            client.person().ask(SetDeviceOnline { online: true }).await;
        }
        let people: Vec<&Person> = clients.iter().map(Client::person).collect();
        for _ in 0..3 {
            world.clock.advance(HOUR);
            deliver(&people).await;
        }
        let first = clients[0].shows().await;
        for (number, client) in clients.iter().enumerate() {
            assert_eq!(client.shows().await, first, "seed {seed}, device {number}");
        }
        let shown: Vec<String> = first.iter().map(|shown| shown.text.clone()).collect();
        let left: BTreeSet<String> = record.sent.difference(&record.taken_back).cloned().collect();
        assert_eq!(shown.len(), left.len(), "seed {seed}: each once");
        assert_eq!(shown.into_iter().collect::<BTreeSet<_>>(), left, "seed {seed}");
        // What disappears does so everywhere, and the rest stays; answers to what disappeared lose their original.
        world.clock.advance(48 * HOUR);
        let names = |shown: &[Shown]| shown.iter().map(|it| it.text.clone()).collect::<Vec<_>>();
        let lasting: Vec<Shown> = first.into_iter().filter(|it| it.disappears.is_none()).collect();
        for client in &clients {
            while client.texts().await.len() > lasting.len() {
                tokio::task::yield_now().await;
            }
        }
        let first = clients[0].shows().await;
        assert_eq!(names(&first), names(&lasting), "seed {seed}: what lasts");
        for client in &clients {
            assert_eq!(client.shows().await, first, "seed {seed}: what lasts");
        }
        // Nor does anything come back from a swarm that is read from its beginning.
        for client in &clients {
            client
                .person()
                .store
                .write(|writing| writing.clear_last_hashes())
                .unwrap();
            client.person().looks().await;
            assert_eq!(client.shows().await, first, "seed {seed}: read again");
        }
    }
}
