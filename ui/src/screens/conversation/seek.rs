//! What is looked for and chosen in a thread, and where it was left.

use std::sync::Arc;

use contract::{MessageId, MessageWindow};
use leptos::prelude::*;

use super::message_menu::accepts_reactions;
use super::run::Row;
use super::thread::Thread;
use crate::browser;

/// How long a row stands out that was looked for.
const FLASH_MS: i32 = 1_500;

impl Thread {
    /// Where the conversation was left, if not at its end.
    pub(crate) fn left_at(self) -> Option<(MessageId, f64)> {
        self.id
            .with_value(|id| self.ui.left_at.with_value(|places| places.get(id).copied()))
    }

    /// Remembers where the conversation is left.
    pub(crate) fn leave_at(self, message: MessageId, distance: f64) {
        let id = self.id();
        self.ui.left_at.update_value(|places| {
            places.insert(id, (message, distance));
        });
    }

    /// The next opening starts at the first unread row or at the end.
    pub(crate) fn forget_place(self) {
        self.id.with_value(|id| {
            self.ui.left_at.update_value(|places| {
                places.remove(id);
            });
        });
    }

    /// Shows the first row of the conversation.
    pub(crate) fn show_oldest(self) {
        if self.more_before.get_untracked() {
            self.load(MessageWindow::Oldest, move |page| {
                let first = page.rows.first().map(|row| row.id);
                self.replace(page);
                self.seek.set(first);
            });
        } else {
            self.seek
                .set(self.rows.with_untracked(|rows| rows.first().map(|row| row.id)));
        }
    }

    /// Shows one row, loading what is around it when it is not there, and lets it stand out for a moment.
    pub(crate) fn show(self, message: MessageId) {
        let is_loaded = self
            .rows
            .with_untracked(|rows| rows.iter().any(|row| row.id == message));
        if is_loaded {
            self.seek.set(Some(message));
        } else {
            self.load(MessageWindow::Around { message }, move |page| {
                self.replace(page);
                self.seek.set(Some(message));
            });
        }
        self.flash.set(None);
        browser::before_paint(move || {
            let _ = self.flash.try_set(Some(message));
        });
        browser::after(FLASH_MS, move || {
            if self.flash.try_get_untracked() == Some(Some(message)) {
                self.flash.set(None);
            }
        });
    }

    /// The selected rows that are loaded, oldest first.
    pub(crate) fn selected_rows(self) -> Vec<Row> {
        let Some(selected) = self.selected.get_untracked() else {
            return Vec::new();
        };
        self.rows.with_untracked(|rows| {
            let chosen = rows.iter().filter(|row| selected.contains(&row.id));
            chosen.map(Arc::clone).collect()
        })
    }

    /// Whether something can be written here: the other side is not blocked.
    pub(crate) fn can_write(self) -> bool {
        self.head
            .with_untracked(|head| head.as_ref().is_some_and(|head| !head.blocked))
    }

    /// Whether reactions reach the other side, who is somebody that I accepted.
    pub(crate) fn can_react(self) -> bool {
        self.head.with_untracked(|head| {
            head.as_ref()
                .is_some_and(|head| accepts_reactions(head.approval, head.blocked))
        })
    }
}
