//! A connection that fails when its other end takes too little for too long.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// A reader that takes this many bytes a second is never too slow. Spec: node §1 (NDE-08)
const LEAST_BYTES_PER_SECOND: f64 = 16.0 * 1024.0;

/// Wraps a stream; writing fails with [`io::ErrorKind::TimedOut`] when its patience is at an end.
///
/// Patience runs out while a write waits. Each byte that is taken gives back the time that it may take, and never more
/// than there was at first. A reader that takes nothing is thus waited for once, and one that takes little not much longer.
pub(crate) struct Unstalled<S> {
    stream: S,
    most: Duration,
    left: Duration,
    waiting: Option<Waiting>,
}

struct Waiting {
    since: Instant,
    end: Pin<Box<Sleep>>,
}

impl<S> Unstalled<S> {
    /// `patience`: how long it waits for a reader that takes nothing.
    pub(crate) fn new(stream: S, patience: Duration) -> Self {
        Self {
            stream,
            most: patience,
            left: patience,
            waiting: None,
        }
    }

    /// Passes on what the stream said; where it said to wait, waits for as long as there is patience. `taken`: bytes that the
    /// stream took.
    fn bounded<T>(
        &mut self,
        context: &mut Context<'_>,
        said: Poll<io::Result<T>>,
        taken: usize,
    ) -> Poll<io::Result<T>> {
        if said.is_ready() {
            let waited = self.waiting.take().map(|waiting| waiting.since.elapsed());
            let given_back = Duration::from_secs_f64(taken as f64 / LEAST_BYTES_PER_SECOND);
            let left = self.left.saturating_sub(waited.unwrap_or_default());
            self.left = left.saturating_add(given_back).min(self.most);
            return said;
        }
        let waiting = self.waiting.get_or_insert_with(|| Waiting {
            since: Instant::now(),
            end: Box::pin(tokio::time::sleep(self.left)),
        });
        ready!(waiting.end.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// The same for a write.
    fn bounded_write(
        &mut self,
        context: &mut Context<'_>,
        said: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let taken = match &said {
            Poll::Ready(Ok(taken)) => *taken,
            Poll::Ready(Err(_)) | Poll::Pending => 0,
        };
        self.bounded(context, said, taken)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Unstalled<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Unstalled<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let said = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.bounded_write(context, said)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let said = Pin::new(&mut this.stream).poll_write_vectored(context, parts);
        this.bounded_write(context, said)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let said = Pin::new(&mut this.stream).poll_flush(context);
        this.bounded(context, said, 0)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let said = Pin::new(&mut this.stream).poll_shutdown(context);
        this.bounded(context, said, 0)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// Seconds until a reader that takes `len` bytes in each is given up; `None` when it has all of a file.
    async fn given_up_after(len: usize) -> Option<u64> {
        let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
        let mut ours = Unstalled::new(ours, Duration::from_secs(30));
        let begin = Instant::now();
        let writing = async { ours.write_all(&[1; 10_000_000]).await };
        let reading = async {
            let mut part = vec![0; len];
            loop {
                tokio::time::sleep(Duration::from_secs(1)).await;
                theirs.read_exact(&mut part).await.unwrap();
            }
        };
        let written: io::Result<()> = tokio::select! {
            written = writing => written,
            _ = reading => unreachable!("it reads on"),
        };
        let error = written.err()?;
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        Some(begin.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn nde_08_who_takes_an_answer_too_slowly_is_given_up() {
        assert_eq!(given_up_after(0).await, Some(30));
        assert_eq!(given_up_after(1).await, Some(30));
        let at_half_the_rate = given_up_after(8 * 1024).await;
        assert!(matches!(at_half_the_rate, Some(58..=60)), "{at_half_the_rate:?}");
        assert_eq!(given_up_after(17 * 1024).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn nde_08_patience_is_not_saved_up() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        let mut ours = Unstalled::new(ours, Duration::from_secs(30));
        let written = async { ours.write_all(&vec![1; 2_000_000]).await };
        let read = async { theirs.read_exact(&mut vec![0; 2_000_000 - 64]).await.map(|_| ()) };
        tokio::try_join!(written, read).unwrap();
        let begin = Instant::now();
        let error = ours.write_all(&[1; 64]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(begin.elapsed().as_secs(), 30);
    }
}
