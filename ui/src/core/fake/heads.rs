//! The stand-in's answer about one conversation.

use contract::*;

use super::replies::{State, kind, unread};

impl State {
    pub(super) fn head(&mut self, id: &ConversationId) -> Result<ConversationView, Failure> {
        let stranger = ConversationView {
            id: id.clone(),
            kind: ConversationKind::Direct,
            account_id: AccountId(id.0.clone()),
            name: crate::components::account_id::shortened(&id.0),
            approval: Approval::Pending,
            blocked: false,
            unread: 0,
            draft: String::new(),
            nickname: String::new(),
            pinned: false,
            hidden: false,
            muted: None,
            marked_unread: false,
            disappearing: None,
            offered_disappearing: None,
            typing: false,
            picture: None,
            auto_download: false,
            voice_draft: None,
        };
        let Ok(thread) = self.thread(id) else {
            return Ok(stranger);
        };
        Ok(ConversationView {
            kind: kind(thread),
            account_id: thread.with.clone(),
            name: thread.shown_name(),
            approval: thread.approval,
            blocked: thread.blocked,
            unread: unread(thread),
            draft: thread.draft.clone(),
            nickname: thread.kept.nickname.clone(),
            pinned: thread.pinned,
            hidden: thread.kept.hidden,
            muted: thread.kept.muted,
            marked_unread: thread.kept.marked_unread,
            ..stranger
        })
    }
}
