//! What runs between a start and a stop.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long requests in progress may take to finish.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// The tasks of something that listens, and the ways to end them. Dropping it ends them without waiting.
#[derive(Default)]
pub(crate) struct Running {
    /// Cancelled: nothing further is begun.
    pub(crate) drain: CancellationToken,
    /// Cancelled: everything ends.
    pub(crate) stop: CancellationToken,
    /// Accepting, and what was accepted.
    pub(crate) connections: TaskTracker,
    /// Everything else.
    pub(crate) tasks: TaskTracker,
}

impl Running {
    /// No task but those that tasks start is added from here on.
    pub(crate) fn close(&self) {
        self.connections.close();
        self.tasks.close();
    }

    /// Begins nothing further and lets what is in progress finish, for a short while.
    pub(crate) async fn drain(&self) {
        self.drain.cancel();
        // What takes longer is cut off.
        let _ = tokio::time::timeout(DRAIN_TIMEOUT, self.connections.wait()).await;
    }

    /// Ends everything and waits until it has.
    pub(crate) async fn end(self) {
        self.stop.cancel();
        self.drain.cancel();
        self.connections.wait().await;
        self.tasks.wait().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
        self.drain.cancel();
    }
}
