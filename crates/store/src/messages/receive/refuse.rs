//! Reasons for which a received message makes no row.

use super::{Batch, Outcome, Person, Received, ReceivedMessage};
use crate::{MessageKind, StoreError};

impl Batch<'_, '_> {
    /// What becomes of a message that is not to be stored; `None` for one that is.
    pub(super) fn refuse(
        &mut self,
        item: &Received,
        message: &ReceivedMessage,
        author: Person,
        mine: bool,
    ) -> Result<Option<Outcome>, StoreError> {
        if !mine && author.dropped(message.sent_at.0) {
            return Ok(Some(Outcome::Dropped));
        }
        if !mine && message.kind == MessageKind::RequestAcceptedByThem && author.approved_me {
            return Ok(Some(Outcome::Known { id: None }));
        }
        if self.was_removed(author.row, message)? {
            return Ok(Some(Outcome::Known { id: None }));
        }
        if self.has_passed(mine, message) {
            // Nobody has signed when the swarm drops it: another member may know better.
            self.writing.forget_seen(&item.hash)?;
            return self.without_row(mine, message, Outcome::Known { id: None });
        }
        let peer = self.person(message.conversation)?.row;
        if self
            .writing
            .is_taken_back(peer, author.row, message.sent_at.0, &item.hash, self.now)?
        {
            return Ok(Some(Outcome::Known { id: None }));
        }
        if message.sent_at.0 < self.person(message.conversation)?.deleted_up_to {
            return self.without_row(mine, message, Outcome::Known { id: None });
        }
        if message.kind.is_notice() && !self.may_leave_notice(mine, message)? {
            return self.without_row(mine, message, Outcome::Dropped);
        }
        // Nobody writes two messages at once: a second one of another kind could not be told from the first.
        if message.kind.has_content()
            && let Some(id) = self.writing.find_shown(peer, author.row, message.sent_at.0)?
            && self.writing.message(id)?.kind != message.kind
        {
            return Ok(Some(Outcome::Known { id: Some(id) }));
        }
        Ok(None)
    }

    /// What becomes of a message that leaves no row, but may have changed how messages disappear.
    fn without_row(
        &mut self,
        mine: bool,
        message: &ReceivedMessage,
        otherwise: Outcome,
    ) -> Result<Option<Outcome>, StoreError> {
        Ok(Some(match self.follow_setting(mine, message)? {
            true => Outcome::ChangedMany,
            false => otherwise,
        }))
    }
}
