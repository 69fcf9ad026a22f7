//! The messages: a scrolling run of rows that loads more before an edge is reached and keeps its place.

use std::sync::Arc;

use contract::{ConversationKind, MessageId};
use leptos::html;
use leptos::prelude::*;

use super::bubble::Bubble;
use super::layout::{Item, arrange};
use super::scroll::{self, Anchor};
use super::thread::Thread;
use crate::browser;
use crate::clock;
use crate::components::icon::{DOWN, Glyph};
use crate::locale::{isolate, t};

/// How long a row must be visible to count as read.
const READ_MS: i32 = 500;
/// Share of the view that is kept above the divider when a conversation opens.
const ABOVE_DIVIDER: f64 = 0.2;

/// Element id of a row.
pub(crate) fn element_id(id: MessageId) -> String {
    format!("m{}", id.0)
}

fn message_id(element: &str) -> Option<MessageId> {
    element.strip_prefix('m')?.parse().ok().map(MessageId)
}

/// The list with its buttons.
#[component]
pub(crate) fn MessageList(thread: Thread) -> impl IntoView {
    let view = View::new(thread);
    let items = Memo::new(move |_| {
        thread
            .rows
            .with(|rows| arrange(rows, thread.divider.get(), clock::local))
    });
    let ids = move || items.with(|items| items.iter().map(|item| item.row.id).collect::<Vec<_>>());
    Effect::new(move |opened: Option<bool>| {
        items.track();
        let opened = opened.unwrap_or(false);
        let loaded = thread.loaded.get();
        if loaded {
            browser::before_paint(move || if opened { view.hold() } else { view.open() });
        }
        loaded
    });
    Effect::new(move |_| {
        if thread.jump.get() > 0 {
            view.go_to(Anchor::End);
        }
    });
    Effect::new(move |_| {
        if let Some(id) = thread.seek.get() {
            view.go_to(Anchor::Row {
                id: element_id(id),
                distance: view.height() * ABOVE_DIVIDER,
            });
        }
    });
    // Home and End lead to the ends of the conversation, not only of what is loaded of it.
    let keys = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Home" => {
            event.prevent_default();
            thread.show_oldest();
        }
        "End" => {
            event.prevent_default();
            view.show_newest();
        }
        _ => {}
    };
    let is_empty =
        move || thread.loaded.get() && thread.rows.with(Vec::is_empty) && !thread.more_before.get();
    let empty_text = move || {
        let note = thread.head.with(|head| {
            head.as_ref()
                .is_some_and(|h| h.kind == ConversationKind::NoteToSelf)
        });
        if note {
            t!("conv-empty-note")
        } else {
            t!("conv-empty", name = isolate(&thread.name()))
        }
    };
    view! {
        <div
            class="messages"
            node_ref=view.scroller
            on:scroll=move |_| view.scrolled()
            on:keydown=keys
            tabindex="0"
            role="region"
            aria-label=t!("conv-list")
        >
            <div class="messages-inner">
                <Show when=move || thread.failed.get()>
                    <p class="banner" role="status">
                        {t!("conv-retry-load")}
                        <button class="button soft small" on:click=move |_| thread.load_first()>
                            {t!("common-try-again")}
                        </button>
                    </p>
                </Show>
                <Show when=is_empty>
                    <p class="conversation-empty">{empty_text}</p>
                </Show>
                <ol class="message-list" node_ref=view.list data-testid="conv-list" aria-label=t!("conv-list")>
                    <For each=ids key=|id| *id let:id>
                        <MessageItem thread items id/>
                    </For>
                </ol>
            </div>
        </div>
        <Late thread view/>
        <Jump thread view/>
    }
}

#[component]
fn MessageItem(thread: Thread, items: Memo<Vec<Item>>, id: MessageId) -> impl IntoView {
    let item = Memo::new(move |before: Option<&Option<Arc<Item>>>| {
        items
            .with(|items| items.iter().find(|item| item.row.id == id).cloned().map(Arc::new))
            // Leaving the list: as it was, until the element is gone.
            .or_else(|| before.cloned().flatten())
    });
    let chip = move || {
        item.with(|item| {
            item.as_ref()
                .filter(|item| item.chip)
                .map(|item| item.at.with_day(clock::now()))
        })
    };
    let divider = move || item.with(|item| item.as_ref().is_some_and(|item| item.divider));
    view! {
        <li id=element_id(id) class="message-item">
            {move || chip().map(|day| view! { <p class="day">{day}</p> })}
            {move || divider().then(|| view! { <p class="divider" data-testid="conv-unread"><span>{t!("conv-unread")}</span></p> })}
            <Bubble thread item/>
        </li>
    }
}

#[component]
fn Late(thread: Thread, view: View) -> impl IntoView {
    let go = move |id| {
        thread.late.set(None);
        view.go_to(Anchor::Row {
            id: element_id(id),
            distance: view.height() * ABOVE_DIVIDER,
        });
    };
    view! {
        {move || thread.late.get().map(|(count, id)| view! {
            <button class="late" data-testid="conv-late" on:click=move |_| go(id)>
                {t!("conv-late", n = count)}
            </button>
        })}
    }
}

