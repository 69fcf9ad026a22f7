//! Notices above the list: at most two, the gravest first, then the row that leads to the requests.

use contract::Connection;
use leptos::prelude::*;

use crate::app::{Route, ui};
use crate::components::icon::{FORWARD, Glyph, INBOX, OFFLINE};
use crate::locale::t;

/// What the user should know before reading the list.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let ui = ui();
    let offline = Memo::new(move |_| ui.connection() == Connection::Offline);
    let reminder = Memo::new(move |_| ui.account.with(|a| a.as_ref().is_some_and(|a| a.phrase_reminder)));
    let requests = Memo::new(move |_| {
        ui.home.page.with(|page| {
            page.as_ref()
                .map_or((0, 0), |page| (page.requests, page.unread_requests))
        })
    });
    view! {
        <section class="notices" aria-label=t!("home-notices")>
            <Show when=move || offline.get()>
                <p class="banner" role="status" data-testid="notice-offline">
                    <Glyph icon=OFFLINE/>
                    <span>{t!("home-offline")}</span>
                </p>
            </Show>
            <Show when=move || reminder.get()>
                <div class="banner banner-warn" data-testid="notice-phrase">
                    <div>
                        <h2 class="banner-title">{t!("home-phrase-title")}</h2>
                        <p>{t!("home-phrase-body")}</p>
                    </div>
                    <button class="button soft small" data-testid="notice-phrase-open" on:click=move |_| ui.nav.open(Route::RecoveryPhrase)>
                        {t!("home-phrase-open")}
                    </button>
                </div>
            </Show>
            {move || {
                let (all, unread) = requests.get();
                let name = if unread > 0 { t!("home-requests-unread", n = unread) } else { t!("home-requests") };
                (all > 0).then(|| view! {
                    <button
                        class="requests-row"
                        data-testid="home-requests"
                        aria-label=name
                        on:click=move |_| ui.nav.open(Route::Requests)
                    >
                        <span class="requests-icon"><Glyph icon=INBOX/></span>
                        <span class="requests-name">{t!("home-requests")}</span>
                        {(unread > 0).then(|| view! { <span class="badge">{unread}</span> })}
                        <Glyph icon=FORWARD/>
                    </button>
                })
            }}
        </section>
    }
}
