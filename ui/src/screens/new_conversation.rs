//! The sheet for a new conversation: by Account ID, or by inviting a friend.

use contract::{ConversationView, ErrorCode, Failure, GetAccountQr, QrView, ResolveRecipient};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Route, ui};
use crate::browser;
use crate::components::account_id::FullAccountId;
use crate::components::contact_list::ContactList;
use crate::components::dialog::{Modal, Place};
use crate::components::icon::{COPY, GIFT, Glyph, MESSAGE, SHARE};
use crate::components::qr::QrCode;
use crate::components::scan::{Look, ScanCode};
use crate::components::tabs::Tabs;
use crate::locale::{failure_text, t};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Choices,
    Message,
    Invite,
}

/// The sheet.
#[component]
pub(crate) fn NewConversation(
    /// Closes it.
    on_close: Callback<()>,
) -> impl IntoView {
    let part = RwSignal::new(Part::Choices);
    let back = Callback::new(move |()| part.set(Part::Choices));
    view! {
        {move || match part.get() {
            Part::Choices => view! { <Choices part on_close/> }.into_any(),
            Part::Message => view! { <NewMessage on_close=back on_open=on_close/> }.into_any(),
            Part::Invite => view! { <Invite on_close=back/> }.into_any(),
        }}
    }
}

#[component]
fn Choices(part: RwSignal<Part>, on_close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let copy = move |_| ui.copy(&ui.account_id());
    let open = Callback::new(move |id| {
        on_close.run(());
        ui.nav.open(Route::Conversation(id));
    });
    view! {
        <Modal title=t!("new-title") testid="new-sheet" place=Place::Foot on_close>
            <button class="menu-row" data-testid="new-message" autofocus=true on:click=move |_| part.set(Part::Message)>
                <Glyph icon=MESSAGE/>
                {t!("new-message")}
            </button>
            <button class="menu-row" data-testid="new-invite" on:click=move |_| part.set(Part::Invite)>
                <Glyph icon=GIFT/>
                {t!("new-invite")}
            </button>
            <ContactList on_pick=open/>
            <section class="my-code" aria-label=t!("new-my-qr")>
                <MyCode testid="new-my-qr"/>
                <p class="hint">{t!("new-my-qr-help")}</p>
                <button class="button soft" data-testid="new-copy-id" on:click=copy>
                    <Glyph icon=COPY/>
                    {t!("new-copy-id")}
                </button>
                // Without a system's sheet it would only copy once more.
                {browser::can_share().then(|| view! {
                    <button class="button soft" data-testid="new-share-id" on:click=move |_| ui.share(ui.account_id())>
                        <Glyph icon=SHARE/>
                        {t!("invite-share")}
                    </button>
                })}
            </section>
        </Modal>
    }
}

/// My Account ID as a code.
#[component]
pub(crate) fn MyCode(
    /// The code's test id.
    testid: &'static str,
) -> impl IntoView {
    let ui = ui();
    let code = RwSignal::new(None::<QrView>);
    spawn_local(async move {
        if let Ok(found) = ui.core.ask(GetAccountQr {}).await {
            let _ = code.try_set(Some(found));
        }
    });
    view! {
        <div class="qr-frame">
            {move || code.get().map(|code| view! { <QrCode code label=t!("new-my-qr") testid/> })}
        </div>
    }
}

#[component]
fn NewMessage(on_close: Callback<()>, on_open: Callback<()>) -> impl IntoView {
    let tab = RwSignal::new(0);
    view! {
        <Modal title=t!("newmsg-title") testid="newmsg-sheet" place=Place::Foot on_close>
            <Tabs
                label=t!("newmsg-tabs")
                tabs=vec![(t!("newmsg-tab-id"), "newmsg-tab-id"), (t!("newmsg-tab-scan"), "newmsg-tab-scan")]
                chosen=tab
            />
            <div id="tab-panel" role="tabpanel" class="tab-panel">
                {move || {
                    if tab.get() == 0 {
                        view! { <EnterId on_open/> }.into_any()
                    } else {
                        view! { <ScanId on_open/> }.into_any()
                    }
                }}
            </div>
        </Modal>
    }
}

/// Somebody's Account ID as a code.
#[component]
fn ScanId(on_open: Callback<()>) -> impl IntoView {
    let ui = ui();
    let look = Look::new(move |(picture,)| {
        Box::pin(async move {
            let found = ui.core.scan_id(picture).await?;
            Ok(found.map(|person| {
                Callback::new(move |()| {
                    on_open.run(());
                    ui.nav.open(Route::Conversation(person.id.clone()));
                })
            }))
        })
    });
    view! {
        <ScanCode look missing=ErrorCode::QrNotId help=t!("newmsg-scan-picture") testid="newmsg-scan"/>
    }
}

#[component]
fn EnterId(on_open: Callback<()>) -> impl IntoView {
    let ui = ui();
    let input = NodeRef::<html::Textarea>::new();
    input.on_load(|element| browser::no_autocorrect(&element));
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let go_on = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let text = typed.get_untracked();
        spawn_local(async move {
            let answer: Result<ConversationView, Failure> = ui.core.ask(ResolveRecipient { text }).await;
            busy.set(false);
            match answer {
                Ok(found) => {
                    on_open.run(());
                    ui.nav.open(Route::Conversation(found.id));
                }
                Err(failure) => {
                    error.set(Some(failure));
                    if let Some(input) = input.get_untracked() {
                        browser::focus(&input);
                    }
                }
            }
        });
    };
    let wrong = move || error.with(Option::is_some);
    // Only the form is an error of the field; anything else is said in a toast's words at the same place.
    let code = move || error.with(|error| error.as_ref().map_or(ErrorCode::Unknown, |e| e.code).as_str());
    view! {
        <label class="field-label" for="newmsg-input">
            {t!("newmsg-label")}
        </label>
        <textarea
            id="newmsg-input"
            class="input id-input"
            class:input-wrong=wrong
            data-testid="newmsg-input"
            rows="3"
            dir="ltr"
            translate="no"
            autocapitalize="none"
            autocomplete="off"
            spellcheck="false"
            autofocus=true
            enterkeyhint="go"
            aria-describedby="newmsg-error newmsg-help"
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
                    go_on();
                }
            }
        ></textarea>
        <p id="newmsg-error" class="error" role="status" aria-live="polite" data-testid="newmsg-error" data-code=code>
            {move || error.get().map(|failure| failure_text(&failure))}
        </p>
        <p id="newmsg-help" class="hint">{t!("newmsg-help")}</p>
        <button class="button primary" data-testid="newmsg-next" aria-disabled=move || busy.get().to_string() on:click=move |_| go_on()>
            {t!("newmsg-next")}
        </button>
    }
}

#[component]
fn Invite(on_close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let invitation = move || t!("invite-text", id = ui.account_id());
    view! {
        <Modal title=t!("invite-title") testid="invite-sheet" place=Place::Foot on_close>
            <p class="field-label">{t!("common-account-id")}</p>
            <FullAccountId id=Signal::derive(move || ui.account_id()) testid="invite-id"/>
            <p class="field-label">{t!("invite-help")}</p>
            <p class="card invite-text" data-testid="invite-text">{invitation}</p>
            <div class="modal-buttons">
                <button class="button primary" data-testid="invite-share" on:click=move |_| ui.share(invitation())>
                    {if browser::can_share() { t!("invite-share") } else { t!("invite-copy") }}
                </button>
                <button class="button soft" data-testid="invite-copy-id" autofocus=true on:click=move |_| ui.copy(&ui.account_id())>
                    {t!("new-copy-id")}
                </button>
            </div>
        </Modal>
    }
}
