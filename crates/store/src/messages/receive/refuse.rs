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
        if self.is_gone(author.row, mine, message)? {
            return Ok(Some(Outcome::Known { id: None }));
        }
        let peer = self.person(message.conversation)?.row;
        if self
            .writing
            .is_taken_back(peer, author.row, message.sent_at.0, &item.hash, self.now)?
        {
            return Ok(Some(Outcome::Known { id: None }));
        }
        if message.sent_at.0 < self.person(message.conversation)?.deleted_up_to {
            return Ok(Some(Outcome::Known { id: None }));
        }
        if message.kind.is_notice() && !self.may_leave_notice(mine, message)? {
            return Ok(Some(Outcome::Dropped));
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
}
