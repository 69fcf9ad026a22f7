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

/// The scrolled view on a thread.
#[derive(Clone, Copy)]
pub(super) struct View {
    thread: Thread,
    pub(super) scroller: NodeRef<html::Div>,
    pub(super) list: NodeRef<html::Ol>,
    anchor: StoredValue<Option<Anchor>>,
    /// The anchor is on its way back to its place: until then the view is scrolled to nowhere in particular.
    holding: StoredValue<bool>,
    /// Told when rows that are there become taller or shorter.
    size: StoredValue<Option<browser::SizeWatch>, LocalStorage>,
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
            holding: StoredValue::new(false),
            size: StoredValue::new_local(None),
            away: RwSignal::new(false),
            reading: StoredValue::new(false),
        };
        thread
            .before_edit
            .set_value(Some(Callback::new(move |()| this.hold_on())));
        this.list.on_load(move |list| {
            this.size
                .set_value(browser::SizeWatch::start(&list, move || this.stay()));
        });
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

    pub(super) fn height(self) -> f64 {
        self.elements()
            .map_or(0.0, |(scroller, _)| f64::from(scroller.client_height()))
    }

    /// First picture: where it was left, else at the divider, else at the end.
    pub(super) fn open(self) {
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

    pub(super) fn show_newest(self) {
        if self.thread.more_after.get_untracked() {
            self.thread.load_newest();
        } else {
            self.go_to(Anchor::End);
        }
    }

    pub(super) fn go_to(self, anchor: Anchor) {
        self.anchor.set_value(Some(anchor));
        self.holding.set_value(true);
        browser::before_paint(move || self.hold());
    }

    /// Rows are about to be added, removed or changed: what is looked at stays where it is.
    fn hold_on(self) {
        if self.holding.get_value() || !self.thread.loaded.get_untracked() {
            return;
        }
        // What was scrolled since the last frame is told only in the next one, when the rows are others.
        self.note_anchor();
        self.holding.set_value(true);
        browser::before_paint(move || self.hold());
    }

    /// Brings what is looked at back to its place.
    fn hold(self) {
        if self.holding.try_set_value(false).is_some() {
            return;
        }
        let Some((scroller, _)) = self.elements() else {
            return;
        };
        // It stays the anchor: in this frame rows above may still find out how long they are.
        let anchor = self.anchor.try_get_value().flatten();
        let is_held = anchor
            .as_ref()
            .is_some_and(|anchor| scroll::restore(&scroller, anchor));
        if !is_held {
            self.note_anchor();
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
        if self.holding.try_get_value() != Some(false) {
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
