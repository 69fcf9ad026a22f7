//! Messages with files: their row is there at once, their deliveries when every file lies on the server.

use std::sync::Arc;

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
    // Whoever waits for this may be stopped, the transaction is not: what it queued must not lie there unseen.
    let wake = Arc::clone(&core.outbox_wake);
    core.with_store(move |store| {
        store.write(|writing| queue_if_last(writing, &mut sealing, message, mark))?;
        wake.notify_one();
        Ok(())
    })
    .await
}

fn queue_if_last(
    writing: &Writing<'_>,
    sealing: &mut Sealing,
    message: MessageId,
    mark: impl FnOnce(&Writing<'_>) -> Result<bool, Stopped>,
) -> Result<(), Stopped> {
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
}
