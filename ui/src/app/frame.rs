//! The frame around all screens.

use contract::{Event, SetDeviceOnline};
use leptos::prelude::*;

use super::{Route, Ui};
use crate::browser;
use crate::components::logs::Unnamed;
use crate::components::toast::Toast;
use crate::locale::t;
use crate::screens::conversation::Conversation;
use crate::screens::data::Data;
use crate::screens::details::Details;
use crate::screens::devices::Devices;
use crate::screens::disappearing::DisappearingMessages;
use crate::screens::erase::Erase;
use crate::screens::gallery::Gallery;
use crate::screens::history::MoveHistory;
use crate::screens::home::Home;
use crate::screens::landing::Landing;
use crate::screens::launch::Launch;
use crate::screens::loading::{Loading, RestoreName};
use crate::screens::name::Name;
use crate::screens::notifications::Notifications;
use crate::screens::path::Path;
use crate::screens::recovery_phrase::RecoveryPhrase;
use crate::screens::requests::Requests;
use crate::screens::restore::Restore;
use crate::screens::save_phrase::SavePhrase;
use crate::screens::search::Search;
use crate::screens::services::Services;
use crate::screens::settings::{
    Appearance, Blocked, ConversationSettings, Help, Licences, Privacy, Proxy, Settings,
};
use crate::screens::share::{Share, ShareRefused};
use crate::screens::space::Space;
use crate::theme;

/// The whole app.
#[component]
pub(crate) fn App() -> impl IntoView {
    theme::apply(&contract::Preferences::default());
    let ui = Ui::new();
    provide_context(ui);
    follow_window(ui);
    ui.core.on_event(move |event| refresh(ui, event));
    ui.start();

    let route = Memo::new(move |_| ui.nav.current());
    let beside =
        Memo::new(move |_| ui.wide.get() && (route.get() == Route::Home || route.get().is_beside_home()));
    view! {
        <div class="app">
            {move || {
                if beside.get() {
                    view! {
                        <div class="panes">
                            <Home/>
                            <div class="pane">{move || screen(&route.get(), true)}</div>
                        </div>
                    }
                        .into_any()
                } else {
                    view! { <div class="single">{move || screen(&route.get(), false)}</div> }.into_any()
                }
            }}
        </div>
        <ShareRefused/>
        <Unnamed failure=ui.unnamed/>
        <Toast/>
        <div class="visually-hidden" aria-live="polite" data-testid="live">
            {move || ui.announcement.get()}
        </div>
    }
}

fn screen(route: &Route, beside: bool) -> AnyView {
    match route {
        Route::Launch => view! { <Launch/> }.into_any(),
        Route::Landing => view! { <Landing/> }.into_any(),
        Route::Name => view! { <Name/> }.into_any(),
        Route::Notifications => view! { <Notifications/> }.into_any(),
        Route::SavePhrase => view! { <SavePhrase/> }.into_any(),
        Route::Restore => view! { <Restore/> }.into_any(),
        Route::Loading => view! { <Loading/> }.into_any(),
        Route::RestoreName => view! { <RestoreName/> }.into_any(),
        Route::Home if beside => view! { <p class="pane-empty">{t!("home-pane-empty")}</p> }.into_any(),
        Route::Home => view! { <Home/> }.into_any(),
        Route::Conversation(id) => view! { <Conversation id=id.clone()/> }.into_any(),
        Route::Details(id) => view! { <Details id=id.clone()/> }.into_any(),
        Route::Gallery(id) => view! { <Gallery id=id.clone()/> }.into_any(),
        Route::Search(within) => view! { <Search within=within.clone()/> }.into_any(),
        Route::Disappearing(id) => view! { <DisappearingMessages id=id.clone()/> }.into_any(),
        Route::Privacy => view! { <Privacy/> }.into_any(),
        Route::Proxy => view! { <Proxy/> }.into_any(),
        Route::Space => view! { <Space/> }.into_any(),
        Route::Data => view! { <Data/> }.into_any(),
        Route::History => view! { <MoveHistory/> }.into_any(),
        Route::Requests => view! { <Requests/> }.into_any(),
        Route::ConversationSettings => view! { <ConversationSettings/> }.into_any(),
        Route::Blocked => view! { <Blocked/> }.into_any(),
        Route::Settings => view! { <Settings/> }.into_any(),
        Route::Appearance => view! { <Appearance/> }.into_any(),
        Route::RecoveryPhrase => view! { <RecoveryPhrase/> }.into_any(),
        Route::Devices => view! { <Devices/> }.into_any(),
        Route::Erase => view! { <Erase/> }.into_any(),
        Route::Path => view! { <Path/> }.into_any(),
        Route::Services => view! { <Services/> }.into_any(),
        Route::Share => view! { <Share/> }.into_any(),
        Route::Help => view! { <Help/> }.into_any(),
        Route::Licences => view! { <Licences/> }.into_any(),
    }
}

fn refresh(ui: Ui, event: &Event) {
    match event {
        Event::AccountChanged => ui.refresh_account(),
        Event::ConversationsChanged | Event::TypingChanged { .. } => ui.home.refresh(),
        Event::ConnectionChanged => ui.refresh_path(),
        Event::PreferencesChanged => ui.refresh_look(),
        Event::FilesShared => ui.shared.look(ui),
        Event::SettingsFound => {
            ui.show_toast(t!("restore-settings-found"));
            if ui.nav.current() == Route::RestoreName {
                ui.finish_onboarding();
            }
        }
        Event::Lagged => {
            ui.refresh_account();
            ui.home.refresh();
            ui.refresh_path();
        }
        // Rows belong to the open conversation, the loading to its screen; later kinds of events to later screens.
        _ => {}
    }
}

fn follow_window(ui: Ui) {
    let window = browser::window();
    ui.measure();
    browser::listen_forever(&window, "resize", move |_| ui.measure());
    // Only changes are passed on: at the start the engine finds out by itself, and better.
    browser::listen_forever(&window, "offline", move |_| {
        ui.order(SetDeviceOnline { online: false })
    });
    browser::listen_forever(&window, "online", move |_| {
        ui.order(SetDeviceOnline { online: true })
    });
    browser::listen_forever(&window, "keydown", move |event| {
        let key = js_sys::Reflect::get(&event, &"key".into())
            .ok()
            .and_then(|key| key.as_string());
        if key.as_deref() == Some("Escape") && !event.default_prevented() {
            ui.nav.back();
        }
    });
    follow_keyboard();
}

/// Keeps the app above the on-screen keyboard where the web view lets the keyboard cover the page.
fn follow_keyboard() {
    let Some(viewport) = browser::window().visual_viewport() else {
        return;
    };
    let measured = viewport.clone();
    browser::listen_forever(&viewport, "resize", move |_| {
        if let Some(root) = browser::document().document_element()
            && let Ok(root) = wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(root)
        {
            let _ = root
                .style()
                .set_property("--viewport", &format!("{}px", measured.height()));
        }
    });
}
