//! The view on the messages: where it is scrolled to, what stays in its place, what was seen.

use contract::MessageId;
use leptos::html;
use leptos::prelude::*;

use super::super::scroll::{self, Anchor};
use super::super::thread::Thread;
use super::{ABOVE_DIVIDER, element_id};
use crate::browser;

/// How long a row must be visible to count as read.
const READ_MS: i32 = 500;

fn message_id(element: &str) -> Option<MessageId> {
    element.strip_prefix('m')?.parse().ok().map(MessageId)
}

/// What the anchor is to the view.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Held {
    /// It follows the view.
    #[default]
    Free,
    /// It is on its way back to its place, while rows change: the view is scrolled to nowhere in particular. It was noted
    /// when the view was scrolled to here.
    Noted(i32),
    /// The view is on its way to it.
    Sought,
}

/// The scrolled view on a thread.
#[derive(Clone, Copy)]
pub(super) struct View {
    thread: Thread,
    pub(super) scroller: NodeRef<html::Div>,
    pub(super) list: NodeRef<html::Ol>,
    anchor: StoredValue<Option<Anchor>>,
    held: StoredValue<Held>,
    /// Told when rows that are there become taller or shorter, and when the view does.
    sizes: StoredValue<Vec<browser::SizeWatch>, LocalStorage>,
    /// More than one screen away from the end.
    pub(super) away: RwSignal<bool>,
    /// A look at what was read is already planned.
    reading: StoredValue<bool>,
}

impl View {
    pub(super) fn new(thread: Thread) -> Self {
        let this = Self {
            thread,
            scroller: NodeRef::new(),
            list: NodeRef::new(),
            anchor: StoredValue::new(None),
            held: StoredValue::new(Held::Free),
            sizes: StoredValue::new_local(Vec::new()),
            away: RwSignal::new(false),
            reading: StoredValue::new(false),
        };
        thread
            .before_edit
            .set_value(Some(Callback::new(move |()| this.hold_on())));
        this.list.on_load(move |list| {
            let watch = browser::SizeWatch::start(&list, move || this.stay());
            this.sizes.update_value(|sizes| sizes.extend(watch));
        });
        this.scroller.on_load(move |scroller| {
            let watch = browser::SizeWatch::start(&scroller, move || this.fit());
            this.sizes.update_value(|sizes| sizes.extend(watch));
        });
        let visible = window_event_listener(leptos::ev::focus, move |_| this.plan_reading());
        on_cleanup(move || {
            this.close();
            visible.remove();
        });
        this
    }

    fn elements(self) -> Option<(web_sys::HtmlElement, web_sys::HtmlElement)> {
        let scroller = scroll::html(&self.scroller.try_get_untracked()??)?;
        Some((scroller, scroll::html(&self.list.try_get_untracked()??)?))
    }

    pub(super) fn height(self) -> f64 {
        self.elements()
            .map_or(0.0, |(scroller, _)| f64::from(scroller.client_height()))
    }

    /// First picture: at the row that was asked for, else where it was left, else at the divider, else at the end.
    pub(super) fn open(self) {
        let Some(divider) = self.thread.divider.try_get_untracked() else {
            return;
        };
        let below_others = |id| (id, self.height() * ABOVE_DIVIDER);
        let sought = self.thread.seek.get_untracked().map(below_others);
        let left = || self.thread.left_at();
        let place = sought.or_else(left).or_else(|| divider.map(below_others));
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

    pub(super) fn show_newest(self) {
        if self.thread.more_after.get_untracked() {
            self.thread.load_newest();
        } else {
            self.go_to(Anchor::End);
        }
    }

    pub(super) fn go_to(self, anchor: Anchor) {
        self.anchor.set_value(Some(anchor));
        self.held.set_value(Held::Sought);
        browser::before_paint(move || self.hold());
    }

    /// Rows are about to be added, removed or changed: what is looked at stays where it is.
    fn hold_on(self) {
        let Some((scroller, _)) = self.elements() else {
            return;
        };
        if self.held.get_value() != Held::Free || !self.thread.loaded.get_untracked() {
            return;
        }
        // What was scrolled since the last frame is told only in the next one, when the rows are others.
        self.note_anchor();
        self.held.set_value(Held::Noted(scroller.scroll_top()));
        browser::before_paint(move || self.hold());
    }

    /// Brings what is looked at back to its place.
    fn hold(self) {
        let Some(held) = self.held.try_update_value(std::mem::take) else {
            return;
        };
        let Some((scroller, _)) = self.elements() else {
            return;
        };
        let mut anchor = self.anchor.try_get_value().flatten();
        // A hand on the screen scrolls on meanwhile. (At the end, fewer rows may have done so.)
        if let Held::Noted(from) = held
            && scroll::to_end(&scroller) >= 1.0
        {
            let further = f64::from(scroller.scroll_top() - from);
            anchor = anchor.map(|anchor| anchor.scrolled_by(further));
        }
        let off = anchor
            .as_ref()
            .and_then(|anchor| scroll::restore(&scroller, anchor));
        // It stays the anchor: in this frame rows above may still find out how long they are. Where the list begins it is as
        // far down as it can come.
        match off {
            Some(off) if off < 1.0 => {
                let lacking = if off > -1.0 { 0.0 } else { off };
                self.anchor
                    .set_value(anchor.clone().map(|anchor| anchor.scrolled_by(-lacking)));
            }
            _ => self.note_anchor(),
        }
        if anchor == Some(Anchor::End) {
            // So may the last one.
            browser::before_paint(move || {
                if self.anchor.try_get_value().flatten() == Some(Anchor::End) {
                    scroll::restore(&scroller, &Anchor::End);
                }
            });
        }
        self.look();
    }

    /// Keeps a row in its place when others above it change their size: pictures come, long texts are cut.
    fn stay(self) {
        let anchor = self.anchor.try_get_value().flatten();
        let row = anchor.filter(|anchor| matches!(anchor, Anchor::Row { .. }));
        if let (Some(row), Some((scroller, _))) = (row, self.elements()) {
            scroll::restore(&scroller, &row);
        }
    }

    /// The view itself became taller or shorter: a keyboard, a bar above or below.
    fn fit(self) {
        let Some((scroller, _)) = self.elements() else {
            return;
        };
        if let Some(anchor) = self.anchor.try_get_value().flatten() {
            scroll::restore(&scroller, &anchor);
        }
        self.look();
    }

    fn note_anchor(self) {
        let Some((scroller, list)) = self.elements() else {
            return;
        };
        let end_is_newest = !self.thread.more_after.get_untracked();
        if let Some(anchor) = scroll::anchor(&scroller, &list, end_is_newest) {
            self.anchor.set_value(Some(anchor));
        }
    }

    pub(super) fn scrolled(self) {
        if self.held.try_get_value() != Some(Held::Free) {
            return;
        }
        self.note_anchor();
        self.look();
    }

    /// Loads what will be needed and marks what is seen.
    fn look(self) {
        let Some((scroller, _)) = self.elements() else {
            return;
        };
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
