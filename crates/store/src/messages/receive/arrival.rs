//! What is decided of a message before it becomes a row: whether it comes too late, and whether a line may stand.

use protocol::message::expiration::{Arrival, Timer, on_arrival};

use super::{Batch, ReceivedMessage};
use crate::StoreError;

impl Batch<'_, '_> {
    /// Whether a message was here and removed, or its time has passed on the way.
    pub(super) fn is_gone(
        &self,
        author: i64,
        mine: bool,
        message: &ReceivedMessage,
    ) -> Result<bool, StoreError> {
        let contact = self.writing.contact_row(&message.conversation)?;
        if let Some(contact) = contact
            && self.writing.is_removed(author, message.sent_at.0, contact)?
        {
            return Ok(true);
        }
        let Some(setting) = message.disappearing else {
            return Ok(false);
        };
        let timer = on_arrival(setting, &self.arrival(mine, message, i64::MIN));
        Ok(matches!(timer, Timer::Runs(expires_at) if expires_at <= self.now))
    }

    /// What its timer depends on.
    pub(super) fn arrival(&self, mine: bool, message: &ReceivedMessage, read_up_to: i64) -> Arrival {
        Arrival {
            mine,
            read: mine || message.sent_at.0 <= read_up_to,
            sent_at: message.sent_at,
            swarm_expires_at: message.swarm_expires_at,
            now: self.now,
        }
    }

    /// Lines about a conversation neither make one nor are taken from somebody who is not accepted.
    pub(super) fn may_leave_notice(
        &mut self,
        mine: bool,
        message: &ReceivedMessage,
    ) -> Result<bool, StoreError> {
        let known = self.touched.contains_key(&message.conversation)
            || self.writing.conversation_state(&message.conversation)?.is_some();
        Ok(known && (mine || self.person(message.author)?.approved))
    }

    /// Takes over the setting that a line shows: mine when another device of mine has changed it, theirs otherwise.
    pub(super) fn keep_setting(&self, mine: bool, message: &ReceivedMessage) -> Result<(), StoreError> {
        let (with, set_at) = (&message.conversation, message.sent_at);
        match mine {
            true => self.writing.set_disappearing(with, message.disappearing, set_at),
            false => self
                .writing
                .set_their_disappearing(with, message.disappearing, set_at),
        }
    }
}
