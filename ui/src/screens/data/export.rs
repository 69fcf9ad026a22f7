//! Taking a conversation out of the app, where nothing protects it.

use contract::{ConversationId, ExportConversation, PersonRow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Told;
use crate::app::ui;
use crate::components::conversation_picker::ConversationPicker;
use crate::components::dialog::{Confirm, Modal, Place, Weight};
use crate::core::PlaceKind;
use crate::locale::{isolate, t};

/// Which conversation, then as [`ExportOne`].
#[component]
pub(super) fn Export(
    /// Says how it went.
    told: RwSignal<Option<Told>>,
    on_close: Callback<()>,
) -> impl IntoView {
    let chosen = RwSignal::new(None::<PersonRow>);
    view! {
        {move || match chosen.get() {
            None => view! {
                <Modal title=t!("data-export") testid="bk-export-pick" place=Place::Foot on_close>
                    <ConversationPicker on_pick=Callback::new(move |person| chosen.set(Some(person)))/>
                </Modal>
            }.into_any(),
            Some(person) => view! { <ExportOne conversation=person.id name=person.name told on_close/> }.into_any(),
        }}
    }
}

/// Asks whether a copy without encryption is wanted, and where it goes; writes it behind the dialog.
#[component]
pub(crate) fn ExportOne(
    /// Which one.
    conversation: ConversationId,
    /// Its name.
    name: String,
    /// Says how it went.
    told: RwSignal<Option<Told>>,
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    let conversation = StoredValue::new(conversation);
    let title = t!("data-export-title", name = isolate(&name));
    let reason = title.clone();
    let export = Callback::new(move |()| {
        let (conversation, reason) = (conversation.get_value(), reason.clone());
        on_close.run(());
        spawn_local(async move {
            match ui.core.choose_place(PlaceKind::Folder).await {
                Ok(Some(_)) => {}
                Ok(None) => return,
                Err(failure) => return ui.show_failure(&failure),
            }
            let order = ExportConversation {
                conversation,
                to: String::new(),
            };
            let ended = match ui.core.ask_at_place(order, &reason).await {
                Ok(report) => Some(Told::exported(&report)),
                Err(failure) => Told::failed(ui, t!("data-exported-not"), &failure),
            };
            let _ = told.try_set(ended);
        });
    });
    view! {
        <Confirm
            title
            body=t!("data-export-body")
            ok=t!("data-export-ok")
            weight=Weight::Plain
            on_ok=export
            on_close
        />
    }
}
