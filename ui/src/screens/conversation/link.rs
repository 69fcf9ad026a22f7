//! Before a link is followed: the whole address as it will be opened, to read and to copy.

use contract::LinkParts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::ui;
use crate::components::dialog::{Modal, Place};
use crate::locale::t;

/// Shows an address as it will be opened; it is opened only when the user says so. What hides where it leads is shown
/// with all that it hides, and not opened.
#[component]
pub(crate) fn LinkDialog(
    /// The whole address, as it stands in a text.
    url: String,
    /// Closes the dialog.
    on_close: Callback<()>,
) -> impl IntoView {
    let ui = ui();
    let read = RwSignal::new(None::<Result<LinkParts, String>>);
    spawn_local(async move {
        let parts = ui.core.read_link(url.clone()).await;
        let _ = read.try_set(Some(parts.map_err(|_| spelled_out(&url))));
    });
    move || {
        read.get().map(|read| match read {
            Ok(parts) => view! { <Address parts on_close/> }.into_any(),
            Err(shown) => view! { <Refused shown on_close/> }.into_any(),
        })
    }
}

#[component]
fn Address(parts: LinkParts, on_close: Callback<()>) -> impl IntoView {
    let ui = ui();
    let (to_open, to_copy) = (parts.whole(), parts.whole());
    let open = move |_| {
        let url = to_open.clone();
        on_close.run(());
        spawn_local(async move {
            if let Err(failure) = ui.core.open_link(url).await {
                ui.show_failure(&failure);
            }
        });
    };
    let copy = move |_| {
        ui.copy(&to_copy);
        on_close.run(());
    };
    view! {
        <Modal title=t!("link-title") testid="url-dialog" place=Place::Middle on_close>
            <p class="url mono" dir="ltr" translate="no" data-testid="dlg-body">
                {parts.before}
                <strong data-testid="url-host">{parts.host}</strong>
                {parts.after}
            </p>
            {parts.host_written.map(|written| view! {
                <p class="modal-text" data-testid="url-written">
                    {t!("link-written")}
                    " "
                    <bdi class="mono" translate="no"><strong>{written}</strong></bdi>
                </p>
                <p class="hint">{t!("link-written-help")}</p>
            })}
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

#[component]
fn Refused(shown: String, on_close: Callback<()>) -> impl IntoView {
    view! {
        <Modal title=t!("link-refused-title") testid="url-dialog" place=Place::Middle on_close>
            <p class="url mono" dir="ltr" translate="no" data-testid="dlg-body">{shown}</p>
            <p class="modal-text" data-testid="url-refused">{t!("link-refused")}</p>
            <div class="modal-buttons">
                <button class="button primary" data-testid="dlg-cancel" autofocus=true on:click=move |_| on_close.run(())>
                    {t!("common-close")}
                </button>
            </div>
        </Modal>
    }
}

/// An address in which every character that is not plain ASCII is named, so that none can hide or turn the others around.
fn spelled_out(url: &str) -> String {
    let mut shown = String::new();
    for character in url.chars() {
        match character {
            '!'..='~' => shown.push(character),
            other => shown.push_str(&format!("⟨{:04X}⟩", u32::from(other))),
        }
    }
    shown
}

/// The host of an address, as it stands there.
pub(super) fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or(rest);
    // What stands before an @ is a user name made to look like a host.
    authority.rsplit('@').next().unwrap_or(authority)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_told_apart_from_what_imitates_it() {
        for (url, host) in [
            ("https://example.org/a?b#c", "example.org"),
            ("https://bank.example@evil.example", "evil.example"),
            ("http://x.example:81?q", "x.example:81"),
            ("https://x.example/@y", "x.example"),
            ("https://evil.example\\@bank.example/", "evil.example"),
        ] {
            assert_eq!(host_of(url), host, "{url}");
        }
    }

    #[test]
    fn nothing_hides_in_an_address_that_is_not_opened() {
        assert_eq!(
            spelled_out("https://example.org/\u{202e}gpj.exe"),
            "https://example.org/⟨202E⟩gpj.exe"
        );
        assert_eq!(spelled_out("https://a\u{430}@b/ c"), "https://a⟨0430⟩@b/⟨0020⟩c");
    }
}
