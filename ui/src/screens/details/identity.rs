//! Who a conversation is with: picture, name, Account ID.

use contract::{ConversationKind, ConversationView, GetContactQr, QrView};
use leptos::prelude::*;

use crate::app::ui;
use crate::components::account_id::FullAccountId;
use crate::components::avatar::Avatar;
use crate::components::icon::{COPY, Glyph, PENCIL, QR};
use crate::components::qr::QrCode;
use crate::locale::t;

/// The block at the top.
#[component]
pub(super) fn Identity(
    head: ConversationView,
    /// The dialog for a nickname is asked for.
    naming: RwSignal<bool>,
    /// The code of the Account ID, while it is shown.
    code: RwSignal<Option<QrView>>,
) -> impl IntoView {
    let ui = ui();
    let note = head.kind == ConversationKind::NoteToSelf;
    let name = if note {
        t!("common-note-to-self")
    } else {
        head.name.clone()
    };
    let shown = name.clone();
    let account_id = head.account_id.0.clone();
    let copied = account_id.clone();
    let id = head.id.clone();
    let show_code = move |_| {
        if code.with_untracked(Option::is_some) {
            code.set(None);
            return;
        }
        let conversation = id.clone();
        ui.ask(GetContactQr { conversation }, move |found| {
            let _ = code.try_set(Some(found));
        });
    };
    view! {
        <section class="profile">
            <Avatar id=head.id.0.clone() name=Signal::stored(name) note=Signal::stored(note) picture=Signal::stored(head.picture.clone())/>
            <p class="profile-name">
                <bdi data-testid="details-name">{shown}</bdi>
                {(!note).then(|| view! {
                    <button class="icon-button" data-testid="details-nick" aria-label=t!("details-nick") on:click=move |_| naming.set(true)>
                        <Glyph icon=PENCIL/>
                    </button>
                })}
            </p>
            <div class="profile-id">
                <p class="card-label">{t!("common-account-id")}</p>
                <div class="card">
                    <FullAccountId id=Signal::stored(account_id) testid="details-id"/>
                </div>
                <div class="profile-buttons">
                    <button class="button soft small" data-testid="details-copy" on:click=move |_| ui.copy(&copied)>
                        <Glyph icon=COPY/>
                        {t!("common-copy")}
                    </button>
                    <button
                        class="button soft small"
                        data-testid="details-qr"
                        aria-expanded=move || code.with(Option::is_some).to_string()
                        on:click=show_code
                    >
                        <Glyph icon=QR/>
                        {t!("common-qr")}
                    </button>
                </div>
                {move || code.get().map(|code| view! {
                    <QrCode code label=t!("common-qr") testid="details-code"/>
                })}
            </div>
        </section>
    }
}
