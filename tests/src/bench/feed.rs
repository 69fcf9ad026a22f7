//! A network of one swarm that answers from memory, page after page, and the engine that asks it.
//!
//! Its pages are made before anything is measured, so that what is measured is the engine alone.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use contract::{Failure, KeyCustody};
use engine::{Clock, Config, Engine, EngineParts, Mode, SystemClock, SystemEntropy};
use futures::FutureExt;
use futures::future::BoxFuture;
use network::{
    BuildRequest, ConnectionState, Network, NetworkProfile, NetworkState, RequestError, ServerAddress,
    ServerRequest, SwarmAnswer,
};
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys};
use protocol::message::outgoing::{self, SenderProfile};
use protocol::onion::ServerReply;
use protocol::storage::replies::{Retrieved, RetrievedMessage, Stamp};
use protocol::storage::{Namespace, Request, compute_hash};
use rand_core::CryptoRng;
use serde_json::Value;
use store::Store;
use tokio::sync::watch;

/// Opens an engine on a store with the system's clock.
///
/// # Errors
/// When the store fails.
pub async fn open_engine(store: &Arc<Store>, feed: &Arc<Feed>, mode: Mode) -> Result<Engine, Failure> {
    let parts = EngineParts {
        config: Config {
            profile: NetworkProfile::mainnet(),
            key_custody: KeyCustody::Memory,
            push_provider: None,
            nearby: crate::story::THIS_MACHINE,
            mode,
            head_start: Duration::ZERO,
        },
        store: Arc::clone(store),
        network: Arc::clone(feed) as Arc<dyn Network>,
        clock: Arc::new(SystemClock::new()),
        entropy: Arc::new(SystemEntropy),
        websites: Arc::new(previews::FixedWebsites::default()),
        ways_out: engine::WaysOut::default(),
    };
    Engine::open(parts).await
}

/// The time of this machine.
pub fn now() -> TimestampMs {
    SystemClock::new().now()
}

/// So many texts by these authors in turn, a second between them, the last one sent just now.
///
/// # Errors
/// When a text cannot be sealed.
pub fn texts(
    rng: &mut impl CryptoRng,
    authors: &[AccountKeys],
    to: AccountId,
    count: usize,
) -> anyhow::Result<Vec<RetrievedMessage>> {
    let start = now().plus_ms(-1_000 * i64::try_from(count)?);
    let profile = SenderProfile {
        display_name: "Somebody".into(),
        updated_s: u64::try_from(start.0)? / 1_000,
        picture: None,
    };
    let seal = |(number, author): (usize, &AccountKeys)| {
        let sent_at = start.plus_ms(i64::try_from(number)? * 1_000);
        let text = format!("Message {number}: the hut is booked, see you at the harbour at six.");
        let content = outgoing::text(&text, &profile, None, sent_at);
        Ok(stored(
            to,
            outgoing::seal(rng, author, to, sent_at, &content)?,
            sent_at,
        ))
    };
    (0..count).zip(authors.iter().cycle()).map(seal).collect()
}

/// Bytes as a swarm keeps them.
pub fn stored(owner: AccountId, data: Vec<u8>, at: TimestampMs) -> RetrievedMessage {
    RetrievedMessage {
        hash: compute_hash(owner, Namespace::MESSAGES, &data),
        timestamp: at,
        expiry: at.plus_ms(i64::try_from(outgoing::TTL_MS).unwrap_or(i64::MAX)),
        data,
    }
}

/// The network.
pub struct Feed {
    pages: Mutex<Vec<Page>>,
    state: watch::Sender<NetworkState>,
}

/// What one request brings.
pub struct Page {
    answer: Value,
    last_hash: String,
}

impl Page {
    /// A page of messages; it must not be empty.
    pub fn new(messages: &[RetrievedMessage]) -> Self {
        let retrieved = Retrieved {
            messages: messages.to_vec(),
            more: false,
        };
        Self {
            answer: retrieved.to_json(STAMP),
            last_hash: messages
                .last()
                .map(|message| message.hash.to_string())
                .unwrap_or_default(),
        }
    }
}

const STAMP: Stamp = Stamp {
    now: TimestampMs(1_790_000_000_000),
    hf: [19, 4],
};

impl Feed {
    /// A connected network that has nothing.
    pub fn new() -> Self {
        let state = NetworkState {
            connection: ConnectionState::Connected,
            path: Vec::new(),
            clock_offset_ms: 0,
            clock_known: true,
            seeds_answered_ms: None,
            reason: None,
        };
        Self {
            pages: Mutex::default(),
            state: watch::Sender::new(state),
        }
    }

    /// Stores a page behind those that are there.
    pub fn add(&self, page: Page) {
        self.pages().push(page);
    }

    fn pages(&self) -> MutexGuard<'_, Vec<Page>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The page behind the one that ends with a hash.
    fn after(&self, last_hash: Option<&str>) -> Value {
        let pages = self.pages();
        let index = last_hash
            .and_then(|hash| pages.iter().position(|page| page.last_hash == hash))
            .map_or(0, |page| page + 1);
        let Some(page) = pages.get(index) else {
            let nothing = Retrieved {
                messages: Vec::new(),
                more: false,
            };
            return nothing.to_json(STAMP);
        };
        let mut answer = page.answer.clone();
        answer["more"] = Value::Bool(index + 1 < pages.len());
        answer
    }
}

impl Default for Feed {
    fn default() -> Self {
        Self::new()
    }
}

impl Network for Feed {
    fn to_swarm<'a>(
        &'a self,
        _: AccountId,
        build: &'a BuildRequest<'a>,
    ) -> BoxFuture<'a, Result<SwarmAnswer, RequestError>> {
        async move {
            let node = [7; 32];
            let Request::Retrieve(retrieve) = build(STAMP.now, &node) else {
                return Err(RequestError::SwarmSilent);
            };
            let last_hash = retrieve.last_hash.map(|hash| hash.to_string());
            Ok(SwarmAnswer {
                node,
                members: vec![node],
                status: 200,
                body: self.after(last_hash.as_deref()),
            })
        }
        .boxed()
    }

    fn to_server<'a>(
        &'a self,
        _: &'a ServerAddress,
        _: ServerRequest,
    ) -> BoxFuture<'a, Result<ServerReply, RequestError>> {
        std::future::ready(Err(RequestError::NoPath)).boxed()
    }

    fn state(&self) -> watch::Receiver<NetworkState> {
        self.state.subscribe()
    }

    fn new_path(&self) {}

    fn set_device_online(&self, _: bool) {}
}
