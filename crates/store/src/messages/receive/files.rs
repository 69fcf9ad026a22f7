//! The files of received messages.

use super::{Batch, ReceivedMessage};
use crate::{MessageId, StoreError};

impl Batch<'_, '_> {
    /// Keeps a message's files. Those of my other devices are fetched at once, and those of whom I accepted and said so of.
    pub(super) fn offer_files(
        &mut self,
        id: MessageId,
        mine: bool,
        message: &ReceivedMessage,
    ) -> Result<(), StoreError> {
        if message.files.is_empty() {
            return Ok(());
        }
        let trusted = self.writing.auto_download(&message.conversation)? == Some(true);
        let wanted = mine || (trusted && self.person(message.conversation)?.approved);
        self.writing
            .offer_files(id, &message.files, wanted, self.device_now)
    }
}
