//! Settings > Conversations > Storage use: what each conversation takes, largest first, and giving some of it back.

use contract::{Event, FreeSpace, ListSpace, SpaceRow, SpaceView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::ui;
use crate::components::dialog::{Confirm, Modal, Place, Weight};
use crate::components::top_bar::TopBar;
use crate::locale::{isolate, t};
use crate::screens::conversation::files::size_word;

/// Ages of messages that can be removed, in days, with the key of their name.
const AGES: [(u32, &str); 3] = [(30, "month"), (182, "half"), (365, "year")];

/// What is to be given back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Files,
    OlderThan(u32),
}

/// The screen.
#[component]
pub(crate) fn Space() -> impl IntoView {
    let ui = ui();
    let space = RwSignal::new(None::<SpaceView>);
    let load = move || {
        spawn_local(async move {
            if let Ok(found) = ui.core.ask(ListSpace {}).await {
                let _ = space.try_set(Some(found));
            }
        });
    };
    load();
    ui.core.on_event(move |event| {
        if matches!(event, Event::Lagged) {
            load();
        }
    });
    let chosen = RwSignal::new(None::<SpaceRow>);
    let part = RwSignal::new(None::<Part>);
    let free = Callback::new(move |()| {
        let (Some(row), Some(what)) = (chosen.get_untracked(), part.get_untracked()) else {
            return;
        };
        part.set(None);
        chosen.set(None);
        let order = FreeSpace {
            conversation: row.conversation,
            older_than_days: match what {
                Part::Files => None,
                Part::OlderThan(days) => Some(days),
            },
        };
        ui.ask(order, move |freed| {
            ui.show_toast(match what {
                Part::Files => t!("space-freed", size = size_word(freed.bytes)),
                Part::OlderThan(_) => t!("space-trimmed", n = freed.messages),
            });
            load();
        });
    });
    view! {
        <TopBar title=t!("space-title")/>
        <main class="page" data-testid="space">
            {move || space.get().and_then(|space| space.free_bytes).map(|free| view! {
                <p class="hint centred" data-testid="space-left">{t!("space-left", size = size_word(free))}</p>
            })}
            {move || space.with(|space| space.as_ref().is_some_and(|space| space.conversations.is_empty())).then(|| view! {
                <p class="search-none">{t!("space-empty")}</p>
            })}
            <ul class="settings" aria-label=t!("space-title")>
                {move || {
                    let rows = space.get().map(|space| space.conversations).unwrap_or_default();
                    rows.into_iter().map(|row| line(row, chosen)).collect_view()
                }}
            </ul>
        </main>
        {move || chosen.get().map(|row| {
            let close = Callback::new(move |()| chosen.set(None));
            view! { <Parts row part on_close=close/> }
        })}
        {move || part.get().map(|what| {
            let name = chosen.with_untracked(|row| row.as_ref().map(shown_name).unwrap_or_default());
            let body = match what {
                Part::Files => t!("space-files-body"),
                Part::OlderThan(_) => t!("space-older-body"),
            };
            let close = Callback::new(move |()| part.set(None));
            view! {
                <Confirm
                    title=t!("space-sure", name = isolate(&name))
                    body
                    ok=t!("space-ok")
                    weight=Weight::Danger
                    on_ok=free
                    on_close=close
                />
            }
        })}
    }
}

fn shown_name(row: &SpaceRow) -> String {
    match row.note_to_self {
        true => t!("common-note-to-self"),
        false => row.name.clone(),
    }
}

fn line(row: SpaceRow, chosen: RwSignal<Option<SpaceRow>>) -> impl IntoView {
    let name = shown_name(&row);
    let facts = t!("space-facts", messages = row.messages, files = row.files);
    let taken = size_word(row.bytes);
    view! {
        <li>
            <button class="setting" data-testid="space-row" on:click=move |_| chosen.set(Some(row.clone()))>
                <span class="switch-text">
                    <bdi class="setting-name">{name}</bdi>
                    <span class="hint">{facts}</span>
                </span>
                <span class="setting-state" data-testid="space-size">{taken}</span>
            </button>
        </li>
    }
}

#[component]
fn Parts(row: SpaceRow, part: RwSignal<Option<Part>>, on_close: Callback<()>) -> impl IntoView {
    let files = (row.files > 0).then(|| {
        let name = t!("space-files", size = size_word(row.file_bytes));
        view! {
            <button class="button soft" data-testid="space-files" on:click=move |_| part.set(Some(Part::Files))>{name}</button>
        }
    });
    let older = AGES.map(|(days, name)| {
        let text = match name {
            "month" => t!("space-older-month"),
            "half" => t!("space-older-half"),
            _ => t!("space-older-year"),
        };
        view! {
            <button class="button soft" data-testid=format!("space-older-{name}") on:click=move |_| part.set(Some(Part::OlderThan(days)))>
                {text}
            </button>
        }
    });
    view! {
        <Modal title=t!("space-free") testid="space-parts" place=Place::Foot on_close>
            <div class="modal-buttons">
                {files}
                {older.into_iter().collect_view()}
                <button class="button plain" data-testid="dlg-cancel" on:click=move |_| on_close.run(())>{t!("common-cancel")}</button>
            </div>
        </Modal>
    }
}
