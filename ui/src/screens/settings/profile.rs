//! The profile block: picture, display name, Account ID.

use contract::{ErrorCode, PictureSaving};
use leptos::prelude::*;

use crate::app::ui;
use crate::components::account_id::FullAccountId;
use crate::components::avatar::Avatar;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{CLOCK, COPY, Glyph, PENCIL, QR};
use crate::locale::{failure_text, t};
use crate::screens::new_conversation::MyCode;

use super::profile_edit::EditProfile;

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
    let waits = Memo::new(move |_| {
        ui.account.with(|a| {
            a.as_ref()
                .is_some_and(|a| a.picture_saving == PictureSaving::Waits)
        })
    });
    view! {
        <section class="profile" aria-label=t!("set-edit-title")>
            {move || view! { <Avatar id=ui.account_id() name picture=Signal::derive(move || ui.picture())/> }}
            <div class="profile-name">
                <bdi data-testid="set-name">{move || name.get()}</bdi>
                <button class="icon-button" data-testid="set-edit" aria-label=t!("set-edit") on:click=move |_| editing.set(true)>
                    <Glyph icon=PENCIL/>
                </button>
            </div>
            <Show when=move || waits.get()>
                <p class="banner" role="status" data-testid="profile-waits">
                    <Glyph icon=CLOCK/>
                    <span>{failure_text(&ErrorCode::ProfileSave.into())}</span>
                </p>
            </Show>
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
            <EditProfile on_close=Callback::new(move |()| editing.set(false))/>
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
