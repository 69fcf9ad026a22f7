//! Frames over a connection, sealed with the keys of its handshake.
//!
//! On the wire: `length of what follows (2, big-endian) || sealed frame`, each side's frames being numbered from 0, which
//! makes their nonces. Spec: history-transfer, Frames (MOV-06).

use std::time::Duration;

use snow::StatelessTransportState;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::{Frame, NearbyError, Reason};

/// How long one frame may take to come or to go.
pub(crate) const LONGEST_SILENCE: Duration = Duration::from_secs(30);
/// How long a word about the end is waited for.
const LAST_WORD: Duration = Duration::from_secs(1);
const LEN_LEN: usize = 2;
const TAG_LEN: usize = 16;
const LONGEST_SEALED: usize = 65_535;

/// An encrypted connection to another device of the account.
pub struct Channel {
    input: Box<dyn AsyncRead + Send + Unpin>,
    output: Box<dyn AsyncWrite + Send + Unpin>,
    keys: StatelessTransportState,
    received: u64,
    sent: u64,
    /// The frame that is coming, and how much of it is here.
    coming: Vec<u8>,
    here: usize,
    plain: Zeroizing<Vec<u8>>,
}

impl Channel {
    pub(crate) fn new<S>(stream: S, keys: StatelessTransportState) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        let (input, output) = tokio::io::split(stream);
        Self {
            input: Box::new(input),
            output: Box::new(output),
            keys,
            received: 0,
            sent: 0,
            coming: vec![0; LEN_LEN.saturating_add(LONGEST_SEALED)],
            here: 0,
            plain: Zeroizing::new(vec![0; LONGEST_SEALED]),
        }
    }

    /// The next frame, however long it takes. Cancel-safe.
    pub(crate) async fn receive(&mut self) -> Result<Frame, NearbyError> {
        loop {
            let wanted = self.wanted()?;
            if self.here >= wanted && wanted > LEN_LEN {
                return self.open(wanted);
            }
            let room = self
                .coming
                .get_mut(self.here..wanted)
                .ok_or(NearbyError::Invalid)?;
            match self.input.read(room).await {
                Ok(0) | Err(_) => return Err(NearbyError::Broken),
                Ok(read) => self.here = self.here.saturating_add(read),
            }
        }
    }

    /// The next frame, or [`NearbyError::Broken`] when none comes in time.
    pub(crate) async fn receive_soon(&mut self) -> Result<Frame, NearbyError> {
        timeout(LONGEST_SILENCE, self.receive())
            .await
            .unwrap_or(Err(NearbyError::Broken))
    }

    /// Sends a frame. Not cancel-safe: who is interrupted here may only drop the channel.
    pub(crate) async fn send(&mut self, frame: &Frame) -> Result<(), NearbyError> {
        let plain = Zeroizing::new(frame.encode());
        let mut sealed = vec![0; plain.len().saturating_add(TAG_LEN)];
        self.keys
            .write_message(self.sent, &plain, &mut sealed)
            .map_err(|_| NearbyError::Invalid)?;
        let len = u16::try_from(sealed.len()).map_err(|_| NearbyError::Invalid)?;
        self.sent = self.sent.checked_add(1).ok_or(NearbyError::Invalid)?;
        let whole = [&len.to_be_bytes()[..], &sealed].concat();
        let write = async {
            self.output.write_all(&whole).await?;
            self.output.flush().await
        };
        match timeout(LONGEST_SILENCE, write).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(NearbyError::Broken),
        }
    }

    /// Says why it ends and ends it.
    pub async fn stop(mut self, reason: Reason) {
        let word = async {
            if self.send(&Frame::Stop(reason)).await.is_ok() {
                self.close().await;
            }
        };
        // Who does not listen finds the connection closed.
        let _ = timeout(LAST_WORD, word).await;
    }

    /// Ends the connection in order, so that what was sent last arrives.
    pub(crate) async fn close(&mut self) {
        if self.output.shutdown().await.is_ok() {
            let mut rest = [0; 4_096];
            let drained = async { while matches!(self.input.read(&mut rest).await, Ok(1..)) {} };
            let _ = timeout(LAST_WORD, drained).await;
        }
    }

    /// What the other side said before the connection broke off, if it said why.
    pub(crate) async fn last_word(&mut self) -> NearbyError {
        match timeout(LAST_WORD, self.receive()).await {
            Ok(Ok(Frame::Stop(reason))) => NearbyError::Ended(reason),
            _ => NearbyError::Broken,
        }
    }

    /// Bytes of the frame that is coming with its length, as far as that is known.
    fn wanted(&self) -> Result<usize, NearbyError> {
        if self.here < LEN_LEN {
            return Ok(LEN_LEN);
        }
        let len = self
            .coming
            .first_chunk()
            .map_or(0, |len| u16::from_be_bytes(*len));
        match usize::from(len) {
            len if len > TAG_LEN => Ok(len.saturating_add(LEN_LEN)),
            _ => Err(NearbyError::Invalid),
        }
    }

    fn open(&mut self, wanted: usize) -> Result<Frame, NearbyError> {
        let sealed = self.coming.get(LEN_LEN..wanted).ok_or(NearbyError::Invalid)?;
        let len = self
            .keys
            .read_message(self.received, sealed, &mut self.plain)
            .map_err(|_| NearbyError::Invalid)?;
        self.received = self.received.checked_add(1).ok_or(NearbyError::Invalid)?;
        self.here = 0;
        Ok(Frame::parse(self.plain.get(..len).ok_or(NearbyError::Invalid)?)?)
    }
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel")
            .field("sent", &self.sent)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}
