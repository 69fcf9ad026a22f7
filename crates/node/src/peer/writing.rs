//! Writing frames as they queue up.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt, BufWriter};
use tokio::sync::mpsc;

use super::frame::Frame;

/// Frames that the other end does not take within this time end the link.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// Writes until nobody queues frames any more; frames that wait together go out together.
pub(super) async fn write_queue<W>(writer: W, mut queue: mpsc::Receiver<Frame>) -> io::Result<()>
where
    W: AsyncWrite + Unpin,
{
    let mut writer = BufWriter::new(writer);
    while let Some(frame) = queue.recv().await {
        let batch = async {
            write(&mut writer, frame).await?;
            while let Ok(frame) = queue.try_recv() {
                write(&mut writer, frame).await?;
            }
            writer.flush().await
        };
        tokio::time::timeout(WRITE_TIMEOUT, batch)
            .await
            .map_err(|_| io::ErrorKind::TimedOut)??;
    }
    writer.shutdown().await
}

async fn write<W>(writer: &mut BufWriter<W>, Frame { head, rest }: Frame) -> io::Result<()>
where
    W: AsyncWrite + Unpin,
{
    writer.write_all(&head).await?;
    writer.write_all(&rest).await
}
