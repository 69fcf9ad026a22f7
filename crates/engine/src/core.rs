//! What all parts of an engine share.

use std::sync::{Arc, PoisonError, RwLock};

use contract::{ErrorCode, Event};
use network::{BuildRequest, Network, RequestError, SwarmAnswer};
use protocol::TimestampMs;
use protocol::account::{AccountId, AccountKeys};
use rand_chacha::ChaCha20Rng;
use store::{Reading, Store, Writing};
use tokio::sync::{Mutex, Notify, Semaphore, watch};
use tokio_util::sync::CancellationToken;

use crate::attachments::Transfers;
use crate::backups::DataState;
use crate::entropy::{self, Entropy};
use crate::events::Events;
use crate::failure::Stopped;
use crate::history::HistoryState;
use crate::in_use::InUse;
use crate::known_clock::KnownClock;
use crate::restore::Progress;
use crate::typing::Typing;
use crate::{Clock, Config, WaysOut};

/// A swarm that has not answered within this time is asked again later.
const LONGEST_ANSWER_MS: i64 = 60_000;

/// Shared by commands and tasks. Holds no state that the store could hold, but for the keys.
pub(crate) struct Core {
    pub(crate) config: Config,
    pub(crate) store: Arc<Store>,
    pub(crate) network: Arc<dyn Network>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) websites: Arc<dyn ::previews::Websites>,
    pub(crate) ways_out: WaysOut,
    /// What the process before this one had learnt of the clock.
    pub(crate) known_clock: Option<KnownClock>,
    pub(crate) events: Events,
    /// Something is due in the outbox, or may be.
    pub(crate) outbox_wake: Arc<Notify>,
    /// Messages are to be looked for now.
    pub(crate) inbox_wake: Notify,
    /// Whether somebody uses the messenger.
    pub(crate) in_use: InUse,
    /// A timer of a disappearing message has started, or may have.
    pub(crate) expiry_wake: Notify,
    /// Somebody is to be told that I have read something.
    pub(crate) receipts_wake: Notify,
    /// Somebody types, or I do.
    pub(crate) typing_wake: Notify,
    /// Who types.
    pub(crate) typing: std::sync::Mutex<Typing>,
    /// The account's own swarm is to be told of timers.
    pub(crate) swarm_expiry_wake: Notify,
    /// A conversation was muted, or is no longer.
    pub(crate) mute_wake: Notify,
    /// Something is to be uploaded or downloaded, or may be.
    pub(crate) transfer_wake: Notify,
    /// What is being uploaded and downloaded.
    pub(crate) transfers: Transfers,
    /// Something is to be done for my own picture, or may be.
    pub(crate) own_picture_wake: Notify,
    /// Somebody's picture is to be fetched, or may be.
    pub(crate) picture_wake: Notify,
    /// Few pictures are decoded at a time: each takes up to 300 MB.
    pub(crate) pictures: Arc<Semaphore>,
    /// What this device shares with the account's others may have changed.
    pub(crate) sync_wake: Notify,
    /// What the account's devices agree on.
    pub(crate) configs: Arc<crate::sync::Held>,
    /// Since when they cannot be brought to the network.
    pub(crate) failing: crate::sync::Failing,
    /// Backups, restores and exports.
    pub(crate) data: Arc<DataState>,
    /// The move of history that is under way.
    pub(crate) history: Arc<HistoryState>,
    /// One look for messages at a time.
    pub(crate) polling: Mutex<()>,
    /// How far the loading of a restored account is.
    pub(crate) progress: RwLock<Progress>,
    pub(crate) cancel: CancellationToken,
    /// Counts changes of the account; whoever works for an account that is gone stops.
    pub(crate) account_changes: watch::Sender<u64>,
    keys: RwLock<Option<Arc<AccountKeys>>>,
}

/// The parts of a [`Core`] that are given.
pub(crate) struct CoreParts {
    pub(crate) config: Config,
    pub(crate) store: Arc<Store>,
    pub(crate) network: Arc<dyn Network>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) websites: Arc<dyn ::previews::Websites>,
    pub(crate) ways_out: WaysOut,
    pub(crate) keys: Option<AccountKeys>,
    pub(crate) known_clock: Option<KnownClock>,
}

impl Core {
    pub(crate) fn new(parts: CoreParts) -> Self {
        let events = Events::new();
        Self {
            config: parts.config,
            store: parts.store,
            network: parts.network,
            clock: parts.clock,
            entropy: parts.entropy,
            websites: parts.websites,
            ways_out: parts.ways_out,
            known_clock: parts.known_clock,
            history: Arc::new(HistoryState::new(events.clone())),
            events,
            outbox_wake: Arc::default(),
            inbox_wake: Notify::new(),
            in_use: InUse::new(),
            expiry_wake: Notify::new(),
            swarm_expiry_wake: Notify::new(),
            receipts_wake: Notify::new(),
            typing_wake: Notify::new(),
            typing: std::sync::Mutex::default(),
            mute_wake: Notify::new(),
            transfer_wake: Notify::new(),
            transfers: Transfers::default(),
            own_picture_wake: Notify::new(),
            picture_wake: Notify::new(),
            pictures: Arc::new(Semaphore::new(2)),
            sync_wake: Notify::new(),
            configs: Arc::default(),
            failing: crate::sync::Failing::default(),
            data: Arc::default(),
            polling: Mutex::new(()),
            progress: RwLock::new(Progress::default()),
            cancel: CancellationToken::new(),
            account_changes: watch::Sender::new(0),
            keys: RwLock::new(parts.keys.map(Arc::new)),
        }
    }

