//! The state of a message of mine: an icon and a word, never a colour alone.

use contract::MessageStatus;
use leptos::prelude::*;

use crate::components::icon::{ALERT, CHECK, CHECKS, CIRCLE_DOTS, CLOCK, Glyph, Icon};
use crate::locale::t;

/// The state in words.
pub(crate) fn status_word(status: MessageStatus) -> String {
    match status {
        MessageStatus::Sending => t!("msg-status-sending"),
        MessageStatus::Sent => t!("msg-status-sent"),
        MessageStatus::Read => t!("msg-status-read"),
        MessageStatus::Failed => t!("msg-status-failed"),
        MessageStatus::SyncFailed => t!("msg-status-sync-failed"),
        // A state of a later contract is, for this screen, one that is not over.
        _ => t!("msg-status-queued"),
    }
}

/// The state's icon.
pub(crate) fn status_icon(status: MessageStatus) -> Icon {
    match status {
        MessageStatus::Sending => CIRCLE_DOTS,
        MessageStatus::Sent | MessageStatus::SyncFailed => CHECK,
        MessageStatus::Read => CHECKS,
        MessageStatus::Failed => ALERT,
        _ => CLOCK,
    }
}

/// The icon with its word for assistive technology only.
#[component]
pub(crate) fn StatusIcon(
    /// The state.
    status: MessageStatus,
) -> impl IntoView {
    view! {
        <span class="status-icon" class:status-failed=status == MessageStatus::Failed>
            <Glyph icon=status_icon(status)/>
            <span class="visually-hidden">{status_word(status)}</span>
        </span>
    }
}
