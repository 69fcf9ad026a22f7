//! How a thread is loaded: a page at a time, at either end or somewhere in it; and again, when it has changed.

use std::sync::Arc;

use contract::{ListMessages, MessageId, MessagePage, MessageWindow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::run::{keep_first, keep_last, merge};
use super::thread::{KEPT, PAGE, Thread};

/// How often rows are asked for again because they changed while they were: where messages come all the time, the last
/// answer is taken.
const RELOADS: u32 = 3;

impl Thread {
    /// Loads the rows around the first unread one.
    pub(crate) fn load_first(self) {
        self.failed.set(false);
        if let Some(message) = self.take_target() {
            self.forget_place();
            self.load(MessageWindow::Around { message }, move |page| {
                self.show_first(page);
                self.show(message);
            });
            return;
        }
        self.load(MessageWindow::FirstUnread, move |page| {
            if page.first_unread.is_some() {
                self.forget_place();
            }
            if let Some((message, _)) = self.left_at() {
                self.load(MessageWindow::Around { message }, move |page| {
                    self.show_first(page)
                });
            } else {
                self.show_first(page);
            }
        });
    }

    /// The row that this opening is to show, if somebody asked for one.
    fn take_target(self) -> Option<MessageId> {
        let (conversation, message) = self.ui.target.get_value()?;
        let wanted = self.id.with_value(|id| *id == conversation);
        self.ui.target.set_value(None);
        wanted.then_some(message)
    }

    fn show_first(self, page: MessagePage) {
        self.divider.set(page.first_unread);
        self.replace(page);
        self.loaded.set(true);
    }

    /// Loads the newest rows and shows the end of the list.
    pub(crate) fn load_newest(self) {
        self.load(MessageWindow::Newest, move |page| {
            self.replace(page);
            self.jump.update(|n| *n += 1);
        });
    }

    pub(crate) fn load_before(self) {
        let Some(first) = self.rows.with_untracked(|rows| rows.first().map(|row| row.id)) else {
            return;
        };
        if self.loading.get_value() || !self.more_before.get_untracked() {
            return;
        }
        self.load(MessageWindow::Before { message: first }, move |page| {
            self.more_before.set(page.more_before);
            let trimmed = self.edit(|rows| {
                merge(rows, page.rows);
                keep_first(rows, KEPT)
            });
            if trimmed == Some(true) {
                self.more_after.set(true);
            }
        });
    }

    pub(crate) fn load_after(self) {
        let Some(last) = self.rows.with_untracked(|rows| rows.last().map(|row| row.id)) else {
            return;
        };
        if self.loading.get_value() || !self.more_after.get_untracked() {
            return;
        }
        self.load(MessageWindow::After { message: last }, move |page| {
            let trimmed = self.edit(|rows| {
                merge(rows, page.rows);
                keep_last(rows, KEPT)
            });
            self.more_after.set(page.more_after);
            if trimmed == Some(true) {
                self.more_before.set(true);
            }
        });
    }

    /// Asks for rows. Who asks again, for another place, wants the first answer no more: it belongs to other rows.
    pub(super) fn load(self, window: MessageWindow, then: impl FnOnce(MessagePage) + 'static) {
        self.loading.set_value(true);
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        let request = ListMessages {
            conversation: self.id(),
            window,
            limit: PAGE,
        };
        spawn_local(async move {
            let answer = self.ui.core.ask(request).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            self.loading.set_value(false);
            match answer {
                Ok(page) => {
                    self.unread.set(page.unread);
                    then(page);
                }
                Err(_) => self.failed.set(true),
            }
            if self.outdated.get_value() {
                self.outdated.set_value(false);
                self.reload();
            }
        });
    }

    pub(super) fn replace(self, page: MessagePage) {
        let rows = page.rows.into_iter().map(Arc::new).collect();
        self.edit(|loaded| *loaded = rows);
        self.more_before.set(page.more_before);
        self.more_after.set(page.more_after);
    }

    /// Asks again for what is loaded.
    pub(super) fn reload(self) {
        self.reload_within(RELOADS);
    }

    fn reload_within(self, tries: u32) {
        if self.loading.get_value() {
            self.outdated.set_value(true);
            return;
        }
        let (number, edits) = (self.asked.get_value(), self.edits.get_value());
        let Some((count, middle)) = self
            .rows
            .try_with_untracked(|rows| (rows.len(), rows.get(rows.len() / 2).map(|row| row.id)))
        else {
            return;
        };
        let at_end = !self.more_after.get_untracked();
        let window = match middle {
            Some(message) if !at_end => MessageWindow::Around { message },
            _ => MessageWindow::Newest,
        };
        let limit = u32::try_from(count).unwrap_or(PAGE).clamp(PAGE, KEPT as u32);
        let request = ListMessages {
            conversation: self.id(),
            window,
            limit,
        };
        spawn_local(async move {
            let answer = self.ui.core.ask(request).await;
            match (answer, self.asked.try_get_value()) {
                (Ok(page), Some(asked))
                    if asked == number && (tries == 0 || self.edits.get_value() == edits) =>
                {
                    self.unread.set(page.unread);
                    self.replace(page);
                    self.loaded.set(true);
                }
                (Ok(_), Some(asked)) if asked == number => self.reload_within(tries - 1),
                // Other rows were asked for meanwhile.
                (Ok(_), Some(_)) => self.reload(),
                _ => {}
            }
        });
    }
}
