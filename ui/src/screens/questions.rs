//! What is asked before a whole conversation, a person or all requests are changed for good, and the doing of it.

use contract::{
    Block, ClearMessages, ClearRequests, ConversationId, DeleteContact, DeleteConversation, DeleteRequest,
    HideNoteToSelf, Unblock,
};
use leptos::prelude::*;

use crate::app::ui;
use crate::components::dialog::{Confirm, Weight};
use crate::locale::{isolate, t};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    Block,
    Unblock,
    Clear,
    DeleteConversation,
    DeleteContact,
    HideNotes,
    ShowNotes,
    DeleteRequest,
    ClearRequests,
}

impl Question {
    /// Title, text and main button.
    fn words(self, name: &str) -> (String, String, String) {
        let name = isolate(name);
        match self {
            Self::Block => (t!("block-title", name = name), t!("block-body"), t!("block-ok")),
            Self::Unblock => (t!("unblock-title", name = name), String::new(), t!("unblock-ok")),
            Self::Clear => (t!("clear-title"), t!("clear-body"), t!("clear-ok")),
            Self::DeleteConversation => (
                t!("delconv-title", name = name.clone()),
                t!("delconv-body", name = name),
                t!("common-delete"),
            ),
            Self::DeleteContact => (
                t!("delcontact-title", name = name.clone()),
                t!("delcontact-body", name = name),
                t!("delcontact-ok"),
            ),
            Self::HideNotes => (t!("note-hide-title"), t!("note-hide-body"), t!("note-hide-ok")),
            Self::ShowNotes => (t!("note-show-title"), String::new(), t!("note-show-ok")),
            Self::DeleteRequest => (t!("req-delete-title"), String::new(), t!("common-delete")),
            Self::ClearRequests => (t!("req-clear-title"), String::new(), t!("req-clear")),
        }
    }

    const fn weight(self) -> Weight {
        match self {
            Self::Unblock | Self::HideNotes | Self::ShowNotes => Weight::Plain,
            _ => Weight::Danger,
        }
    }

    /// Whether the conversation is not there to be looked at any more afterwards.
    pub(crate) const fn ends_conversation(self) -> bool {
        matches!(
            self,
            Self::DeleteConversation | Self::DeleteContact | Self::DeleteRequest
        )
    }
}

/// Asks, and does it.
#[component]
pub(crate) fn Ask(
    /// What.
    question: Question,
    /// About which conversation; any for all requests.
    conversation: ConversationId,
    /// Its name.
    name: String,
    /// Called after it was ordered.
    on_done: Callback<Question>,
    /// Called when nothing is to be done.
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    let (title, body, ok) = question.words(&name);
    let go = Callback::new(move |()| {
        let conversation = conversation.clone();
        match question {
            Question::Block => ui.order(Block { conversation }),
            Question::Unblock => ui.order(Unblock { conversation }),
            Question::Clear => ui.order(ClearMessages { conversation }),
            Question::DeleteConversation => ui.order(DeleteConversation { conversation }),
            Question::DeleteContact => ui.order(DeleteContact { conversation }),
            Question::HideNotes => ui.order(HideNoteToSelf { hidden: true }),
            Question::ShowNotes => ui.order(HideNoteToSelf { hidden: false }),
            Question::DeleteRequest => ui.order(DeleteRequest { conversation }),
            Question::ClearRequests => ui.order(ClearRequests {}),
        }
        on_done.run(question);
    });
    view! { <Confirm title body ok weight=question.weight() on_ok=go on_close/> }
}
