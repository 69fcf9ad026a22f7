//! Read receipts into the queue.

use protocol::account::AccountId;
use protocol::message::outgoing;
use store::Step;

use super::queue::Sealing;
use crate::core::Core;
use crate::failure::Stopped;

/// Messages that one receipt names, at most.
const MOST_NAMED: u32 = 200;

/// Queues one receipt for what is owed to somebody; nothing when they have been blocked meanwhile, or receipts turned
/// off. Spec: messages §13 (RRC-01, RRC-02).
pub(crate) async fn queue_receipt(core: &Core, with: AccountId) -> Result<(), Stopped> {
    let mut sealing = Sealing::new(core)?;
    core.write(move |writing| {
        let read = writing.take_owed_receipts(&with, MOST_NAMED)?;
        if read.is_empty() || !writing.preferences()?.read_receipts || !writing.is_told(&with)? {
            return Ok(());
        }
        let sent_at = writing.next_sent_at(sealing.network_now)?;
        let content = outgoing::read_receipt(&read, sent_at);
        let delivery = sealing.delivery(Step::Recipient, with, &content, sent_at)?;
        Ok(writing.queue_control(&[delivery], sealing.device_now)?)
    })
    .await?;
    core.outbox_wake.notify_one();
    Ok(())
}
