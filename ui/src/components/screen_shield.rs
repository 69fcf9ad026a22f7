//! Keeps a secret on the screen out of pictures of the screen: while it is there the system takes none, where it can be told
//! so, and what the task switcher shows of the app is without the secret.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::ui;
use crate::browser;

/// Stands beside a secret for as long as that is shown.
#[component]
pub(crate) fn ScreenShield(
    /// The app is not in front any more: the secret is to go.
    on_away: Callback<()>,
) -> impl IntoView {
    let core = ui().core;
    let protect = move |on: bool| {
        // Where the system cannot, the secret is shown all the same: it was asked for.
        spawn_local(async move { drop(core.protect_screen(on).await) });
    };
    protect(true);
    on_cleanup(move || protect(false));
    browser::listen_while_here("visibilitychange", move |_| {
        if !browser::is_visible() {
            on_away.run(());
        }
    });
}
