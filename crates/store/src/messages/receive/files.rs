//! The files of received messages.

use super::{Batch, ReceivedMessage};
use crate::{MessageId, StoreError, Wanted};

impl Batch<'_, '_> {
    /// Keeps a message's preview and files. Those of my other devices are fetched at once, and those of people whom I accepted
    /// and whose files are fetched without asking, as far as their budget goes.
    pub(super) fn offer_files(
        &mut self,
        id: MessageId,
        mine: bool,
        message: &ReceivedMessage,
    ) -> Result<(), StoreError> {
        if message.files.is_empty() && message.preview.is_none() {
            return Ok(());
        }
        let approved = self.person(message.conversation)?.approved;
        let wanted = match mine {
            true => Wanted::All,
            false if approved && self.writing.fetches_unasked(&message.conversation)? => {
                Wanted::WithinBudget(message.conversation)
            }
            false => Wanted::Asked,
        };
        if let Some(preview) = &message.preview {
            self.writing.offer_preview(id, preview, wanted, self.device_now)?;
        }
        self.writing
            .offer_files(id, &message.files, wanted, self.device_now)
    }
}
