//! Settings > Connection path: the three relays between me and whoever I write to.

use contract::{Connection, NewPath, PathView, RelayView};
use leptos::prelude::*;

use crate::app::{Route, ui};
use crate::browser;
use crate::components::connection::{ConnectionDot, connection_word};
use crate::components::top_bar::TopBar;
use crate::locale::t;

/// The network's word for a proxy that does not answer.
const PROXY_SILENT: &str = "proxy";

/// The path and its state.
#[component]
pub(crate) fn Path() -> impl IntoView {
    let ui = ui();
    ui.refresh_path();
    let connection = Signal::derive(move || ui.connection());
    let new_path = move |_| {
        ui.order(NewPath {});
        ui.announce(t!("path-asked"));
    };
    view! {
        <TopBar title=t!("path-title")/>
        <main class="page" data-testid="path">
            <p class="lead">{t!("path-body")}</p>
            <p class="path-state" role="status" data-testid="path-state">
                <ConnectionDot connection testid="path-dot"/>
                <span>{move || connection_word(connection.get())}</span>
            </p>
            {move || ui.path.get().map(|path| body(&path))}
            <div class="actions">
                {move || match connection.get() {
                    Connection::NotConnected => {
                        view! {
                            <button class="button primary" data-testid="path-retry" on:click=new_path>
                                {t!("path-retry")}
                            </button>
                        }
                            .into_any()
                    }
                    Connection::Connected => {
                        view! {
                            <button class="button soft" data-testid="path-new" on:click=new_path>
                                {t!("path-new")}
                            </button>
                        }
                            .into_any()
                    }
                    Connection::Connecting | Connection::Offline => ().into_any(),
                }}
                {move || (connection.get() != Connection::Connected).then(|| view! {
                    <button class="button soft" data-testid="path-proxy" on:click=move |_| ui.nav.open(Route::Proxy)>
                        {t!("path-proxy")}
                    </button>
                })}
            </div>
        </main>
    }
}

fn body(path: &PathView) -> AnyView {
    let reason = path
        .reason
        .clone()
        .map(|code| view! { <p class="hint">{t!("path-reason", code = code)}</p> });
    match path.connection {
        Connection::Connected => view! { <Chain relays=path.relays.clone()/> }.into_any(),
        Connection::Connecting => view! {
            <section class="card path-building" aria-busy="true">
                <h2 class="card-title">{t!("path-finding")}</h2>
                <p class="hint">
                    {if path.relays.is_empty() { t!("path-finding-relays") } else { t!("path-finding-test") }}
                </p>
            </section>
        }
        .into_any(),
        Connection::NotConnected => {
            view! { <section class="card"><p class="card-title">{t!("path-failing")}</p>{reason}</section> }
                .into_any()
        }
        Connection::Offline => {
            let why = match path.reason.as_deref() {
                Some(PROXY_SILENT) => t!("e-proxy"),
                _ => t!("path-offline"),
            };
            view! { <section class="card"><p class="card-title">{why}</p></section> }.into_any()
        }
    }
}

#[component]
fn Chain(relays: Vec<RelayView>) -> impl IntoView {
    let hops = relays.into_iter().enumerate().map(|(index, relay)| {
        let name = match index {
            0 => t!("path-entry"),
            _ => t!("path-relay"),
        };
        let country = relay
            .country
            .as_deref()
            .and_then(browser::country_name)
            .unwrap_or_else(|| t!("path-country-unknown"));
        view! {
            <li class="hop" data-testid="path-relay">
                <span class="hop-name">{name}</span>
                <span class="hop-place">
                    {country} " · " <bdi class="mono" dir="ltr" translate="no">{relay.ip}</bdi>
                </span>
            </li>
        }
    });
    view! {
        <ol class="chain card" aria-label=t!("path-chain")>
            <li class="hop hop-end">
                <span class="hop-name">{t!("path-you")}</span>
            </li>
            {hops.collect_view()}
            <li class="hop hop-end">
                <span class="hop-name">{t!("path-destination")}</span>
            </li>
        </ol>
    }
}
