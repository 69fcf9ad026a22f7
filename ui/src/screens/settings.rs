//! Settings: the profile, then one row for each part that exists.

mod appearance;
mod blocked;
mod conversations;
mod help;
mod privacy;
mod profile;
mod profile_edit;
mod proxy;

pub(crate) use appearance::Appearance;
pub(crate) use blocked::Blocked;
pub(crate) use conversations::ConversationSettings;
pub(crate) use help::{Help, Licences};
pub(crate) use privacy::Privacy;
pub(crate) use proxy::Proxy;

use contract::KeyCustody;
use leptos::prelude::*;

use self::profile::Profile;
use crate::app::{Route, ui};
use crate::components::connection::{ConnectionDot, connection_word};
use crate::components::icon::{
    BOX, DEVICES, EYE, FORWARD, Glyph, INBOX, INFO, Icon, KEY, MESSAGES, ROUTE, SERVER, SUN, TRASH,
};
use crate::components::top_bar::TopBar;
use crate::locale::t;

/// The settings screen.
#[component]
pub(crate) fn Settings() -> impl IntoView {
    let ui = ui();
    let connection = Signal::derive(move || ui.connection());
    let state = move || {
        view! {
            <span class="setting-state">
                <ConnectionDot connection testid="set-path-dot"/>
                {move || connection_word(connection.get())}
            </span>
        }
    };
    let custody = move || {
        ui.startup
            .with(|startup| startup.as_ref().map(|s| s.key_custody))
            .map(|custody| match custody {
                KeyCustody::Keychain => t!("set-custody-keychain"),
                KeyCustody::Passphrase => t!("set-custody-passphrase"),
                KeyCustody::Memory => t!("set-custody-memory"),
            })
    };
    view! {
        <TopBar title=t!("set-title")/>
        <main class="page" data-testid="settings">
            <Profile/>
            <ul class="settings" aria-label=t!("set-title")>
                <Setting icon=ROUTE name=t!("set-path") testid="set-path" to=Route::Path>{state()}</Setting>
                <Setting icon=MESSAGES name=t!("set-conversations") testid="set-conversations" to=Route::ConversationSettings>""</Setting>
                <Setting icon=EYE name=t!("set-privacy") testid="set-privacy" to=Route::Privacy>""</Setting>
                <Setting icon=SUN name=t!("set-appearance") testid="set-appearance" to=Route::Appearance>""</Setting>
                <Setting icon=INBOX name=t!("set-requests") testid="set-requests" to=Route::Requests>""</Setting>
                <Show when=move || !ui.phrase_hidden()>
                    <Setting icon=KEY name=t!("set-recovery") testid="set-recovery" to=Route::RecoveryPhrase>""</Setting>
                </Show>
                <Setting icon=DEVICES name=t!("dev-title") testid="set-devices" to=Route::Devices>""</Setting>
                <Setting icon=BOX name=t!("data-title") testid="set-data" to=Route::Data>""</Setting>
                <Setting icon=SERVER name=t!("set-services") testid="set-services" to=Route::Services>""</Setting>
                <Setting icon=INFO name=t!("help-title") testid="set-help" to=Route::Help>""</Setting>
                <Setting icon=TRASH name=t!("erase-title") testid="set-clear" to=Route::Erase>""</Setting>
            </ul>
            <footer class="settings-foot">
                <p class="hint" data-testid="set-custody">{custody}</p>
                <p class="hint" data-testid="set-version">{t!("set-version", version = env!("CARGO_PKG_VERSION"))}</p>
            </footer>
        </main>
    }
}

#[component]
pub(crate) fn Setting(
    icon: Icon,
    name: String,
    testid: &'static str,
    to: Route,
    children: Children,
) -> impl IntoView {
    let ui = ui();
    view! {
        <li>
            <button class="setting" data-testid=testid on:click=move |_| ui.nav.open(to.clone())>
                <Glyph icon/>
                <span class="setting-name">{name}</span>
                {children()}
                <Glyph icon=FORWARD/>
            </button>
        </li>
    }
}
