//! What stands in front of all storages of a local network on purpose: it refuses what concerns one account, and has them
//! go by another time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures::future::{BoxFuture, FutureExt};
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::SwarmId;

use crate::node::OpenStorage;
use crate::node_list::NodeRecord;
use crate::seam::{Answer, PeerReply, Storage};
use crate::storage::SwarmStorage;

/// Which account is refused, and what time it is; shared by all nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Interference {
    refused: Arc<Mutex<Option<Refused>>>,
    clock_offset_ms: Arc<AtomicI64>,
}

#[derive(Clone, Debug)]
struct Refused {
    swarm: Option<SwarmId>,
    /// The Account ID as it stands in requests.
    account: String,
}

impl Interference {
    pub(super) fn refuse(&self, swarm: Option<SwarmId>, account: &AccountId) {
        let account = account.to_hex();
        *self.lock() = Some(Refused { swarm, account });
    }

    pub(super) fn accept_again(&self) {
        *self.lock() = None;
    }

    /// Moves the time by which messages are kept, and which nodes tell, in milliseconds from the system's.
    pub(super) fn set_clock_offset(&self, offset_ms: i64) {
        self.clock_offset_ms.store(offset_ms, Ordering::Relaxed);
    }

    fn moved(&self, now: TimestampMs) -> TimestampMs {
        now.plus_ms(self.clock_offset_ms.load(Ordering::Relaxed))
    }

    /// Opens the storage of a node, with this in front of it.
    pub(super) fn opener(&self) -> Arc<OpenStorage> {
        let interference = self.clone();
        Arc::new(move |setup| {
            let own = setup
                .nodes
                .get(&setup.identity.ed25519())
                .map(|record| record.swarm);
            let storage = SwarmStorage::open(setup)?;
            Ok(Arc::new(Interfered {
                storage,
                interference: interference.clone(),
                own,
            }))
        })
    }

    fn concerns(&self, own: Option<SwarmId>, body: &[u8]) -> bool {
        let refused = self.lock().clone();
        refused.is_some_and(|Refused { swarm, account }| {
            swarm == own && body.windows(account.len()).any(|part| part == account.as_bytes())
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Refused>> {
        // Nothing panics while it holds the lock.
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Interfered {
    storage: SwarmStorage,
    interference: Interference,
    own: Option<SwarmId>,
}

impl Storage for Interfered {
    fn handle<'a>(&'a self, now: TimestampMs, body: &'a [u8]) -> BoxFuture<'a, Answer> {
        if self.interference.concerns(self.own, body) {
            return async { Answer::text(503, "Service node is not ready: refuses on purpose\n") }.boxed();
        }
        self.storage.handle(self.interference.moved(now), body)
    }

    fn handle_peer<'a>(
        &'a self,
        now: TimestampMs,
        from: &'a NodeRecord,
        command: &'a str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, PeerReply> {
        let now = self.interference.moved(now);
        self.storage.handle_peer(now, from, command, payload)
    }

    fn clean_up(&self, now: TimestampMs) -> BoxFuture<'_, ()> {
        self.storage.clean_up(self.interference.moved(now))
    }
}
