//! Changing how one's own messages disappear.

use contract::ErrorCode;
use protocol::account::AccountId;
use protocol::message::{Disappearing, DisappearingMode, outgoing};
use store::{NewTimerLine, Step};

use super::queue::Sealing;
use crate::core::Core;
use crate::failure::Stopped;

/// Sets how my messages of a conversation disappear, tells the other side and my other devices, and leaves a line; all
/// in one transaction. Nobody is told who has not been accepted: they learn it from the messages. In Note to Self
/// everything counts as read at once. Spec: messages §12 (DIS-01, DIS-02).
pub(crate) async fn set_disappearing(
    core: &Core,
    with: AccountId,
    setting: Option<Disappearing>,
) -> Result<(), Stopped> {
    let mut sealing = Sealing::new(core)?;
    core.write(move |writing| {
        let own = sealing.keys.account_id();
        let contact = writing.contact(&with)?;
        if with != own && contact.as_ref().is_some_and(|contact| contact.blocked) {
            return Err(ErrorCode::Blocked.into());
        }
        let setting = match (with == own, setting) {
            (true, Some(Disappearing { seconds, .. })) => Some(Disappearing {
                mode: DisappearingMode::AfterSend,
                seconds,
            }),
            (_, setting) => setting,
        };
        let before = contact.as_ref().and_then(|contact| contact.disappearing);
        let sent_at = writing.next_sent_at(sealing.network_now)?;
        // Also when nothing changes: what they offer is answered then.
        writing.set_disappearing(&with, setting, sent_at)?;
        let told = with == own || contact.is_some_and(|contact| contact.approved);
        if setting == before || !told {
            return Ok(());
        }
        let deliveries = if with == own {
            let content = outgoing::own_timer_update(own, setting, sent_at);
            vec![sealing.delivery(Step::Recipient, own, &content, sent_at)?]
        } else {
            let content = outgoing::timer_update(setting, sent_at);
            sealing.with_copy(with, &content, sent_at)?
        };
        let line = NewTimerLine {
            with,
            setting,
            sent_at,
            now: sealing.device_now,
            deliveries,
        };
        Ok(writing.queue_timer_line(&line).map(|_| ())?)
    })
    .await?;
    core.outbox_wake.notify_one();
    core.tell_conversation(with);
    Ok(())
}
