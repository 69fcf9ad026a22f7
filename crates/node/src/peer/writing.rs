//! Writing frames as they queue up.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures::SinkExt;
use tokio::io::AsyncWrite;
use tokio::sync::mpsc;
use tokio_util::codec::FramedWrite;

use super::frame::codec;

/// Frames that the other end does not take within this time end the link.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// Writes until nobody queues frames any more; frames that wait together go out together.
pub(super) async fn write_queue<W>(writer: W, mut queue: mpsc::Receiver<Bytes>) -> io::Result<()>
where
    W: AsyncWrite + Unpin,
{
    let mut writer = FramedWrite::new(writer, codec());
    while let Some(frame) = queue.recv().await {
        let batch = async {
            writer.feed(frame).await?;
            while let Ok(frame) = queue.try_recv() {
                writer.feed(frame).await?;
            }
            SinkExt::<Bytes>::flush(&mut writer).await
        };
        tokio::time::timeout(WRITE_TIMEOUT, batch)
            .await
            .map_err(|_| io::ErrorKind::TimedOut)??;
    }
    SinkExt::<Bytes>::close(&mut writer).await
}
