//! People in a simulated world: the vocabulary in which stories across crates are told.

pub mod devices;
pub mod files;
mod interaction;
pub mod onboarding;
pub mod settings;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use contract::{
    AcceptRequest, ConversationId, CreateAccount, ErrorCode, Failure, FinishOnboarding, KeyCustody,
    ListConversations, ListMessages, ListRequests, MessageBody, MessageId, MessageRow, MessageStatus,
    MessageWindow, NotificationMode, PollNow, Request, SendText, SetDisplayName, SetNotificationMode,
};
use engine::{Clock, Config, Engine, EngineParts, EventStream, Mode, SeededEntropy};
use network::NetworkProfile;
use previews::FixedWebsites;
use protocol::account::{AccountId, AccountKeys};
use store::{Store, StoreKey};

use crate::simulated_network::{SimulatedNetwork, World};

pub use interaction::friends;

/// No story waits longer than this, in real time, for something that must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Devices reach each other over loopback, and only where they are told the address.
pub const THIS_MACHINE: nearby::Reach = nearby::Reach {
    scope: nearby::Scope::ThisMachine,
    announcements: None,
};

/// A person with a device.
pub struct Person {
    /// Their engine.
    pub engine: Engine,
    /// Their way to the network.
    pub network: Arc<SimulatedNetwork>,
    /// Their database.
    pub store: Arc<Store>,
    /// Their account.
    pub id: AccountId,
    world: Arc<World>,
    clock: Arc<dyn Clock>,
}

/// How an engine is to be opened.
pub struct Device {
    /// Whether the engine works by itself.
    pub mode: Mode,
    /// Where everything of its data is.
    pub store: Arc<Store>,
    /// Its way to the network.
    pub network: Arc<SimulatedNetwork>,
    /// Its clock.
    pub clock: Arc<dyn Clock>,
    /// The websites that it can reach.
    pub websites: FixedWebsites,
}

impl Device {
    /// A device with an empty store in memory, connected, its clock right, working by itself.
    pub fn new(world: &Arc<World>) -> Self {
        Self::with_store(world, Arc::new(Store::in_memory().expect("SQLite has memory")))
    }

    /// As [`Device::new`] with a given store.
    pub fn with_store(world: &Arc<World>, store: Arc<Store>) -> Self {
        Self {
            mode: Mode::Active,
            store,
            network: SimulatedNetwork::new(world),
            clock: Arc::new(world.clock.clone()),
            websites: FixedWebsites::default(),
        }
    }

    /// Opens an engine on it. `seed` makes its randomness.
    pub async fn open(&self, seed: u64) -> Engine {
        let config = Config {
            profile: profile(),
            key_custody: KeyCustody::Memory,
            push_provider: None,
            nearby: THIS_MACHINE,
            mode: self.mode,
            head_start: Duration::ZERO,
        };
        let parts = EngineParts {
            config,
            store: Arc::clone(&self.store),
            network: self.network.clone(),
            clock: Arc::clone(&self.clock),
            entropy: Arc::new(SeededEntropy::new(seed)),
            websites: Arc::new(self.websites.clone()),
            ways_out: engine::WaysOut::default(),
        };
        Engine::open(parts)
            .await
            .expect("an engine opens on an empty store")
    }
}

/// Opens the store of a file as a process does that has just started.
pub fn file_store(path: &Path) -> Arc<Store> {
    let key = StoreKey::from_slice(&[7; 32]).expect("32 bytes are a key");
    Arc::new(Store::open(path, &key).expect("the store opens"))
}

/// Alice, with a fresh account, on a device of her own.
pub async fn alice(world: &Arc<World>) -> Person {
    person(world, Device::new(world), "Alice", 1).await
}

/// Bob, likewise.
pub async fn bob(world: &Arc<World>) -> Person {
    person(world, Device::new(world), "Bob", 2).await
}

/// Somebody with a fresh account on a given device.
pub async fn person(world: &Arc<World>, device: Device, name: &str, seed: u64) -> Person {
    let engine = device.open(seed).await;
    let account = engine
        .request(CreateAccount {})
        .await
        .expect("an account is made");
    engine
        .request(SetDisplayName {
            name: name.to_owned(),
        })
        .await
        .expect("it is named");
    let slow = SetNotificationMode {
        mode: NotificationMode::Slow,
    };
    engine.request(slow).await.expect("a mode is chosen");
    engine
        .request(FinishOnboarding {})
        .await
        .expect("onboarding ends");
    let id = AccountId::parse(&account.account_id.0).expect("an account id");
    Person::returning(world, device, engine, id)
}

impl Person {
    /// An engine that was opened elsewhere, on an existing account.
    pub fn returning(world: &Arc<World>, device: Device, engine: Engine, id: AccountId) -> Self {
        Self {
            engine,
            network: device.network,
            store: device.store,
            id,
            world: Arc::clone(world),
            clock: device.clock,
        }
    }

