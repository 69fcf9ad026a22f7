//! The taking side after the meeting.

use crate::{Channel, Contents, Frame, LONGEST_PART, NearbyError, Reason};

/// By how much more than it was said to be something may be longer: twice and this.
const SLACK: u64 = 64 << 20;

/// A transfer that is under way, at the side that takes.
#[derive(Debug)]
pub struct Taking {
    channel: Channel,
    taken: u64,
    most: u64,
    /// A part came that was not full: nothing but the end may follow.
    was_last: bool,
}

impl Taking {
    /// Waits to be told what comes. Nothing comes before [`Taking::ready`].
    ///
    /// # Errors
    /// [`NearbyError::Ended`], [`NearbyError::Broken`], [`NearbyError::Invalid`].
    pub async fn begin(mut channel: Channel) -> Result<(Self, Contents), NearbyError> {
        match channel.receive_soon().await? {
            Frame::Begin(contents) => {
                let taking = Self {
                    channel,
                    taken: 0,
                    most: contents.about.saturating_mul(2).saturating_add(SLACK),
                    was_last: false,
                };
                Ok((taking, contents))
            }
            other => Err(other.instead()),
        }
    }

    /// Asks for all of it.
    ///
    /// # Errors
    /// [`NearbyError::Broken`].
    pub async fn ready(&mut self) -> Result<(), NearbyError> {
        self.channel.send(&Frame::Ready).await
    }

    /// The next part; `None` when that was all. Cancel-safe.
    ///
    /// # Errors
    /// [`NearbyError::Ended`]; [`NearbyError::Broken`], also when a part takes too long; [`NearbyError::Invalid`] when
    /// more comes than was announced, or the other side counts otherwise.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, NearbyError> {
        match self.channel.receive_soon().await? {
            Frame::Part(part) if !self.was_last => {
                self.was_last = part.len() < LONGEST_PART;
                let len = u64::try_from(part.len()).unwrap_or(u64::MAX);
                self.taken = self.taken.saturating_add(len);
                match self.taken <= self.most {
                    true => Ok(Some(part)),
                    false => Err(NearbyError::Invalid),
                }
            }
            Frame::End(len) if len == self.taken => Ok(None),
            other => Err(other.instead()),
        }
    }

    /// Says that everything is here and being put in its place; to be called every few seconds.
    ///
    /// # Errors
    /// [`NearbyError::Broken`].
    pub async fn busy(&mut self) -> Result<(), NearbyError> {
        self.channel.send(&Frame::Busy).await
    }

    /// Says that everything is in its place, and ends the connection.
    ///
    /// # Errors
    /// [`NearbyError::Broken`].
    pub async fn taken(mut self) -> Result<(), NearbyError> {
        self.channel.send(&Frame::Taken).await?;
        self.channel.close().await;
        Ok(())
    }

    /// Says why it ends here and ends it.
    pub async fn stop(self, reason: Reason) {
        self.channel.stop(reason).await;
    }
}
