//! Keeps what the network layer wants to find again, in the account's store.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use network::{CachePart, NetworkCache};
use store::Store;

use crate::Clock;

/// A network cache inside the encrypted store.
pub struct StoreCache {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
}

impl StoreCache {
    /// Keeps the cache in `store`.
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }
}

const fn part(part: CachePart) -> store::CachePart {
    match part {
        CachePart::Pool => store::CachePart::Pool,
        CachePart::Guards => store::CachePart::Guards,
        CachePart::Swarms => store::CachePart::Swarms,
    }
}

impl NetworkCache for StoreCache {
    fn load(&self, wanted: CachePart) -> BoxFuture<'_, Option<Vec<u8>>> {
        let store = Arc::clone(&self.store);
        async move {
            let load = move || store.read(|reading| reading.network_cache(part(wanted)));
            tokio::task::spawn_blocking(load)
                .await
                .ok()
                .and_then(Result::ok)
                .flatten()
        }
        .boxed()
    }

    fn save(&self, kept: CachePart, bytes: Vec<u8>) -> BoxFuture<'_, ()> {
        let (store, now) = (Arc::clone(&self.store), self.clock.now());
        async move {
            let save = move || store.write(|writing| writing.set_network_cache(part(kept), &bytes, now));
            // A cache that is not kept costs time at the next start, nothing else.
            if !matches!(tokio::task::spawn_blocking(save).await, Ok(Ok(()))) {
                tracing::debug!("the network cache was not saved");
            }
        }
        .boxed()
    }
}
