//! Files that were shared into the app: to whom they go. What goes with them is written in the conversation.

use contract::{AttachmentView, ConversationId, DiscardFile, ErrorCode, Failure, PersonRow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Route, Ui, ui};
use crate::components::conversation_picker::ConversationPicker;
use crate::components::dialog::{Modal, Place};
use crate::components::top_bar::TopBar;
use crate::locale::{failure_text, t};

/// Files that were shared and not sent yet, and why the last ones could not be taken.
#[derive(Clone, Copy)]
pub(crate) struct SharedIn {
    files: StoredValue<Vec<AttachmentView>>,
    /// To whom they go.
    to: StoredValue<Option<ConversationId>>,
    refused: RwSignal<Option<Failure>>,
}

impl SharedIn {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            files: StoredValue::default(),
            to: StoredValue::new(None),
            refused: RwSignal::new(None),
        }
    }

    /// Asks whether something was shared, and to whom it is to go.
    pub(crate) fn look(self, ui: Ui) {
        spawn_local(async move {
            match ui.core.take_shared().await {
                Ok(files) if files.is_empty() => {}
                Ok(files) => {
                    self.let_go(ui);
                    self.files.set_value(files);
                    if ui.nav.current() != Route::Share {
                        ui.nav.open(Route::Share);
                    }
                }
                // Whoever unlocks the store is asked for it first.
                Err(failure) if failure.code == ErrorCode::PassphraseNeeded => {}
                Err(failure) => self.refused.set(Some(failure)),
            }
        });
    }

    /// The files, once, if this conversation was chosen.
    pub(crate) fn take_for(self, conversation: &ConversationId) -> Vec<AttachmentView> {
        match self.to.with_value(|to| to.as_ref() == Some(conversation)) {
            true => self.take(),
            false => Vec::new(),
        }
    }

    fn take(self) -> Vec<AttachmentView> {
        self.to.set_value(None);
        self.files.try_update_value(std::mem::take).unwrap_or_default()
    }

    fn let_go(self, ui: Ui) {
        for file in self.take() {
            ui.order(DiscardFile { attachment: file.id });
        }
    }
}

/// Chooses the conversation.
#[component]
pub(crate) fn Share() -> impl IntoView {
    let ui = ui();
    on_cleanup(move || {
        // Left without a choice.
        if ui.shared.to.with_value(Option::is_none) {
            ui.shared.let_go(ui);
        }
    });
    let pick = Callback::new(move |person: PersonRow| {
        ui.shared.to.set_value(Some(person.id.clone()));
        ui.nav.leave();
        ui.nav.open(Route::Conversation(person.id));
    });
    view! {
        <TopBar title=t!("share-title")/>
        <main class="page" data-testid="share">
            <ConversationPicker on_pick=pick/>
        </main>
    }
}

/// Says why what was shared is not taken.
#[component]
pub(crate) fn ShareRefused() -> impl IntoView {
    let ui = ui();
    let close = Callback::new(move |()| ui.shared.refused.set(None));
    move || {
        ui.shared.refused.get().map(|failure| {
            let ok = match failure.code {
                ErrorCode::ShareNoAccount => t!("share-open"),
                _ => t!("common-close"),
            };
            view! {
                <Modal title=t!("share-refused") testid="share-refused" place=Place::Middle on_close=close>
                    <p class="modal-text" data-testid="dlg-body">{failure_text(&failure)}</p>
                    <div class="modal-buttons">
                        <button class="button primary" data-testid="dlg-ok" autofocus=true on:click=move |_| close.run(())>{ok}</button>
                    </div>
                </Modal>
            }
        })
    }
}
