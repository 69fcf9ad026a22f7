//! Settings > Privacy: what others learn of me.

use contract::{Preferences, SetCommunityRequests};
use leptos::prelude::*;

use super::Setting;
use crate::app::{Liked, Route, ui};
use crate::components::icon::ROUTE;
use crate::components::switch::Switch;
use crate::components::top_bar::TopBar;
use crate::locale::t;

/// The switches; each holds at once.
#[component]
pub(crate) fn Privacy() -> impl IntoView {
    let ui = ui();
    let liked = Liked::follow(ui);
    let is = move |part: fn(&Preferences) -> bool| Signal::derive(move || liked.part(part).unwrap_or(false));
    let change = move |part: fn(&mut Preferences, bool)| {
        Callback::new(move |on: bool| {
            liked.change(|preferences| part(preferences, on));
        })
    };
    view! {
        <TopBar title=t!("privacy-title")/>
        <main class="page" data-testid="privacy">
            <div class="settings">
                <Switch
                    name=t!("privacy-receipts")
                    help=t!("privacy-receipts-help")
                    testid="privacy-receipts"
                    on=is(|preferences| preferences.read_receipts)
                    on_change=change(|preferences, on| preferences.read_receipts = on)
                />
                <Switch
                    name=t!("privacy-typing")
                    help=t!("privacy-typing-help")
                    testid="privacy-typing"
                    on=is(|preferences| preferences.typing_indicators)
                    on_change=change(|preferences, on| preferences.typing_indicators = on)
                />
                <Switch
                    name=t!("privacy-previews")
                    help=t!("privacy-previews-help")
                    testid="privacy-previews"
                    on=is(|preferences| preferences.link_previews)
                    on_change=change(|preferences, on| {
                        preferences.link_previews = on;
                        preferences.link_previews_asked = true;
                    })
                />
                <Switch
                    name=t!("privacy-communities")
                    help=t!("privacy-communities-help")
                    testid="privacy-communities"
                    on=is(|preferences| preferences.community_requests)
                    on_change=Callback::new(move |taken| ui.order(SetCommunityRequests { taken }))
                />
            </div>
            <ul class="settings" aria-label=t!("privacy-ways")>
                <Setting icon=ROUTE name=t!("proxy-title") testid="privacy-proxy" to=Route::Proxy>""</Setting>
            </ul>
        </main>
    }
}
