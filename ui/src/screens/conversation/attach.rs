//! Choosing files, looking at them before they go, and sending them with a caption.

mod chosen;
mod preview;

use contract::{ErrorCode, Failure};
use leptos::html;
use leptos::prelude::*;

use self::chosen::Chosen;
use self::preview::Preview;
use super::thread::Thread;
use crate::browser;
use crate::components::dialog::{Modal, Notice, Place};
use crate::components::icon::{Glyph, PLUS};
use crate::locale::{failure_text, isolate, t};

/// The "+" of the composer.
#[component]
pub(super) fn Attach(
    thread: Thread,
    /// Files may be sent: they have accepted.
    allowed: Signal<bool>,
) -> impl IntoView {
    let sheet = RwSignal::new(false);
    let chosen = Chosen::new(thread.ui);
    let media = NodeRef::<html::Input>::new();
    let any = NodeRef::<html::Input>::new();
    let camera = NodeRef::<html::Input>::new();
    chosen.take_shared(thread.ui.shared.take_for(&thread.id()));
    let open = move |_| match allowed.get_untracked() {
        true => sheet.set(true),
        false => thread
            .ui
            .show_failure(&Failure::new(ErrorCode::RequestLimit).with("name", isolate(&thread.name()))),
    };
    let choose = move |input: NodeRef<html::Input>| {
        sheet.set(false);
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = move |input: NodeRef<html::Input>| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        let files: Vec<web_sys::File> = input
            .files()
            .map(|list| (0..list.length()).filter_map(|n| list.get(n)).collect())
            .unwrap_or_default();
        // The same file can be chosen again.
        input.set_value("");
        chosen.add(files);
    };
    view! {
        <button
            class="icon-button"
            type="button"
            data-testid="comp-attach"
            aria-label=t!("comp-attach")
            aria-disabled=move || (!allowed.get()).to_string()
            on:click=open
        >
            <Glyph icon=PLUS/>
        </button>
        <input class="hidden-input" type="file" multiple accept="image/*,video/*" tabindex="-1" aria-hidden="true" data-testid="att-input-media" node_ref=media on:change=move |_| take(media)/>
        <input class="hidden-input" type="file" multiple tabindex="-1" aria-hidden="true" data-testid="att-input-file" node_ref=any on:change=move |_| take(any)/>
        {browser::is_phone().then(|| view! {
            <input class="hidden-input" type="file" accept="image/*" capture="environment" tabindex="-1" aria-hidden="true" node_ref=camera on:change=move |_| take(camera)/>
        })}
        {move || sheet.get().then(|| view! {
            <Modal title=t!("comp-attach") testid="att-sheet" place=Place::Foot on_close=Callback::new(move |()| sheet.set(false))>
                <button class="menu-item" data-testid="att-media" on:click=move |_| choose(media)>{t!("att-media")}</button>
                {browser::is_phone().then(|| view! {
                    <button class="menu-item" data-testid="att-camera" on:click=move |_| choose(camera)>{t!("att-camera")}</button>
                })}
                <button class="menu-item" data-testid="att-file" on:click=move |_| choose(any)>{t!("att-file")}</button>
            </Modal>
        })}
        <Show when=move || chosen.is_open()>
            <Preview thread chosen/>
        </Show>
        {move || chosen.refused.get().map(|failure| view! {
            <Notice title=t!("att-refused") body=failure_text(&failure) on_close=Callback::new(move |()| chosen.refused.set(None))/>
        })}
    }
}
