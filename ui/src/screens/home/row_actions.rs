//! What a row's menu and a swipe do at once, without a question.

use contract::{ConversationRow, MarkAllRead, MarkUnread, MuteConversation, PinConversation};

use crate::app::Ui;

/// Marks as read what is unread, and as unread what is read.
pub(crate) fn read(ui: Ui, row: &ConversationRow) {
    let conversation = row.id.clone();
    if row.unread > 0 || row.marked_unread {
        ui.order(MarkAllRead { conversation });
    } else {
        ui.order(MarkUnread { conversation });
    }
}

/// Pins, or unpins.
pub(crate) fn pin(ui: Ui, row: &ConversationRow) {
    ui.order(PinConversation {
        conversation: row.id.clone(),
        pinned: !row.pinned,
    });
}

/// Lets it notify again.
pub(crate) fn unmute(ui: Ui, row: &ConversationRow) {
    ui.order(MuteConversation {
        conversation: row.id.clone(),
        mute: None,
    });
}
