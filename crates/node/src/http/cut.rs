//! A connection that breaks where a test wants it to.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::faults::Faults;

/// Wraps a stream; it fails once as many bytes went through as a [`Cut`](crate::Cut) says.
pub(crate) struct Cuttable<S> {
    stream: S,
    faults: Faults,
    read: u64,
    written: u64,
}

impl<S> Cuttable<S> {
    pub(crate) fn new(stream: S, faults: Faults) -> Self {
        Self {
            stream,
            faults,
            read: 0,
            written: 0,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Cuttable<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = into.filled().len();
        match this.faults.room_in_request(this.read) {
            None => ready!(Pin::new(&mut this.stream).poll_read(context, into))?,
            Some(0) => return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            Some(room) => {
                let len = into.remaining().min(usize::try_from(room).unwrap_or(usize::MAX));
                let mut part = ReadBuf::new(into.initialize_unfilled_to(len));
                ready!(Pin::new(&mut this.stream).poll_read(context, &mut part))?;
                let len = part.filled().len();
                into.advance(len);
            }
        }
        this.read = count(this.read, into.filled().len().saturating_sub(before));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Cuttable<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let bytes = match this.faults.room_in_answer(this.written) {
            None => bytes,
            Some(0) => return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            Some(room) => {
                let room = usize::try_from(room).unwrap_or(usize::MAX);
                bytes.get(..room).unwrap_or(bytes)
            }
        };
        let len = ready!(Pin::new(&mut this.stream).poll_write(context, bytes))?;
        this.written = count(this.written, len);
        Poll::Ready(Ok(len))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

fn count(sum: u64, len: usize) -> u64 {
    sum.saturating_add(u64::try_from(len).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::faults::Cut;

    #[tokio::test]
    async fn an_answer_breaks_at_the_byte_and_the_next_one_does_not() {
        let faults = Faults::default();
        faults.cut([Cut::Answer(10)]);
        for (sent, arrives) in [(10, true), (11, false), (11, true)] {
            let (stream, mut other) = tokio::io::duplex(64);
            let mut stream = Cuttable::new(stream, faults.clone());
            let written = stream.write_all(&vec![1; sent]).await;
            assert_eq!(written.is_ok(), arrives, "{sent} bytes");
            drop(stream);
            let mut got = Vec::new();
            other.read_to_end(&mut got).await.unwrap();
            assert_eq!(got.len(), if arrives { sent } else { 10 });
        }
        assert_eq!(faults.cuts_left(), 0);
    }

    #[tokio::test]
    async fn a_request_breaks_at_the_byte() {
        let faults = Faults::default();
        faults.cut([Cut::Request(5)]);
        let (stream, mut other) = tokio::io::duplex(64);
        let mut stream = Cuttable::new(stream, faults.clone());
        other.write_all(b"123456789").await.unwrap();
        let mut got = Vec::new();
        let error = stream.read_to_end(&mut got).await.unwrap_err();
        assert_eq!(
            (error.kind(), got.as_slice()),
            (io::ErrorKind::ConnectionReset, &b"12345"[..])
        );
        faults.wait_for_cuts().await;
    }
}
