//! Taking messages back: here at once, and from then on at others and on one's own devices.

use contract::ErrorCode;
use protocol::account::AccountId;
use protocol::message::outgoing;
use store::{Leaves, Message, MessageId, Step, TakeBack};

use super::queue::Sealing;
use crate::core::Core;
use crate::failure::Stopped;

/// Who is to lose a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All my devices; the other side keeps it.
    MyDevices,
    /// The other side too.
    Everyone,
}

/// Takes a message back in one transaction: the row goes, what was still to be sent of it goes, and what deletes it
/// elsewhere is queued. Answers the other side of the conversation. Spec: messages §11 (DEL-01, DEL-02, DEL-06).
pub(crate) async fn take_back(core: &Core, id: MessageId, reach: Reach) -> Result<AccountId, Stopped> {
    let mut sealing = Sealing::new(core)?;
    let with = core
        .write(move |writing| {
            let own = sealing.keys.account_id();
            let message = writing.message(id)?;
            let with = message.conversation;
            let is_mine = message.author == own;
            if !message.kind.has_content() || (reach == Reach::Everyone && !is_mine) {
                return Err(ErrorCode::NotFound.into());
            }
            let sent_at = writing.next_sent_at(sealing.network_now)?;
            let content = outgoing::unsend(message.author, message.sent_at, sent_at);
            let deliveries = match reach {
                Reach::Everyone if with != own => sealing.with_copy(with, &content, sent_at)?,
                _ => vec![sealing.delivery(Step::SyncCopy, own, &content, sent_at)?],
            };
            writing.take_back(&TakeBack {
                message: id,
                leaves: leaves(own, &message),
                deliveries,
                now: sealing.device_now,
            })?;
            Ok(with)
        })
        .await?;
    core.outbox_wake.notify_one();
    Ok(with)
}

/// What my other devices make of the same request: they cannot tell for whom a message of mine was taken back.
fn leaves(own: AccountId, message: &Message) -> Leaves {
    match message.author == own && message.conversation != own {
        true => Leaves::Line,
        false => Leaves::Nothing,
    }
}
