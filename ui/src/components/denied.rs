//! Something that the user forbade, and where a phone lets it be allowed.

use contract::ErrorCode;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::dialog::{Confirm, Notice, Weight};
use crate::app::ui;
use crate::browser;
use crate::locale::{failure_text, t};

/// Says what may not be used; on phones with the way to the settings.
#[component]
pub(crate) fn Denied(
    /// What it is about.
    title: String,
    /// What was forbidden.
    code: ErrorCode,
    /// Closes it.
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    let body = failure_text(&code.into());
    let open = Callback::new(move |()| {
        on_close.run(());
        spawn_local(async move {
            if let Err(failure) = ui.core.open_settings().await {
                ui.show_failure(&failure);
            }
        });
    });
    if browser::is_phone() {
        let ok = t!("common-open-settings");
        view! { <Confirm title body ok weight=Weight::Plain on_ok=open on_close/> }.into_any()
    } else {
        view! { <Notice title body on_close/> }.into_any()
    }
}