#[component]
fn Jump(thread: Thread, view: View) -> impl IntoView {
    let away = Memo::new(move |_| view.away.get() || thread.more_after.get());
    let name = move || match thread.unread.get() {
        0 => t!("conv-bottom"),
        unread => t!("conv-bottom-unread", n = unread),
    };
    let jump = move |_| view.show_newest();
    view! {
        <Show when=move || away.get()>
            <button class="jump" data-testid="conv-bottom" aria-label=name on:click=jump>
                <Glyph icon=DOWN/>
                {move || (thread.unread.get() > 0).then(|| view! { <span class="badge">{thread.unread.get()}</span> })}
            </button>
        </Show>
    }
}

/// The scrolled view on a thread.
#[derive(Clone, Copy)]
struct View {
    thread: Thread,
    scroller: NodeRef<html::Div>,
    list: NodeRef<html::Ol>,
    anchor: StoredValue<Option<Anchor>>,
    /// More than one screen away from the end.
    away: RwSignal<bool>,
    /// A look at what was read is already planned.
    reading: StoredValue<bool>,
}

impl View {
    fn new(thread: Thread) -> Self {
        let this = Self {
            thread,
            scroller: NodeRef::new(),
            list: NodeRef::new(),
            anchor: StoredValue::new(None),
            away: RwSignal::new(false),
            reading: StoredValue::new(false),
        };
        let resize = window_event_listener(leptos::ev::resize, move |_| this.hold());
        let visible = window_event_listener(leptos::ev::focus, move |_| this.plan_reading());
        on_cleanup(move || {
            this.close();
            resize.remove();
            visible.remove();
        });
        this
    }

    fn elements(self) -> Option<(web_sys::HtmlElement, web_sys::HtmlElement)> {
        let scroller = scroll::html(&self.scroller.try_get_untracked()??)?;
        Some((scroller, scroll::html(&self.list.try_get_untracked()??)?))
    }

    fn height(self) -> f64 {
        self.elements()
            .map_or(0.0, |(scroller, _)| f64::from(scroller.client_height()))
    }

    /// First picture: where it was left, else at the divider, else at the end.
    fn open(self) {
        let Some(divider) = self.thread.divider.try_get_untracked() else {
            return;
        };
        let divider = divider.map(|id| (id, self.height() * ABOVE_DIVIDER));
        let place = self.thread.left_at().or(divider);
        self.go_to(place.map_or(Anchor::End, |(id, distance)| Anchor::Row {
            id: element_id(id),
            distance,
        }));
    }

    /// Keeps the place for the next opening.
    fn close(self) {
        match self.anchor.try_get_value().flatten() {
            Some(Anchor::Row { id, distance }) => {
                if let Some(id) = message_id(&id) {
                    self.thread.leave_at(id, distance);
                }
            }
            Some(Anchor::End) => self.thread.forget_place(),
            None => {}
        }
    }

    fn show_newest(self) {
        if self.thread.more_after.get_untracked() {
            self.thread.load_newest();
        } else {
            self.go_to(Anchor::End);
        }
    }

    fn go_to(self, anchor: Anchor) {
        self.anchor.set_value(Some(anchor));
        browser::before_paint(move || self.hold());
    }

    /// Keeps what is looked at where it is, after rows were added, removed or changed.
    fn hold(self) {
        let Some((scroller, _)) = self.elements() else {
            return;
        };
        if let Some(anchor) = self.anchor.try_get_value().flatten() {
            scroll::restore(&scroller, &anchor);
        }
        self.scrolled();
    }

    fn scrolled(self) {
        let Some((scroller, list)) = self.elements() else {
            return;
        };
        let end_is_newest = !self.thread.more_after.get_untracked();
        if let Some(anchor) = scroll::anchor(&scroller, &list, end_is_newest) {
            self.anchor.set_value(Some(anchor));
        }
        let height = f64::from(scroller.client_height());
        let below = scroll::to_end(&scroller);
        let away = below > height;
        if self.away.get_untracked() != away {
            self.away.set(away);
        }
        if f64::from(scroller.scroll_top()) < height * 1.5 {
            self.thread.load_before();
        }
        if below < height * 1.5 {
            self.thread.load_after();
        }
        self.plan_reading();
    }

    /// In half a second, what is still visible counts as read.
    fn plan_reading(self) {
        if self.reading.try_get_value() != Some(false) {
            return;
        }
        let Some(seen) = self.newest_seen() else { return };
        self.reading.set_value(true);
        browser::after(READ_MS, move || {
            if self.reading.try_set_value(false).is_some() {
                return;
            }
            let Some(still) = self.newest_seen() else { return };
            let position = |id| {
                self.thread
                    .rows
                    .with_untracked(|rows| rows.iter().position(|row| row.id == id))
            };
            let up_to = if position(still) < position(seen) {
                still
            } else {
                seen
            };
            self.thread.mark_read(up_to);
            self.plan_reading();
        });
    }

    /// The newest unread row of the other side that is visible.
    fn newest_seen(self) -> Option<MessageId> {
        if !browser::is_visible() {
            return None;
        }
        let (scroller, list) = self.elements()?;
        let unread: Vec<(String, MessageId)> = self.thread.rows.with_untracked(|rows| {
            rows.iter()
                .filter(|row| !row.read && !row.mine)
                .map(|row| (element_id(row.id), row.id))
                .collect()
        });
        if unread.is_empty() {
            return None;
        }
        let found =
            scroll::newest_half_visible(&scroller, &list, |id| unread.iter().any(|(known, _)| known == id))?;
        unread.into_iter().find(|(id, _)| *id == found).map(|(_, id)| id)
    }
}