    /// The conversation with this person, as others name it.
    pub fn conversation(&self) -> ConversationId {
        ConversationId(self.id.to_hex())
    }

    /// Asks for something that must succeed.
    #[track_caller]
    pub fn ask<R: Request + 'static>(&self, request: R) -> impl Future<Output = R::Reply> {
        let caller = std::panic::Location::caller();
        async move {
            self.engine
                .request(request)
                .await
                .unwrap_or_else(|failure| panic!("{} at {caller}: {failure}", R::NAME))
        }
    }

    /// Asks for something that must be refused.
    pub async fn refused<R: Request + 'static>(&self, request: R) -> ErrorCode
    where
        R::Reply: std::fmt::Debug,
    {
        let answer: Result<R::Reply, Failure> = self.engine.request(request).await;
        answer.expect_err("refused").code
    }

    /// Writes a text.
    pub async fn writes(&self, to: &Self, text: &str) -> MessageId {
        self.ask(SendText {
            conversation: to.conversation(),
            text: text.to_owned(),
            reply_to: None,
            preview: None,
        })
        .await
        .message_id
    }

    /// Looks for messages.
    pub async fn looks(&self) {
        self.ask(PollNow {}).await;
    }

    /// Accepts a message request.
    pub async fn accepts(&self, from: &Self) {
        self.ask(AcceptRequest {
            conversation: from.conversation(),
        })
        .await;
    }

    /// All rows of the conversation with somebody.
    pub async fn rows(&self, with: &Self) -> Vec<MessageRow> {
        let window = MessageWindow::Newest;
        self.ask(ListMessages {
            conversation: with.conversation(),
            window,
            limit: 200,
        })
        .await
        .rows
    }

    /// The texts of the conversation with somebody, oldest first.
    pub async fn texts(&self, with: &Self) -> Vec<String> {
        let text = |row: MessageRow| match row.body {
            MessageBody::Text { text } => Some(text),
            _ => None,
        };
        self.rows(with).await.into_iter().filter_map(text).collect()
    }

    /// The state of a message of theirs.
    pub async fn status(&self, message: MessageId) -> MessageStatus {
        self.ask(contract::GetMessage { message })
            .await
            .status
            .expect("a message of mine")
    }

    /// The names of the home list.
    pub async fn home(&self) -> Vec<String> {
        let page = self
            .ask(ListConversations {
                offset: 0,
                limit: 200,
            })
            .await;
        page.rows.into_iter().map(|row| row.name).collect()
    }

    /// The names of the requests list.
    pub async fn requests(&self) -> Vec<String> {
        let page = self
            .ask(ListRequests {
                offset: 0,
                limit: 200,
            })
            .await;
        page.rows.into_iter().map(|row| row.name).collect()
    }

    /// Waits until nothing is under way or due: all is sent, given up, or waits for a later time.
    pub async fn rests(&self) {
        let rested = async {
            loop {
                // By the device's own clock: the outbox goes by no other.
                let now = self.clock.now();
                let resting = self.store.read(|reading| {
                    let nothing_due = reading.next_due()?.is_none_or(|due| due > now);
                    Ok::<_, store::StoreError>(nothing_due && reading.count_under_way()? == 0)
                });
                if resting.expect("the store reads") {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, rested)
            .await
            .expect("the outbox comes to rest");
    }
}

/// Everything that is due goes out, and everybody looks for messages.
pub async fn deliver(people: &[&Person]) {
    for person in people {
        person.rests().await;
    }
    for person in people {
        person.looks().await;
    }
}

/// Waits for work that tasks do by themselves.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let held = async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, held)
        .await
        .unwrap_or_else(|_| panic!("{what}"));
}

/// Waits for an event.
pub async fn event(events: &mut EventStream, wanted: impl Fn(&contract::Event) -> bool) {
    let found = async {
        loop {
            match events.next().await {
                Some(event) if wanted(&event) => return,
                Some(_) => {}
                None => panic!("the engine is gone"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, found)
        .await
        .expect("the event comes");
}

/// The keys of a seed of equal bytes, for people who exist outside of engines.
pub fn stranger(byte: u8) -> AccountKeys {
    let seed = protocol::account::Seed::from_bytes(&[byte; 16]).expect("16 bytes are a seed");
    AccountKeys::from_seed(&seed)
}

fn profile() -> NetworkProfile {
    let profile = serde_json::json!({
        "name": "simulated",
        "seeds": [ { "url": "http://127.0.0.1:1" } ],
        "file_server": crate::file_server::profile_entry(),
    });
    NetworkProfile::from_json(&profile.to_string()).expect("the profile is well-formed")
}
