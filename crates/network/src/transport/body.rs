//! Bodies as they travel: what is sent and what is read are counted, and what is read is of bounded length.

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::sync::watch;

use super::TransportError;
use crate::server_request::Transfer;

/// Bytes handed to the connection at a time; progress is told after each such piece.
const PIECE_LEN: usize = 32 * 1024;

/// A body to send.
#[derive(Debug)]
pub(super) struct Outgoing {
    left: Bytes,
    progress: watch::Sender<Transfer>,
}

impl Outgoing {
    /// Tells `progress` that nothing of `body` was sent so far.
    pub(super) fn new(body: Bytes, progress: &watch::Sender<Transfer>) -> Self {
        progress.send_replace(Transfer {
            to_send: count(body.len()),
            ..Transfer::default()
        });
        Self {
            left: body,
            progress: progress.clone(),
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let len = self.left.len().min(PIECE_LEN);
        if len == 0 {
            return Poll::Ready(None);
        }
        let piece = self.left.split_to(len);
        self.progress
            .send_modify(|transfer| transfer.sent = transfer.sent.saturating_add(count(len)));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(count(self.left.len()))
    }
}

/// Reads a whole body, refusing it as soon as it is known to be longer than `max_len_bytes`.
pub(super) async fn read(
    mut body: Incoming,
    max_len_bytes: usize,
    progress: &watch::Sender<Transfer>,
) -> Result<Bytes, TransportError> {
    let announced = body.size_hint();
    if usize::try_from(announced.lower()).map_or(true, |len| len > max_len_bytes) {
        return Err(TransportError::TooLong);
    }
    progress.send_modify(|transfer| transfer.to_receive = announced.exact());
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| TransportError::Closed)?;
        let Ok(data) = frame.into_data() else { continue };
        if read.len().saturating_add(data.len()) > max_len_bytes {
            return Err(TransportError::TooLong);
        }
        read.extend_from_slice(&data);
        progress.send_modify(|transfer| transfer.received = count(read.len()));
    }
    Ok(read.freeze())
}

fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
