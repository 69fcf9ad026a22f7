//! Contents that show no text of their own: a changed disappearing setting, read receipts, typing.

use super::{SHORTEST_TTL_MS, TTL_MS, ttl_ms, visible};
use crate::TimestampMs;
use crate::account::AccountId;
use crate::message::content::{
    Content, DataMessage, EXPIRATION_TIMER_UPDATE, ExpirationType, ReceiptMessage, ReceiptType, TypingAction,
    TypingMessage,
};
use crate::message::incoming::Disappearing;

/// Tells somebody how one's own messages disappear from then on; `None`: not any more. It disappears by its own fields.
/// Spec: messages §12 (DIS-02).
pub fn timer_update(disappearing: Option<Disappearing>, sent_at: TimestampMs) -> Content {
    let data = DataMessage {
        flags: Some(EXPIRATION_TIMER_UPDATE),
        ..DataMessage::default()
    };
    visible(data, disappearing, sent_at)
}

/// As [`timer_update`] in Note to Self. Spec: messages §12 (DIS-02).
pub fn own_timer_update(own: AccountId, disappearing: Option<Disappearing>, sent_at: TimestampMs) -> Content {
    let data = DataMessage {
        flags: Some(EXPIRATION_TIMER_UPDATE),
        sync_target: Some(own.to_hex()),
        ..DataMessage::default()
    };
    visible(data, disappearing, sent_at)
}

/// Tells somebody which of their messages were read. `read`: their sent times. Spec: messages §13 (RRC-01).
pub fn read_receipt(read: &[TimestampMs], sent_at: TimestampMs) -> Content {
    let receipt = ReceiptMessage {
        r#type: Some(ReceiptType::Read.into()),
        timestamp: read.iter().filter_map(|time| time.to_wire()).collect(),
    };
    Content {
        receipt_message: Some(receipt),
        sig_timestamp: sent_at.to_wire(),
        ..Content::default()
    }
}

/// Tells somebody that one types, or has stopped. It repeats its sent time. Spec: messages §13 (TYP-01).
pub fn typing(action: TypingAction, sent_at: TimestampMs) -> Content {
    let typing = TypingMessage {
        timestamp: sent_at.to_wire(),
        action: Some(action.into()),
    };
    Content {
        typing_message: Some(typing),
        sig_timestamp: sent_at.to_wire(),
        ..Content::default()
    }
}

/// How long one's own swarm is to keep the copy of a content, in milliseconds: what disappears after reading counts as
/// read by its author at once. Spec: messages §12 (DIS-07).
pub fn copy_ttl_ms(content: &Content) -> u64 {
    match content {
        Content {
            data_message: Some(_),
            expiration_timer: Some(seconds),
            expiration_type: Some(kind),
            ..
        } if *seconds > 0 && ExpirationType::try_from(*kind) == Ok(ExpirationType::DeleteAfterRead) => {
            u64::from(*seconds)
                .saturating_mul(1_000)
                .clamp(SHORTEST_TTL_MS, TTL_MS)
        }
        content => ttl_ms(content),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::incoming::DisappearingMode;
    use crate::message::outgoing::sync_copy;

    const SENT_AT: TimestampMs = TimestampMs(1_775_000_000_000);

    fn after(mode: DisappearingMode, seconds: u32) -> Option<Disappearing> {
        Some(Disappearing { mode, seconds })
    }

    fn update(setting: Option<Disappearing>) -> Content {
        timer_update(setting, SENT_AT)
    }

    #[test]
    fn dis_02_a_change_carries_the_setting_as_its_own_fields() {
        let on = update(after(DisappearingMode::AfterSend, 43_200));
        assert_eq!((on.expiration_type, on.expiration_timer), (Some(2), Some(43_200)));
        assert_eq!(on.data_message.as_ref().and_then(|data| data.flags), Some(2));
        let off = update(None);
        assert_eq!((off.expiration_type, off.expiration_timer), (Some(0), Some(0)));
    }

    #[test]
    fn dis_07_the_copy_of_what_disappears_after_reading_is_kept_as_long_as_its_timer() {
        let read = update(after(DisappearingMode::AfterRead, 43_200));
        assert_eq!((ttl_ms(&read), copy_ttl_ms(&read)), (TTL_MS, 43_200_000));
        let sent = update(after(DisappearingMode::AfterSend, 43_200));
        assert_eq!((ttl_ms(&sent), copy_ttl_ms(&sent)), (43_200_000, 43_200_000));
        let month = update(after(DisappearingMode::AfterRead, 30 * 86_400));
        assert_eq!(copy_ttl_ms(&month), TTL_MS);
        let second = update(after(DisappearingMode::AfterRead, 1));
        assert_eq!(copy_ttl_ms(&second), 10_000, "swarms refuse less");
        assert_eq!(copy_ttl_ms(&update(None)), TTL_MS);
    }

    #[test]
    fn receipts_and_typing_are_not_copied() {
        let receipt = read_receipt(&[SENT_AT], SENT_AT);
        let started = typing(TypingAction::Started, SENT_AT);
        let to = AccountId::account([9; 32]);
        assert_eq!((sync_copy(&receipt, to), sync_copy(&started, to)), (None, None));
        assert_eq!((ttl_ms(&receipt), ttl_ms(&started)), (TTL_MS, 20_000));
    }

    #[test]
    fn typ_01_typing_repeats_its_sent_time() {
        let content = typing(TypingAction::Stopped, SENT_AT);
        let typing = content.typing_message.expect("typing");
        assert_eq!(
            (typing.timestamp, typing.action),
            (content.sig_timestamp, Some(1))
        );
    }
}
