//! Sending on: to whom, and then it goes.

use contract::{ConversationId, ForwardMessage, MessageId, PersonRow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Route, ui};
use crate::components::conversation_picker::ConversationPicker;
use crate::components::dialog::{Modal, Place};
use crate::locale::{isolate, t};

/// Chooses a conversation for some messages and sends them there, oldest first.
#[component]
pub(crate) fn Forward(
    /// Which ones.
    messages: Vec<MessageId>,
    /// Closes it.
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    let to = RwSignal::new(None::<PersonRow>);
    let sending = RwSignal::new(false);
    let messages = StoredValue::new(messages);
    let send = move |conversation: ConversationId| {
        sending.set(true);
        spawn_local(async move {
            for message in messages.get_value() {
                let to = conversation.clone();
                if let Err(failure) = ui.core.ask(ForwardMessage { message, to }).await {
                    ui.show_failure(&failure);
                    let _ = sending.try_set(false);
                    return;
                }
            }
            on_close.run(());
            ui.nav.open(Route::Conversation(conversation));
        });
    };
    view! {
        <Modal title=t!("forward-title") testid="forward" place=Place::Foot on_close>
            {move || match to.get() {
                None => view! {
                    <ConversationPicker on_pick=Callback::new(move |person| to.set(Some(person)))/>
                }.into_any(),
                Some(person) => {
                    let id = person.id.clone();
                    view! {
                        <p class="modal-text" data-testid="dlg-body">{t!("forward-to", name = isolate(&person.name))}</p>
                        <div class="modal-buttons">
                            <button class="button primary" data-testid="forward-send" autofocus=true disabled=move || sending.get() on:click=move |_| send(id.clone())>
                                {t!("comp-send")}
                            </button>
                            <button class="button plain" data-testid="forward-other" on:click=move |_| to.set(None)>{t!("forward-other")}</button>
                        </div>
                    }.into_any()
                }
            }}
        </Modal>
    }
}
