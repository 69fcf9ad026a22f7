//! The answering end of a link.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::codec::FramedRead;

use super::frame::{ReplyFrame, RequestFrame, codec};
use super::writing::write_queue;
use crate::node_list::NodeRecord;
use crate::seam::PeerReply;

/// A link that was silent for this long is closed; longer than the asking end keeps an idle one.
const IDLE: Duration = Duration::from_secs(120);
/// Requests of one link that are worked on at once; further ones wait in the connection.
const AT_ONCE: usize = 256;

/// Answers the commands of other nodes.
pub(crate) trait PeerService: Send + Sync + 'static {
    /// Answers one command of `from`; `None` hangs up.
    fn answer(
        &self,
        from: Arc<NodeRecord>,
        command: String,
        payload: Bytes,
    ) -> BoxFuture<'static, Option<PeerReply>>;
}

/// Answers one proven connection until it ends; dropping the future ends it and all its work.
pub(crate) async fn serve<S>(stream: S, from: Arc<NodeRecord>, service: Arc<dyn PeerService>)
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let (reader, writer) = tokio::io::split(stream);
    let (replies, queue) = mpsc::channel(AT_ONCE);
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut frames = FramedRead::new(reader, codec());
    let mut work = JoinSet::new();
    work.spawn(async move {
        // However writing ends, no more answers can go out.
        let _ = write_queue(writer, queue).await;
        Flow::Ends
    });
    loop {
        let frame = tokio::select! {
            frame = tokio::time::timeout(IDLE, frames.next()) => frame,
            Some(done) = work.join_next() => match done {
                Ok(Flow::Goes) => continue,
                Ok(Flow::Ends) | Err(_) => return,
            },
        };
        let request = match frame {
            Ok(Some(Ok(frame))) => RequestFrame::parse(frame.freeze()),
            Err(_) if work.len() > 1 => continue,
            Ok(Some(Err(_)) | None) | Err(_) => None,
        };
        let Some(request) = request else { return };
        let Ok(permit) = permits.clone().acquire_owned().await else {
            return;
        };
        let answer = service.answer(from.clone(), request.command, request.payload);
        let replies = replies.clone();
        work.spawn(async move {
            let _permit = permit;
            let Some(reply) = answer.await else {
                return Flow::Ends;
            };
            let Some(frame) = ReplyFrame::encode(request.id, reply.status, reply.body) else {
                return Flow::Ends;
            };
            match replies.send(frame).await {
                Ok(()) => Flow::Goes,
                Err(_) => Flow::Ends,
            }
        });
    }
}

/// Whether a link goes on after a piece of work.
enum Flow {
    Goes,
    Ends,
}
