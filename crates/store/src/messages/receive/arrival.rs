//! What is decided of a message before it becomes a row: whether it comes too late, and whether a line may stand.
//! Spec: messages §12 (DIS-02, DIS-08).

use protocol::message::expiration::{Arrival, Timer, on_arrival};

use super::{Batch, ReceivedMessage};
use crate::{MessageKind, StoreError};

impl Batch<'_, '_> {
    /// Whether a message was here and removed.
    pub(super) fn was_removed(&self, author: i64, message: &ReceivedMessage) -> Result<bool, StoreError> {
        match self.writing.contact_row(&message.conversation)? {
            Some(contact) => self.writing.is_removed(author, message.sent_at.0, contact),
            None => Ok(false),
        }
    }

    /// Whether a message's time has passed on the way.
    pub(super) fn has_passed(&self, mine: bool, message: &ReceivedMessage) -> bool {
        let arrival = self.arrival(mine, message, i64::MIN);
        let timer = message.disappearing.map(|setting| on_arrival(setting, &arrival));
        matches!(timer, Some(Timer::Runs(expires_at)) if expires_at <= self.now)
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

    /// Takes over the setting that a line shows: mine when another device of mine has changed it, theirs otherwise. That
    /// holds also where the line itself cannot stand. Answers whether anything has changed.
    pub(super) fn follow_setting(
        &mut self,
        mine: bool,
        message: &ReceivedMessage,
    ) -> Result<bool, StoreError> {
        if message.kind != MessageKind::DisappearingSet {
            return Ok(false);
        }
        let (with, set_at) = (&message.conversation, message.sent_at);
        let other = self.person(*with)?;
        // What was set before a contact was deleted went with it.
        if !other.approved && (!mine || set_at.0 < other.deleted_up_to) {
            return Ok(false);
        }
        let setting = message.disappearing;
        match mine {
            true => self.writing.follow_disappearing(with, setting, set_at, self.now),
            false => self
                .writing
                .set_their_disappearing(with, setting, set_at, self.now),
        }
    }
}
