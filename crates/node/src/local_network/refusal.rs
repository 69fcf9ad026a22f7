//! Refusing what concerns one account, on purpose.

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::{BoxFuture, FutureExt};
use protocol::TimestampMs;
use protocol::account::AccountId;
use protocol::storage::SwarmId;

use crate::node::OpenStorage;
use crate::node_list::NodeRecord;
use crate::seam::{Answer, PeerReply, Storage};
use crate::storage::SwarmStorage;

/// Which account is refused; shared by all nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusal {
    refused: Arc<Mutex<Option<Refused>>>,
}

#[derive(Clone, Debug)]
struct Refused {
    swarm: Option<SwarmId>,
    /// The Account ID as it stands in requests.
    account: String,
}

impl Refusal {
    pub(super) fn begin(&self, swarm: Option<SwarmId>, account: &AccountId) {
        let account = account.to_hex();
        *self.lock() = Some(Refused { swarm, account });
    }

    pub(super) fn end(&self) {
        *self.lock() = None;
    }

    /// Opens the storage of a node, with this refusal in front of it.
    pub(super) fn opener(&self) -> Arc<OpenStorage> {
        let refusal = self.clone();
        Arc::new(move |setup| {
            let own = setup
                .nodes
                .get(&setup.identity.ed25519())
                .map(|record| record.swarm);
            let storage = SwarmStorage::open(setup)?;
            Ok(Arc::new(Refusing {
                storage,
                refusal: refusal.clone(),
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

struct Refusing {
    storage: SwarmStorage,
    refusal: Refusal,
    own: Option<SwarmId>,
}

impl Storage for Refusing {
    fn handle<'a>(&'a self, now: TimestampMs, body: &'a [u8]) -> BoxFuture<'a, Answer> {
        if self.refusal.concerns(self.own, body) {
            return async { Answer::text(503, "Service node is not ready: refuses on purpose\n") }.boxed();
        }
        self.storage.handle(now, body)
    }

    fn handle_peer<'a>(
        &'a self,
        now: TimestampMs,
        from: &'a NodeRecord,
        command: &'a str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, PeerReply> {
        self.storage.handle_peer(now, from, command, payload)
    }

    fn clean_up(&self, now: TimestampMs) -> BoxFuture<'_, ()> {
        self.storage.clean_up(now)
    }
}
