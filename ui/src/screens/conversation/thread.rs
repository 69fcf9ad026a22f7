//! What is loaded of one conversation: its head, and a run of rows around what is looked at.

use std::collections::BTreeSet;
use std::sync::Arc;

use contract::{
    ConversationId, ConversationKind, ConversationView, Event, Failure, GetMessage, MarkRead, MessageBody,
    MessageId, MessageRow, MessageStatus, OpenConversation,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::run::{Row, is_late, keep_last, merge, order};
use super::status::status_word;
use super::voice::Player;
use crate::app::Ui;
use crate::locale::{isolate, t};

/// Rows asked for at a time.
pub(super) const PAGE: u32 = 50;
/// Rows kept on the page.
pub(super) const KEPT: usize = 200;

/// One open conversation, passed around by copy.
#[derive(Clone, Copy)]
pub(crate) struct Thread {
    pub(crate) ui: Ui,
    pub(super) id: StoredValue<ConversationId>,
    /// `None` before the first answer.
    pub(crate) head: RwSignal<Option<ConversationView>>,
    /// A run of rows without gaps, oldest first.
    pub(crate) rows: RwSignal<Vec<Row>>,
    pub(crate) more_before: RwSignal<bool>,
    pub(crate) more_after: RwSignal<bool>,
    /// The first answer has come.
    pub(crate) loaded: RwSignal<bool>,
    pub(crate) failed: RwSignal<bool>,
    /// Where the divider stands: the first unread row when the conversation was opened.
    pub(crate) divider: RwSignal<Option<MessageId>>,
    pub(crate) unread: RwSignal<u32>,
    /// Rows that arrived late, above others: how many, and the newest of them.
    pub(crate) late: RwSignal<Option<(u32, MessageId)>>,
    /// Asks the list to show its end.
    pub(crate) jump: RwSignal<u32>,
    /// The message that is being answered.
    pub(crate) reply: RwSignal<Option<Row>>,
    /// The messages that are selected; `None` outside of selection mode.
    pub(crate) selected: RwSignal<Option<BTreeSet<MessageId>>>,
    /// Asks the list to show one row.
    pub(crate) seek: RwSignal<Option<MessageId>>,
    /// The row that stands out for a moment, because it was looked for.
    pub(crate) flash: RwSignal<Option<MessageId>>,
    /// What plays sound here.
    pub(super) player: Player,
    /// Rows are being asked for.
    pub(super) loading: StoredValue<bool>,
    /// How often rows were asked for: only the newest answer is taken.
    pub(super) asked: StoredValue<u32>,
    /// What is loaded has changed while rows were being asked for.
    pub(super) outdated: StoredValue<bool>,
    /// How often the rows were changed: an answer from before a change does not know of it.
    pub(super) edits: StoredValue<u32>,
    /// Called before the rows change.
    pub(super) before_edit: StoredValue<Option<Callback<()>>>,
}

impl Thread {
    /// Opens a conversation and follows its events until the surrounding component is removed.
    pub(crate) fn open(ui: Ui, id: ConversationId) -> Self {
        let this = Self {
            ui,
            id: StoredValue::new(id),
            head: RwSignal::new(None),
            rows: RwSignal::new(Vec::new()),
            more_before: RwSignal::new(false),
            more_after: RwSignal::new(false),
            loaded: RwSignal::new(false),
            failed: RwSignal::new(false),
            divider: RwSignal::new(None),
            unread: RwSignal::new(0),
            late: RwSignal::new(None),
            jump: RwSignal::new(0),
            reply: RwSignal::new(None),
            selected: RwSignal::new(None),
            seek: RwSignal::new(None),
            flash: RwSignal::new(None),
            player: Player::new(),
            loading: StoredValue::new(false),
            asked: StoredValue::new(0),
            outdated: StoredValue::new(false),
            edits: StoredValue::new(0),
            before_edit: StoredValue::new(None),
        };
        ui.core.on_event(move |event| this.follow(event));
        this.refresh_head();
        this.load_first();
        this
    }

    pub(crate) fn id(self) -> ConversationId {
        self.id.get_value()
    }

    /// The other side's name; Note to Self is worded here.
    pub(crate) fn name(self) -> String {
        self.head.with(|head| match head {
            Some(head) if head.kind == ConversationKind::NoteToSelf => t!("common-note-to-self"),
            Some(head) => head.name.clone(),
            None => String::new(),
        })
    }

    pub(crate) fn refresh_head(self) {
        let conversation = self.id();
        spawn_local(async move {
            let Ok(head) = self.ui.core.ask(OpenConversation { conversation }).await else {
                return;
            };
            let is_first = self.head.try_with_untracked(Option::is_none) == Some(true);
            if let Some(clip) = head.voice_draft.clone().filter(|_| is_first) {
                let kept = self.ui.kept_voice;
                kept.update(|kept| {
                    kept.entry(head.id.clone()).or_insert(clip);
                });
            }
            let _ = self.head.try_set(Some(head));
        });
    }

    /// Changes the loaded rows, once the list knows where it is scrolled to.
    pub(super) fn edit<R>(self, edit: impl FnOnce(&mut Vec<Row>) -> R) -> Option<R> {
        if let Some(note) = self.before_edit.try_get_value().flatten() {
            let _ = note.try_run(());
        }
        let _ = self
            .edits
            .try_update_value(|edits| *edits = edits.wrapping_add(1));
        self.rows.try_update(edit)
    }

    /// Marks everything up to a row as read.
    pub(crate) fn mark_read(self, up_to: MessageId) {
        self.edit(|rows| {
            let Some(last) = rows.iter().position(|row| row.id == up_to) else {
                return;
            };
            for row in rows.iter_mut().take(last + 1).filter(|row| !row.read) {
                Arc::make_mut(row).read = true;
            }
        });
        let conversation = self.id();
        spawn_local(async move {
            // Nothing to tell the user: the rows stay unread in the store and are marked when seen again.
            let _ = self.ui.core.ask(MarkRead { conversation, up_to }).await;
        });
    }

    /// Takes a message of mine into the list at once and shows it.
    pub(crate) fn show_sent(self, message: MessageId) {
        if self.more_after.get_untracked() {
            self.load_newest();
            return;
        }
        self.take(message, move |row| {
            self.insert(row);
            self.jump.update(|n| *n += 1);
        });
    }

    fn follow(self, event: &Event) {
        match event {
            Event::MessageReceived {
                conversation,
                message,
            } if self.is(conversation) => {
                self.take(*message, move |row| self.receive(row));
            }
            Event::MessageChanged {
                conversation,
                message,
            } if self.is(conversation) => {
                let message = *message;
                spawn_local(async move {
                    let answer = self.ui.core.ask(GetMessage { message }).await;
                    self.change(message, answer);
                });
            }
            Event::ConversationChanged { conversation } if self.is(conversation) => {
                self.refresh_head();
                self.reload();
            }
            Event::TypingChanged { conversation } if self.is(conversation) => self.refresh_head(),
            Event::Lagged => {
                self.refresh_head();
                self.reload();
            }
            _ => {}
        }
    }

    fn is(self, conversation: &ConversationId) -> bool {
        self.id.try_with_value(|id| id == conversation).unwrap_or(false)
    }

    fn take(self, message: MessageId, then: impl FnOnce(MessageRow) + 'static) {
        spawn_local(async move {
            if let Ok(row) = self.ui.core.ask(GetMessage { message }).await
                && self.rows.try_with_untracked(|_| ()).is_some()
            {
                then(row);
            }
        });
    }

    /// A new message from the other side.
    fn receive(self, row: MessageRow) {
        if let MessageBody::Text { text } = &row.body {
            let name = isolate(&untrack(|| self.name()));
            self.ui
                .announce(t!("conv-incoming", name = name, text = text.as_str()));
        }
        if !row.read {
            self.unread.update(|n| *n += 1);
        }
        let late = self.rows.with_untracked(|rows| is_late(rows, &row));
        let id = row.id;
        self.insert(row);
        if late {
            self.late
                .update(|late| *late = Some((late.map_or(0, |late| late.0) + 1, id)));
        }
    }

    /// Puts a row where it belongs, if that is inside the loaded run.
    fn insert(self, row: MessageRow) {
        let more_before = self.more_before.get_untracked();
        let more_after = self.more_after.get_untracked();
        let trimmed = self.edit(|rows| {
            let before = rows.first().is_some_and(|first| order(&row) < order(first));
            let after = rows.last().is_some_and(|last| order(&row) > order(last));
            if (before && more_before) || (after && more_after) {
                return false;
            }
            merge(rows, vec![row]);
            keep_last(rows, KEPT)
        });
        if trimmed == Some(true) {
            self.more_before.set(true);
        }
    }

    fn change(self, message: MessageId, answer: Result<MessageRow, Failure>) {
        let Ok(row) = answer else {
            self.edit(|rows| rows.retain(|row| row.id != message));
            return;
        };
        let Some(newest_of_mine) = self.rows.try_with_untracked(|rows| {
            rows.iter()
                .rev()
                .find(|row| row.mine)
                .map(|row| (row.id, row.status))
        }) else {
            return;
        };
        if let (Some((id, before)), Some(status)) = (newest_of_mine, row.status)
            && id == message
            && before != Some(status)
            && matches!(status, MessageStatus::Sent | MessageStatus::Failed)
        {
            self.ui.announce(if status == MessageStatus::Failed {
                t!("msg-status-failed-short")
            } else {
                status_word(status)
            });
        }
        let known = self
            .rows
            .with_untracked(|rows| rows.iter().any(|known| known.id == message));
        if known {
            self.edit(|rows| merge(rows, vec![row]));
        }
    }
}
