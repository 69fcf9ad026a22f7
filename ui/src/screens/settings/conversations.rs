//! Settings > Conversations.

use leptos::prelude::*;

use super::Setting;
use crate::app::Route;
use crate::components::icon::BAN;
use crate::components::top_bar::TopBar;
use crate::locale::t;

/// One row for each part.
#[component]
pub(crate) fn ConversationSettings() -> impl IntoView {
    view! {
        <TopBar title=t!("set-conversations")/>
        <main class="page" data-testid="conversation-settings">
            <ul class="settings" aria-label=t!("set-conversations")>
                <Setting icon=BAN name=t!("blocked-title") testid="set-blocked" to=Route::Blocked>""</Setting>
            </ul>
        </main>
    }
}
