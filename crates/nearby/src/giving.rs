//! The giving side after the meeting.

use std::time::Duration;

use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::{Channel, Contents, Frame, LONGEST_PART, NearbyError, Reason};

/// How long the other side may take to put everything in its place, saying all the while that it is at work.
const LONGEST_STORING: Duration = Duration::from_secs(4 * 3_600);

/// A transfer that is under way, at the side that gives. Dropped in the middle, the other side throws away what it has.
#[derive(Debug)]
pub struct Giving {
    channel: Channel,
    /// What does not fill a part yet.
    part: Zeroizing<Vec<u8>>,
    sent: u64,
}

impl Giving {
    /// Says what comes and waits until the other side has room for it.
    ///
    /// # Errors
    /// [`NearbyError::Ended`] (with [`Reason::Space`] for instance), [`NearbyError::Broken`], [`NearbyError::Invalid`].
    pub async fn begin(mut channel: Channel, contents: Contents) -> Result<Self, NearbyError> {
        channel.send(&Frame::Begin(contents)).await?;
        match channel.receive_soon().await? {
            Frame::Ready => Ok(Self {
                channel,
                part: Zeroizing::new(Vec::with_capacity(LONGEST_PART)),
                sent: 0,
            }),
            other => Err(other.instead()),
        }
    }

    /// Sends the next bytes, as soon as they fill a part.
    ///
    /// # Errors
    /// As [`Giving::begin`].
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), NearbyError> {
        while !bytes.is_empty() {
            let room = LONGEST_PART.saturating_sub(self.part.len()).min(bytes.len());
            let (fits, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.part.extend_from_slice(fits);
            bytes = rest;
            if self.part.len() == LONGEST_PART {
                self.send_part().await?;
            }
        }
        Ok(())
    }

    /// Sends what is left and waits until the other side has everything in its place.
    ///
    /// # Errors
    /// As [`Giving::begin`].
    pub async fn finish(mut self) -> Result<(), NearbyError> {
        if !self.part.is_empty() {
            self.send_part().await?;
        }
        self.channel.send(&Frame::End(self.sent)).await?;
        let taken = async {
            loop {
                match self.channel.receive_soon().await? {
                    Frame::Busy => {}
                    Frame::Taken => return Ok(()),
                    other => return Err(other.instead()),
                }
            }
        };
        timeout(LONGEST_STORING, taken)
            .await
            .unwrap_or(Err(NearbyError::Broken))
    }

    /// Says why it ends here and ends it.
    pub async fn stop(self, reason: Reason) {
        self.channel.stop(reason).await;
    }

    async fn send_part(&mut self) -> Result<(), NearbyError> {
        // A word of the other side ends it; usually there is none.
        tokio::select! {
            biased;
            frame = self.channel.receive() => return Err(frame?.instead()),
            () = std::future::ready(()) => {}
        }
        let part = std::mem::replace(&mut *self.part, Vec::with_capacity(LONGEST_PART));
        let len = u64::try_from(part.len()).unwrap_or(u64::MAX);
        if let Err(error) = self.channel.send(&Frame::Part(part)).await {
            return Err(match error {
                NearbyError::Broken => self.channel.last_word().await,
                other => other,
            });
        }
        self.sent = self.sent.saturating_add(len);
        Ok(())
    }
}
