//! Before a link is followed: the whole address, to read and to copy.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::ui;
use crate::components::dialog::{Modal, Place};
use crate::locale::t;

/// Shows an address; it is opened only when the user says so.
#[component]
pub(crate) fn LinkDialog(
    /// The whole address.
    url: String,
    /// Closes the dialog.
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    let (before, host, after) = split_host(&url);
    let (before, host, after) = (before.to_owned(), host.to_owned(), after.to_owned());
    let target = url.clone();
    let open = move |_| {
        let url = target.clone();
        on_close.run(());
        spawn_local(async move {
            if let Err(failure) = ui.core.open_link(url).await {
                ui.show_failure(&failure);
            }
        });
    };
    let copy = move |_| {
        ui.copy(&url);
        on_close.run(());
    };
    view! {
        <Modal title=t!("link-title") testid="url-dialog" place=Place::Middle on_close>
            <p class="url mono" dir="ltr" translate="no" data-testid="dlg-body">
                {before}
                <strong>{host}</strong>
                {after}
            </p>
            <div class="modal-buttons">
                <button class="button primary" data-testid="url-open" on:click=open>
                    {t!("link-open")}
                </button>
                <button class="button" data-testid="url-copy" autofocus=true on:click=copy>
                    {t!("common-copy")}
                </button>
                <button class="button plain" data-testid="dlg-cancel" on:click=move |_| on_close.run(())>
                    {t!("common-cancel")}
                </button>
            </div>
        </Modal>
    }
}

/// What stands before the host, the host, and what follows it.
fn split_host(url: &str) -> (&str, &str, &str) {
    let start = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at_checked(start).unwrap_or(("", url));
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    // What stands before an @ is a user name made to look like a host.
    let host_start = authority.rfind('@').map_or(0, |at| at + 1);
    let host = authority.get(host_start..).unwrap_or(authority);
    let before = url.get(..scheme.len() + host_start).unwrap_or(scheme);
    (before, host, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_told_apart_from_what_imitates_it() {
        assert_eq!(
            split_host("https://example.org/a?b#c"),
            ("https://", "example.org", "/a?b#c")
        );
        assert_eq!(
            split_host("https://bank.example@evil.example"),
            ("https://bank.example@", "evil.example", "")
        );
        assert_eq!(
            split_host("http://x.example:81?q"),
            ("http://", "x.example:81", "?q")
        );
        assert_eq!(
            split_host("https://x.example/@y"),
            ("https://", "x.example", "/@y")
        );
    }
}
