//! Selection mode: several messages at a time.

use contract::MessageBody;
use leptos::prelude::*;

use super::delete::DeleteDialog;
use super::files::{self, keep_files};
use super::run::Row;
use super::thread::Thread;
use crate::components::icon::{CLOSE, COPY, DOWN, Glyph, TRASH};
use crate::locale::t;

/// The texts of messages, one below the other, as they are copied.
fn texts(rows: &[Row]) -> String {
    let texts = rows.iter().filter_map(|row| match &row.body {
        MessageBody::Text { text } => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// Stands in for the header while messages are selected.
#[component]
pub(crate) fn SelectionBar(thread: Thread) -> impl IntoView {
    let asking = RwSignal::new(false);
    let count = move || {
        thread
            .selected
            .with(|selected| selected.as_ref().map_or(0, |ids| ids.len()))
    };
    let leave = Callback::new(move |()| thread.selected.set(None));
    thread.ui.nav.on_back(leave);
    let copy = move |_| {
        thread.ui.copy(&texts(&thread.selected_rows()));
        leave.run(());
    };
    let savable = move || {
        thread.selected.track();
        files::savable(thread.selected_rows().iter().map(|row| &**row))
    };
    let save = move |_| {
        keep_files(thread.ui, savable());
        leave.run(());
    };
    view! {
        <header class="bar conversation-bar select-bar" data-testid="select-bar">
            <button class="icon-button" aria-label=t!("select-leave") data-testid="select-leave" on:click=move |_| leave.run(())>
                <Glyph icon=CLOSE/>
            </button>
            <h1 class="conversation-name" role="status" data-testid="select-count">
                {move || t!("select-count", n = count() as i64)}
            </h1>
            <button class="icon-button" aria-label=t!("menu-copy") data-testid="select-copy" disabled=move || count() == 0 on:click=copy>
                <Glyph icon=COPY/>
            </button>
            <button class="icon-button" aria-label=t!("att-save") data-testid="select-save" disabled=move || savable().is_empty() on:click=save>
                <Glyph icon=DOWN/>
            </button>
            <button
                class="icon-button"
                aria-label=t!("menu-delete")
                data-testid="select-delete"
                disabled=move || count() == 0
                on:click=move |_| asking.set(true)
            >
                <Glyph icon=TRASH/>
            </button>
        </header>
        <Show when=move || asking.get()>
            <DeleteDialog
                thread
                rows=thread.selected_rows()
                on_done=leave
                on_close=Callback::new(move |()| asking.set(false))
            />
        </Show>
    }
}
