//! Makes messages of an earlier version of the store searchable, in small steps beside everything else.

use std::sync::Arc;

use crate::core::Core;

/// Messages of one step; each is one transaction, which nobody has to wait for longer than a moment.
const BATCH: u32 = 256;

/// Works until nothing is left.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        match core.write(move |writing| Ok(writing.index_backlog(BATCH)?)).await {
            Ok(true) => tokio::task::yield_now().await,
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(%error, "messages could not be made searchable");
                return;
            }
        }
    }
}
