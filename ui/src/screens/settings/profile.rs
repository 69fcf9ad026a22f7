//! The profile block: picture, display name, Account ID.

use contract::SetDisplayName;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::ui;
use crate::components::account_id::FullAccountId;
use crate::components::avatar::Avatar;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{COPY, Glyph, PENCIL, QR};
use crate::components::name_field::{NameField, check_name};
use crate::locale::t;
use crate::screens::new_conversation::MyCode;

/// Who I am to others.
#[component]
pub(crate) fn Profile() -> impl IntoView {
    let ui = ui();
    let editing = RwSignal::new(false);
    let code = RwSignal::new(false);
    let close_code = Callback::new(move |()| code.set(false));
    let name = Signal::derive(move || {
        ui.account
            .with(|a| a.as_ref().map(|a| a.display_name.clone()).unwrap_or_default())
    });
    view! {
        <section class="profile" aria-label=t!("set-edit-title")>
            {move || view! { <Avatar id=ui.account_id() name/> }}
            <div class="profile-name">
                <bdi data-testid="set-name">{move || name.get()}</bdi>
                <button class="icon-button" data-testid="set-edit" aria-label=t!("set-edit") on:click=move |_| editing.set(true)>
                    <Glyph icon=PENCIL/>
                </button>
            </div>
            <div class="card profile-id">
                <h2 class="card-label">{t!("common-account-id")}</h2>
                <FullAccountId id=Signal::derive(move || ui.account_id()) testid="set-id"/>
                <div class="pair">
                    <button class="button plain" data-testid="set-id-copy" on:click=move |_| ui.copy(&ui.account_id())>
                        <Glyph icon=COPY/>
                        {t!("common-copy")}
                    </button>
                    <button class="button plain" data-testid="set-qr" on:click=move |_| code.set(true)>
                        <Glyph icon=QR/>
                        {t!("phrase-qr")}
                    </button>
                </div>
            </div>
        </section>
        <Show when=move || editing.get()>
            <EditName on_close=Callback::new(move |()| editing.set(false))/>
        </Show>
        <Show when=move || code.get()>
            <Modal title=t!("common-account-id") testid="set-qr-sheet" place=Place::Foot on_close=close_code>
                <MyCode testid="set-qr-code"/>
                <p class="hint centred">{t!("set-qr-help")}</p>
                <button class="button plain" autofocus=true on:click=move |_| close_code.run(())>
                    {t!("common-close")}
                </button>
            </Modal>
        </Show>
    }
}

#[component]
fn EditName(on_close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let before = ui
        .account
        .with_untracked(|a| a.as_ref().map(|a| a.display_name.clone()).unwrap_or_default());
    let name = RwSignal::new(before.clone());
    let error = RwSignal::new(None);
    let changed = Memo::new(move |_| name.with(|name| name.trim() != before));
    let save = Callback::new(move |()| {
        if !changed.get_untracked() {
            return;
        }
        match check_name(&name.get_untracked()) {
            Err(failure) => error.set(Some(failure)),
            Ok(name) => spawn_local(async move {
                match ui.core.ask(SetDisplayName { name }).await {
                    Ok(account) => {
                        ui.account.set(Some(account));
                        on_close.run(());
                    }
                    Err(failure) => error.set(Some(failure)),
                }
            }),
        }
    });
    view! {
        <Modal title=t!("set-edit-title") testid="profile-edit" place=Place::Middle on_close>
            <NameField name error on_done=save/>
            <div class="modal-buttons">
                <button class="button primary" data-testid="profile-save" disabled=move || !changed.get() on:click=move |_| save.run(())>
                    {t!("set-save")}
                </button>
                <button class="button plain" on:click=move |_| on_close.run(())>
                    {t!("common-cancel")}
                </button>
            </div>
        </Modal>
    }
}