    /// Device time: for waits and retries.
    pub(crate) fn device_now(&self) -> TimestampMs {
        self.clock.now()
    }

    /// Network time: for everything that leaves the device.
    pub(crate) fn network_now(&self) -> TimestampMs {
        self.device_now().plus_ms(self.clock_offset_ms())
    }

    /// Network time minus device time: what relays say, until then what they said to the process before this one.
    /// Spec: messages §9 (ENG-04).
    pub(crate) fn clock_offset_ms(&self) -> i64 {
        let learnt = {
            let state = self.network.state();
            let state = state.borrow();
            state.clock_known.then_some(state.clock_offset_ms)
        };
        let kept = || self.known_clock.map(|known| known.offset_ms(self.device_now()));
        learnt.or_else(kept).unwrap_or(0)
    }

    /// Whether relays have said what time it is since this process began.
    pub(crate) fn knows_time(&self) -> bool {
        self.network.state().borrow().clock_known
    }

    /// A generator of random numbers for one operation.
    pub(crate) fn rng(&self) -> ChaCha20Rng {
        entropy::generator(self.entropy.as_ref())
    }

    /// The account's keys.
    pub(crate) fn keys(&self) -> Result<Arc<AccountKeys>, Stopped> {
        self.keys_if_any().ok_or(ErrorCode::NoAccount.into())
    }

    pub(crate) fn keys_if_any(&self) -> Option<Arc<AccountKeys>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_keys(&self, keys: Option<AccountKeys>) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys.map(Arc::new);
        self.configs.forget();
        self.account_changes
            .send_modify(|changes| *changes = changes.wrapping_add(1));
    }

    pub(crate) fn own_id(&self) -> Result<AccountId, Stopped> {
        Ok(self.keys()?.account_id())
    }

    /// Asks the account's own swarm, for a minute at most, and no longer than the account is this device's.
    pub(crate) async fn ask_own_swarm(
        &self,
        keys: &AccountKeys,
        build: &BuildRequest<'_>,
    ) -> Result<SwarmAnswer, RequestError> {
        // Subscribed first: a change between two requests of one task is seen as well.
        let mut changes = self.account_changes.subscribe();
        let own = self.keys_if_any().map(|own| own.account_id());
        match own == Some(keys.account_id()) {
            true => {
                self.ask_while(&mut changes, keys, self.longest_answer(), build)
                    .await
            }
            false => Err(RequestError::SwarmSilent),
        }
    }

    /// As [`Core::ask_own_swarm`] for an account that is being cleared: nobody else works for it any more.
    pub(crate) async fn ask_cleared_swarm(
        &self,
        keys: &AccountKeys,
        build: &BuildRequest<'_>,
    ) -> Result<SwarmAnswer, RequestError> {
        let mut changes = self.account_changes.subscribe();
        self.ask_while(&mut changes, keys, self.longest_answer(), build)
            .await
    }

    /// When a swarm that is asked now must have answered.
    pub(crate) fn longest_answer(&self) -> TimestampMs {
        self.device_now().plus_ms(LONGEST_ANSWER_MS)
    }

    /// Asks an account's swarm until `deadline`, and no longer than the account stays what it is.
    pub(crate) async fn ask_while(
        &self,
        changes: &mut watch::Receiver<u64>,
        keys: &AccountKeys,
        deadline: TimestampMs,
        build: &BuildRequest<'_>,
    ) -> Result<SwarmAnswer, RequestError> {
        tokio::select! {
            // An answer that is there is taken, also in the last moment.
            biased;
            answer = self.network.to_swarm(keys.account_id(), build) => answer,
            () = self.clock.sleep_until(deadline) => Err(RequestError::SwarmSilent),
            _ = changes.changed() => Err(RequestError::SwarmSilent),
        }
    }

    /// Waits until a moment of device time; for ever without one.
    pub(crate) async fn wait_until(&self, moment: Option<TimestampMs>) {
        match moment {
            Some(moment) => self.clock.sleep_until(moment).await,
            None => std::future::pending().await,
        }
    }

    /// Runs work on the store where blocking is allowed. Once begun it runs to its end, even when the caller is dropped.
    pub(crate) async fn with_store<T, F>(&self, work: F) -> Result<T, Stopped>
    where
        T: Send + 'static,
        F: FnOnce(&Store) -> Result<T, Stopped> + Send + 'static,
    {
        let store = Arc::clone(&self.store);
        tokio::task::spawn_blocking(move || work(&store))
            .await
            .map_err(|_| Stopped::Task)?
    }

    /// Runs queries where blocking is allowed.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, Stopped>
    where
        T: Send + 'static,
        F: FnOnce(&Reading<'_>) -> Result<T, Stopped> + Send + 'static,
    {
        self.with_store(move |store| store.read(work)).await
    }

    /// Runs changes as one transaction where blocking is allowed. Once begun it runs to its end, even when the caller
    /// is dropped.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Stopped>
    where
        T: Send + 'static,
        F: FnOnce(&Writing<'_>) -> Result<T, Stopped> + Send + 'static,
    {
        self.with_store(move |store| store.write(work)).await
    }

    /// Tells shells that one conversation and the lists have changed.
    pub(crate) fn tell_conversation(&self, conversation: AccountId) {
        let conversation = crate::view::conversation_id(conversation);
        self.events.send(Event::ConversationChanged { conversation });
        self.events.send(Event::ConversationsChanged);
    }
}
