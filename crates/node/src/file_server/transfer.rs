//! Files that go to and from the disk as they come and go, a part at a time.
//!
//! The disk is read and written on threads made for it; a bounded queue joins them to the connection, so a transfer holds
//! a few parts in memory however large the file is.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Body, Frame};
use protocol::TimestampMs;
use protocol::file_server::{FileId, FileInfo};
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

use super::archive::{Archive, ArchiveError, Content};
use crate::http::Place;

/// Parts on their way between disk and connection.
const QUEUE_LEN: usize = 4;
/// Bytes that are read from the disk at once.
const PART_LEN: usize = 64 * 1024;

/// What an upload is to become.
pub(super) struct Upload {
    pub(super) archive: Arc<Archive>,
    pub(super) now: TimestampMs,
    pub(super) lifetime: Duration,
    /// For all of the body.
    pub(super) timeout: Duration,
    /// Among those whose threads are busy.
    pub(super) place: Place,
}

/// Why an upload became no file.
#[derive(Debug, thiserror::Error)]
pub(super) enum UploadError {
    /// It did not come in time, or the connection broke.
    #[error("the body broke off")]
    Broken,
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

enum Part {
    Bytes(Bytes),
    /// All of the body has come.
    End,
}

impl Upload {
    /// Takes a body to the disk; a body that breaks off leaves nothing.
    pub(super) async fn receive<B>(
        self,
        body: B,
        threads: &TaskTracker,
    ) -> Result<(FileId, FileInfo), UploadError>
    where
        B: Body<Data = Bytes>,
    {
        let (parts, queue) = mpsc::channel(QUEUE_LEN);
        let timeout = self.timeout;
        let writing = threads.spawn_blocking(move || self.write(queue));
        // Where it breaks off the queue ends without its end, and so does the writing.
        let _ = tokio::time::timeout(timeout, feed(body, parts)).await;
        writing.await.unwrap_or(Err(UploadError::Broken))
    }

    fn write(self, mut queue: mpsc::Receiver<Part>) -> Result<(FileId, FileInfo), UploadError> {
        let _place = self.place;
        let mut receiving = self.archive.begin()?;
        while let Some(part) = queue.blocking_recv() {
            match part {
                Part::Bytes(bytes) => receiving.write(&bytes)?,
                Part::End => return Ok(receiving.keep(self.now, self.lifetime)?),
            }
        }
        Err(UploadError::Broken)
    }
}

async fn feed<B>(body: B, parts: mpsc::Sender<Part>)
where
    B: Body<Data = Bytes>,
{
    let mut body = std::pin::pin!(body);
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return };
        let Ok(bytes) = frame.into_data() else { continue };
        // The writing ends early where it refuses the file.
        if parts.send(Part::Bytes(bytes)).await.is_err() {
            return;
        }
    }
    let _ = parts.send(Part::End).await;
}

/// A file as the body of an answer; breaks off where the disk does. `place`: among those whose threads are busy.
pub(super) fn stream_file(
    content: Content,
    place: Place,
    threads: &TaskTracker,
) -> impl Body<Data = Bytes, Error = io::Error> + Send + Sync + use<> {
    let (parts, mut queue) = mpsc::channel(QUEUE_LEN);
    threads.spawn_blocking(move || {
        let _place = place;
        read_parts(content, &parts);
    });
    StreamBody::new(stream::poll_fn(move |context| queue.poll_recv(context)))
}

fn read_parts(content: Content, parts: &mpsc::Sender<io::Result<Frame<Bytes>>>) {
    let mut content = content;
    loop {
        let mut part = Vec::with_capacity(PART_LEN);
        let limit = u64::try_from(PART_LEN).unwrap_or(u64::MAX);
        let read = (&mut content).take(limit).read_to_end(&mut part);
        let (next, is_last) = match read {
            Ok(0) => return,
            Ok(_) => (Ok(Frame::data(part.into())), false),
            Err(error) => (Err(error), true),
        };
        // Whoever asked may have gone.
        if parts.blocking_send(next).is_err() || is_last {
            return;
        }
    }
}
