//! Stories of clocks that are wrong, and of nodes that take all the time there is.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contract::{ConversationId, ErrorCode, KeyCustody, ListRequests, PollNow, SendText};
use engine::{Clock, Config, Engine, EngineParts, ManualClock, Mode, SeededEntropy};
use futures::FutureExt;
use futures::future::BoxFuture;
use network::{
    BuildRequest, ConnectionState, Network, NetworkProfile, NetworkState, RequestError, ServerAddress,
    ServerRequest, SwarmAnswer,
};
use protocol::account::AccountId;
use protocol::message::outgoing::{self, SenderProfile};
use protocol::storage::replies::{Retrieved, RetrievedMessage, Stamp};
use protocol::storage::{MessageHash, Namespace, Request, compute_hash};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tests::simulated_network::World;
use tests::story::{Device, person, stranger};
use tokio::sync::watch;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const YEAR: i64 = 365 * 24 * 60 * MINUTE;

#[tokio::test]
async fn eng_03_a_clock_that_was_a_year_ahead_does_not_stay_in_later_messages() {
    let world = World::new(81);
    let mut device = Device::new(&world);
    device.mode = Mode::OnDemand;
    let bob = person(&world, device, "Bob", 1).await;
    let to = ConversationId(stranger(5).account_id().to_hex());
    let text = |text: &str| SendText {
        conversation: to.clone(),
        text: text.to_owned(),
        reply_to: None,
        preview: None,
    };
    let start = world.clock.now();
    assert_eq!(bob.ask(text("right")).await.sent_at_ms.0, start.0);

    // A start without a network, with a clock that is a year ahead.
    let mut wrong = Device::with_store(&world, bob.store.clone());
    wrong.mode = Mode::OnDemand;
    wrong.clock = Arc::new(ManualClock::new(start.plus_ms(YEAR)));
    let engine = wrong.open(2).await;
    let ahead = engine.request(text("ahead")).await.unwrap();
    assert_eq!(ahead.sent_at_ms.0, start.0 + YEAR);
    engine.close().await;

    // The clock is right again; the network says so with the first look.
    world.clock.advance(MINUTE);
    assert_eq!(
        bob.ask(text("not yet known")).await.sent_at_ms.0,
        start.0 + YEAR + 1
    );
    bob.looks().await;
    assert_eq!(bob.ask(text("known")).await.sent_at_ms.0, start.0 + MINUTE);
}

/// One node that gives another page each time, for ever, and takes most of a minute for it.
struct EndlessSwarm {
    clock: ManualClock,
    pages: AtomicI64,
    from: Mutex<Vec<Option<MessageHash>>>,
    state: watch::Sender<NetworkState>,
}

const NODE: [u8; 32] = [9; 32];
const PAGE_TAKES: i64 = 50 * SECOND;

impl EndlessSwarm {
    fn new(clock: ManualClock) -> Self {
        Self {
            clock,
            pages: AtomicI64::new(0),
            from: Mutex::default(),
            state: watch::Sender::new(NetworkState {
                connection: ConnectionState::Connected,
                path: Vec::new(),
                clock_offset_ms: 0,
                clock_known: true,
                seeds_answered_ms: None,
                reason: None,
            }),
        }
    }

    fn page(&self, account: AccountId) -> RetrievedMessage {
        let now = self.clock.now();
        let sent_at = now.plus_ms(-self.pages.fetch_add(1, Ordering::Relaxed));
        let profile = SenderProfile {
            display_name: "Mallory".to_owned(),
            updated_s: 1,
            picture: None,
        };
        let content = outgoing::text("again", &profile, None, sent_at);
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let data = outgoing::seal(&mut rng, &stranger(66), account, sent_at, &content).unwrap();
        RetrievedMessage {
            hash: compute_hash(account, Namespace::MESSAGES, &data),
            timestamp: now,
            expiry: now.plus_ms(YEAR / 30),
            data,
        }
    }
}

impl Network for EndlessSwarm {
    fn to_swarm<'a>(
        &'a self,
        account: AccountId,
        build: &'a BuildRequest<'a>,
    ) -> BoxFuture<'a, Result<SwarmAnswer, RequestError>> {
        if let Request::Retrieve(retrieve) = build(self.clock.now(), &NODE) {
            self.from.lock().unwrap().push(retrieve.last_hash);
        }
        self.clock.advance(PAGE_TAKES);
        let page = Retrieved {
            messages: vec![self.page(account)],
            more: true,
        };
        let stamp = Stamp {
            now: self.clock.now(),
            hf: [19, 4],
        };
        let answer = SwarmAnswer {
            node: NODE,
            members: vec![NODE],
            status: 200,
            body: page.to_json(stamp),
        };
        std::future::ready(Ok(answer)).boxed()
    }

    fn to_server<'a>(
        &'a self,
        _: &'a ServerAddress,
        _: ServerRequest,
    ) -> BoxFuture<'a, Result<protocol::onion::ServerReply, RequestError>> {
        std::future::ready(Err(RequestError::Offline)).boxed()
    }

    fn state(&self) -> watch::Receiver<NetworkState> {
        self.state.subscribe()
    }

    fn new_path(&self) {}

    fn set_device_online(&self, _: bool) {}
}

#[tokio::test]
async fn inb_11_a_node_that_answers_for_ever_holds_a_look_for_five_minutes() {
    let world = World::new(82);
    let mut device = Device::new(&world);
    device.mode = Mode::OnDemand;
    let bob = person(&world, device, "Bob", 1).await;
    let swarm = Arc::new(EndlessSwarm::new(world.clock.clone()));
    let parts = EngineParts {
        config: Config {
            profile: NetworkProfile::testnet(),
            key_custody: KeyCustody::Memory,
            push_provider: None,
            nearby: tests::story::THIS_MACHINE,
            mode: Mode::OnDemand,
            head_start: Duration::ZERO,
        },
        store: bob.store.clone(),
        network: swarm.clone(),
        clock: Arc::new(world.clock.clone()),
        entropy: Arc::new(SeededEntropy::new(3)),
        websites: Arc::new(previews::FixedWebsites::default()),
        ways_out: engine::WaysOut::default(),
    };
    let engine = Engine::open(parts).await.unwrap();
    let begun = world.clock.now();
    // Not everything was fetched, and that is said.
    assert_eq!(
        engine.request(PollNow {}).await.unwrap_err().code,
        ErrorCode::Offline
    );
    // One question about settings, and five minutes of messages.
    assert_eq!(world.clock.now().since_ms(begun), 5 * MINUTE + 50_000);

    // What came is kept, and the next look goes on behind it.
    let requests = ListRequests { offset: 0, limit: 1 };
    let kept = engine.request(requests).await.unwrap().rows[0].unread;
    let pages = swarm.pages.load(Ordering::Relaxed);
    assert_eq!((i64::from(kept), pages), (6, 7));
    engine.request(PollNow {}).await.unwrap_err();
    let from = swarm.from.lock().unwrap().clone();
    assert_eq!(from[0], None);
    assert!(from[1..].iter().all(Option::is_some));
}
