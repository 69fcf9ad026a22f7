//! Messages with files: their row is there at once, their deliveries when every file lies on the server.

use contract::ErrorCode;
use store::{MessageId, MessageStatus, Writing};

use super::queue::{Said, Sealing, sender_profile};
use crate::core::Core;
use crate::failure::Stopped;
use crate::{attachments, previews};

/// Runs `mark`, which says whether the last file of a message is uploaded; then the message is sealed and queued in the
/// same transaction. Nothing happens when the message was deleted meanwhile. Spec: attachments §9 (ATT-62)
pub(crate) async fn queue_when_uploaded(
    core: &Core,
    message: MessageId,
    mark: impl FnOnce(&Writing<'_>) -> Result<bool, Stopped> + Send + 'static,
) -> Result<(), Stopped> {
    let mut sealing = Sealing::new(core)?;
    core.write(move |writing| {
        if !mark(writing)? {
            return Ok(());
        }
        let row = match writing.message(message) {
            Err(store::StoreError::NotFound) => return Ok(()),
            row => row?,
        };
        if !matches!(row.status, Some(MessageStatus::Queued | MessageStatus::Failed)) {
            return Ok(());
        }
        let pointers = writing.attachments_of(message)?;
        let pointers = pointers.iter().map(attachments::pointer).collect::<Option<_>>();
        let profile = sender_profile(writing, sealing.keys.account_id())?;
        let quote = writing.quoted_name(message)?;
        let said = Said {
            to: row.conversation,
            body: &row.body,
            quote: quote.as_ref(),
            preview: writing.link_preview(message)?.map(previews::to_wire),
            files: pointers.ok_or(ErrorCode::AttachmentUpload)?,
            disappearing: row.disappearing,
            sent_at: row.sent_at,
        };
        let deliveries = sealing.seal(&said, &profile)?;
        Ok(writing.queue_deliveries_of(message, &deliveries, sealing.device_now)?)
    })
    .await?;
    core.outbox_wake.notify_one();
    Ok(())
}
