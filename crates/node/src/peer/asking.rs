//! The asking end of a link.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use tokio::io::{AsyncRead, AsyncWrite, ReadHalf, WriteHalf};
use tokio::sync::{mpsc, oneshot};
use tokio_util::codec::FramedRead;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::frame::{Frame, ReplyFrame, RequestFrame, codec};
use super::writing::write_queue;
use crate::seam::{PeerError, PeerReply};

/// A link on which nothing was asked for this long is closed; shorter than the answering end waits.
const IDLE: Duration = Duration::from_secs(60);
/// Frames that wait to be written; more make the askers wait.
const QUEUE_LEN: usize = 64;

/// One connection to another node.
pub(super) struct Link {
    frames: mpsc::Sender<Frame>,
    waiting: Arc<Waiting>,
}

/// The requests that have no answer yet.
#[derive(Default)]
struct Waiting {
    state: Mutex<WaitingState>,
}

#[derive(Default)]
struct WaitingState {
    closed: bool,
    next_id: u32,
    answers: HashMap<u32, oneshot::Sender<PeerReply>>,
}

impl Link {
    /// Runs a link over a proven connection; its two tasks end with the connection or `stop`.
    pub(super) fn start<S>(stream: S, tasks: &TaskTracker, stop: &CancellationToken) -> Arc<Self>
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        let (reader, writer) = tokio::io::split(stream);
        let (frames, queue) = mpsc::channel(QUEUE_LEN);
        let waiting = Arc::new(Waiting::default());
        let ended = stop.child_token();
        tasks.spawn(write(writer, queue, waiting.clone(), ended.clone()));
        tasks.spawn(read(reader, waiting.clone(), ended));
        Arc::new(Self { frames, waiting })
    }

    /// Whether requests can still be sent.
    pub(super) fn is_open(&self) -> bool {
        !self.waiting.lock().closed
    }

    /// Sends a request and waits for its answer; the caller sets the deadline.
    pub(super) async fn ask(&self, command: &str, payload: Bytes) -> Result<PeerReply, PeerError> {
        let (id, answer) = self.waiting.add().ok_or(PeerError::Unreachable)?;
        let _forget = Forget {
            waiting: &self.waiting,
            id,
        };
        let frame = RequestFrame::encode(id, command, payload).ok_or(PeerError::BadResponse)?;
        self.frames
            .send(frame)
            .await
            .map_err(|_| PeerError::Unreachable)?;
        answer.await.map_err(|_| PeerError::Unreachable)
    }
}

/// Gives up on a request whose asker is gone.
struct Forget<'a> {
    waiting: &'a Waiting,
    id: u32,
}

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        self.waiting.lock().answers.remove(&self.id);
    }
}

impl Waiting {
    fn lock(&self) -> std::sync::MutexGuard<'_, WaitingState> {
        // Nothing panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self) -> Option<(u32, oneshot::Receiver<PeerReply>)> {
        let mut state = self.lock();
        if state.closed {
            return None;
        }
        let (sender, receiver) = oneshot::channel();
        // After 2^32 requests an id may still wait; the next free one serves.
        let mut id = state.next_id;
        while state.answers.contains_key(&id) {
            id = id.wrapping_add(1);
        }
        state.next_id = id.wrapping_add(1);
        state.answers.insert(id, sender);
        Some((id, receiver))
    }

    fn answer(&self, reply: ReplyFrame) {
        let asker = self.lock().answers.remove(&reply.id);
        if let Some(asker) = asker {
            // The asker may have given up in this very moment.
            let _ = asker.send(PeerReply {
                status: reply.status,
                body: reply.body,
            });
        }
    }

    /// Closes if nobody waits.
    fn close_if_idle(&self) -> bool {
        let mut state = self.lock();
        state.closed |= state.answers.is_empty();
        state.closed
    }

    fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.answers.clear();
    }
}

async fn write<S>(
    writer: WriteHalf<S>,
    queue: mpsc::Receiver<Frame>,
    waiting: Arc<Waiting>,
    ended: CancellationToken,
) where
    S: AsyncWrite,
{
    // Whatever ends the link, the askers learn the same.
    let _ = ended.run_until_cancelled(write_queue(writer, queue)).await;
    waiting.close();
    ended.cancel();
}

async fn read<S>(reader: ReadHalf<S>, waiting: Arc<Waiting>, ended: CancellationToken)
where
    S: AsyncRead,
{
    let mut frames = FramedRead::new(reader, codec());
    let all = async {
        loop {
            match tokio::time::timeout(IDLE, frames.next()).await {
                Ok(Some(Ok(frame))) => match ReplyFrame::parse(frame.freeze()) {
                    Some(reply) => waiting.answer(reply),
                    None => return,
                },
                Ok(Some(Err(_)) | None) => return,
                Err(_) if waiting.close_if_idle() => return,
                Err(_) => {}
            }
        }
    };
    ended.run_until_cancelled(all).await;
    waiting.close();
    ended.cancel();
}
