//! The dialog that names a person for oneself.

use contract::{ConversationView, ErrorCode, Failure, SetNickname};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::ui;
use crate::browser;
use crate::components::dialog::{Modal, Place};
use crate::components::name_field::NAME_BYTES;
use crate::locale::{failure_text, isolate, t};

/// The dialog.
#[component]
pub(super) fn NicknameDialog(head: ConversationView, on_close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let typed = RwSignal::new(head.nickname.clone());
    let error = RwSignal::new(None::<Failure>);
    let input = NodeRef::<html::Input>::new();
    input.on_load(|element| browser::no_autocorrect(&element));
    let id = StoredValue::new(head.id.clone());
    let has_one = !head.nickname.is_empty();
    let save = move |nickname: String| {
        if nickname.trim().len() > NAME_BYTES {
            error.set(Some(ErrorCode::NickLong.into()));
            if let Some(input) = input.get_untracked() {
                browser::focus(&input);
            }
            return;
        }
        let conversation = id.get_value();
        spawn_local(async move {
            match ui
                .core
                .ask(SetNickname {
                    conversation,
                    nickname,
                })
                .await
            {
                Ok(_) => on_close.run(()),
                Err(failure) => {
                    let _ = error.try_set(Some(failure));
                }
            }
        });
    };
    let wrong = move || error.with(Option::is_some);
    let code = move || error.with(|error| error.as_ref().map(|error| error.code.as_str()));
    view! {
        <Modal title=t!("nick-title", name = isolate(&head.name)) testid="dialog" place=Place::Middle on_close>
            <label class="visually-hidden" for="nick-input">{t!("nick-label")}</label>
            <input
                id="nick-input"
                class="input"
                class:input-wrong=wrong
                data-testid="nick-input"
                dir="auto"
                autocomplete="off"
                autofocus=true
                enterkeyhint="done"
                aria-describedby="nick-error nick-help"
                aria-invalid=move || wrong().to_string()
                node_ref=input
                prop:value=move || typed.get()
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    error.set(None);
                }
                on:keydown=move |event| {
                    if event.key() == "Enter" && !event.is_composing() {
                        event.prevent_default();
                        save(typed.get_untracked());
                    }
                }
            />
            <p id="nick-error" class="error" role="status" data-testid="nick-error" data-code=code>
                {move || error.get().map(|failure| failure_text(&failure))}
            </p>
            <p id="nick-help" class="hint" data-testid="dlg-body">{t!("nick-body")}</p>
            <div class="modal-buttons">
                <button class="button primary" data-testid="dlg-ok" on:click=move |_| save(typed.get_untracked())>
                    {t!("set-save")}
                </button>
                {has_one.then(|| view! {
                    <button class="button plain" data-testid="dlg-alt" on:click=move |_| save(String::new())>
                        {t!("nick-remove")}
                    </button>
                })}
                <button class="button plain" data-testid="dlg-cancel" on:click=move |_| on_close.run(())>
                    {t!("common-cancel")}
                </button>
            </div>
        </Modal>
    }
}
