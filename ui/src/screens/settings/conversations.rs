//! Settings > Conversations.

use leptos::prelude::*;

use super::Setting;
use crate::app::{Liked, Route, ui};
use crate::components::icon::{BAN, BOX};
use crate::components::switch::Switch;
use crate::components::top_bar::TopBar;
use crate::locale::t;

/// One row for each part.
#[component]
pub(crate) fn ConversationSettings() -> impl IntoView {
    let liked = Liked::follow(ui());
    view! {
        <TopBar title=t!("set-conversations")/>
        <main class="page" data-testid="conversation-settings">
            <ul class="settings" aria-label=t!("set-conversations")>
                <Setting icon=BAN name=t!("blocked-title") testid="set-blocked" to=Route::Blocked>""</Setting>
                <Setting icon=BOX name=t!("space-title") testid="set-space" to=Route::Space>""</Setting>
            </ul>
            <div class="settings">
                <Switch
                    name=t!("set-auto-download")
                    help=t!("set-auto-download-help")
                    testid="set-auto-download"
                    on=Signal::derive(move || liked.part(|liked| liked.auto_download).unwrap_or(false))
                    on_change=Callback::new(move |on| {
                        liked.change(|liked| liked.auto_download = on);
                    })
                />
                <Switch
                    name=t!("set-autoplay")
                    help=t!("set-autoplay-help")
                    testid="set-autoplay"
                    on=Signal::derive(move || liked.part(|liked| liked.autoplay_voice).unwrap_or(false))
                    on_change=Callback::new(move |on| {
                        liked.change(|liked| liked.autoplay_voice = on);
                    })
                />
            </div>
        </main>
    }
}
