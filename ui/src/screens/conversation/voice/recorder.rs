//! The recording of a voice message, from the press on the microphone until it is sent or forgotten.
//!
//! A recording that stops without being sent is staged, sealed, and kept for its conversation until the user has listened to
//! it and sent or deleted it, also over restarts: after five minutes, when the microphone goes away, when the conversation or
//! the app is left.

use std::rc::Rc;

use contract::{
    AttachmentView, ConversationId, DiscardFile, ErrorCode, Failure, KeepVoice, SendFiles, VoiceProgress,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::thread::Thread;
use super::capture::Capture;
use crate::app::Ui;
use crate::browser;
use crate::locale::{isolate, t};

/// What lasts less was no message.
const SHORTEST_MS: u32 = 1_000;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing is heard. There may be a clip that was kept.
    Idle,
    /// The microphone is being opened, with a finger on it or without.
    Opening,
    /// It listens as long as a finger holds it.
    Held,
    /// It listens without a finger.
    Locked,
    /// The microphone is being closed.
    Closing,
}

/// What becomes of a recording that stops.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Send,
    Keep,
}

/// The recording of one conversation, passed around by copy.
#[derive(Clone, Copy)]
pub(crate) struct Recorder {
    thread: Thread,
    /// They have accepted.
    allowed: Signal<bool>,
    pub(super) stage: RwSignal<Stage>,
    /// How much was heard.
    pub(super) heard_ms: RwSignal<u32>,
    /// How far the finger has slid to the right.
    pub(super) slid: RwSignal<f64>,
    /// Why the microphone cannot be used, until that was read.
    pub(super) denied: RwSignal<bool>,
    /// What opening leads to: listening without a finger, or nothing.
    hands_free: StoredValue<bool>,
    unwanted: StoredValue<bool>,
    /// Tells recordings apart, so that nothing of an earlier one counts.
    number: StoredValue<u64>,
    capture: StoredValue<Option<Capture>, LocalStorage>,
}

impl Recorder {
    /// For the composer of a conversation; what is heard when that is removed is kept.
    pub(crate) fn new(thread: Thread, allowed: Signal<bool>) -> Self {
        let this = Self {
            thread,
            allowed,
            stage: RwSignal::new(Stage::Idle),
            heard_ms: RwSignal::new(0),
            slid: RwSignal::new(0.0),
            denied: RwSignal::new(false),
            hands_free: StoredValue::new(false),
            unwanted: StoredValue::new(false),
            number: StoredValue::new(0),
            capture: StoredValue::new_local(None),
        };
        browser::listen_while_here("visibilitychange", move |_| {
            let goes_on =
                |capture: &Option<Capture>| capture.as_ref().is_none_or(Capture::hears_in_background);
            if !browser::is_visible() && !this.capture.with_value(goes_on) {
                this.finish(Then::Keep);
            }
        });
        on_cleanup(move || this.leave());
        this
    }

    /// What is shown of the conversation.
    pub(super) fn thread(self) -> Thread {
        self.thread
    }

    /// The clip that was kept, until it is sent or deleted.
    pub(super) fn kept(self) -> Option<AttachmentView> {
        let id = self.thread.id();
        self.thread.ui.kept_voice.with(|kept| kept.get(&id).cloned())
    }

    /// Something is recorded, or waits to be sent.
    pub(crate) fn is_busy(self) -> bool {
        self.stage.get() != Stage::Idle || self.kept().is_some()
    }

    /// As [`Recorder::is_busy`], and no finger is needed.
    pub(crate) fn is_hands_free(self) -> bool {
        match self.stage.get() {
            Stage::Idle => self.kept().is_some(),
            Stage::Opening | Stage::Held => false,
            Stage::Locked | Stage::Closing => true,
        }
    }

    /// Opens the microphone. Answers whether that was possible.
    pub(super) fn begin(self, hands_free: bool) -> bool {
        if !self.allowed.get_untracked() {
            let name = isolate(&untrack(|| self.thread.name()));
            self.thread
                .ui
                .show_failure(&Failure::new(ErrorCode::RequestLimit).with("name", name));
            return false;
        }
        if untrack(|| self.is_busy()) {
            return false;
        }
        self.thread.player.pause();
        self.hands_free.set_value(hands_free);
        self.unwanted.set_value(false);
        self.heard_ms.set(0);
        self.slid.set(0.0);
        self.stage.set(Stage::Opening);
        let number = self.number.get_value() + 1;
        self.number.set_value(number);
        let core = self.thread.ui.core;
        let tell = Rc::new(move |progress| {
            if self.number.try_get_value() == Some(number) {
                self.follow(progress);
            }
        });
        spawn_local(async move {
            match Capture::start(core, tell).await {
                // Left meanwhile.
                Ok(capture) if self.number.try_get_value() != Some(number) => capture.forget(core),
                Ok(capture) => self.listen(capture),
                Err(failure) => self.fail(&failure),
            }
        });
        true
    }

    fn listen(self, capture: Capture) {
        if self.unwanted.get_value() {
            capture.forget(self.thread.ui.core);
            self.stage.set(Stage::Idle);
            return;
        }
        self.capture.set_value(Some(capture));
        let stage = match self.hands_free.get_value() {
            true => Stage::Locked,
            false => Stage::Held,
        };
        self.stage.set(stage);
        self.thread.ui.announce(t!("voice-recording"));
    }

    fn fail(self, failure: &Failure) {
        if self.stage.try_set(Stage::Idle).is_some() {
            return;
        }
        match failure.code {
            ErrorCode::MicDenied => self.denied.set(true),
            _ => self.thread.ui.show_failure(failure),
        }
    }

    fn follow(self, progress: VoiceProgress) {
        match progress {
            VoiceProgress::Heard { ms } => self.heard_ms.set(ms),
            VoiceProgress::Full => {
                self.thread.ui.show_toast(t!("voice-full"));
                self.finish(Then::Keep);
            }
            VoiceProgress::Gone => {
                self.thread.ui.show_failure(&ErrorCode::VoiceRecord.into());
                match self.is_long() {
                    true => self.finish(Then::Keep),
                    false => self.cancel(),
                }
            }
        }
    }

    fn is_long(self) -> bool {
        self.heard_ms.get_untracked() >= SHORTEST_MS
    }

    /// The finger was lifted.
    pub(super) fn release(self) {
        match self.stage.get_untracked() {
            Stage::Held if self.is_long() => self.finish(Then::Send),
            Stage::Held | Stage::Opening if !self.hands_free.get_value() => {
                self.cancel();
                self.thread.ui.show_toast(t!("voice-hold"));
            }
            _ => {}
        }
    }

    /// The finger was taken away by the system.
    pub(super) fn interrupt(self) {
        match self.stage.get_untracked() {
            Stage::Held if self.is_long() => self.finish(Then::Keep),
            Stage::Held | Stage::Opening => self.cancel(),
            _ => {}
        }
    }

    /// Goes on without the finger.
    pub(super) fn lock(self) {
        self.hands_free.set_value(true);
        if self.stage.get_untracked() == Stage::Held {
            self.stage.set(Stage::Locked);
        }
    }

    /// Forgets what is heard, or the clip that was kept.
    pub(super) fn cancel(self) {
        match self.stage.get_untracked() {
            Stage::Opening => self.unwanted.set_value(true),
            Stage::Held | Stage::Locked => {
                if let Some(capture) = self.take() {
                    capture.forget(self.thread.ui.core);
                }
                self.stage.set(Stage::Idle);
                self.thread.ui.announce(t!("voice-cancelled"));
            }
            Stage::Idle => {
                let id = self.thread.id();
                let kept = self.thread.ui.kept_voice.try_update(|kept| kept.remove(&id));
                if let Some(Some(clip)) = kept {
                    self.thread.player.pause();
                    self.thread.ui.order(DiscardFile { attachment: clip.id });
                }
            }
            Stage::Closing => {}
        }
    }

    /// Stops and keeps the clip to be listened to.
    pub(super) fn stop(self) {
        self.finish(Then::Keep);
    }

    /// Sends what is heard, or the clip that was kept.
    pub(super) fn send(self) {
        match self.stage.get_untracked() {
            Stage::Locked if !self.is_long() => {
                self.cancel();
                self.thread.ui.show_toast(t!("voice-hold"));
            }
            Stage::Held | Stage::Locked => self.finish(Then::Send),
            Stage::Idle => {
                if let Some(clip) = untrack(|| self.kept()) {
                    self.post(clip);
                }
            }
            Stage::Opening | Stage::Closing => {}
        }
    }

    fn finish(self, then: Then) {
        let Some(capture) = self.take() else { return };
        self.stage.set(Stage::Closing);
        let (ui, conversation) = (self.thread.ui, self.thread.id());
        spawn_local(async move {
            match capture.finish(ui.core).await {
                Ok(clip) => {
                    // Kept first: nothing is lost when it cannot be sent, or when the conversation was left.
                    keep(ui, conversation, clip.clone());
                    match then {
                        Then::Send if self.stage.try_get_untracked().is_some() => self.post(clip),
                        _ => drop(self.stage.try_set(Stage::Idle)),
                    }
                }
                Err(failure) => self.fail(&failure),
            }
        });
    }

    fn post(self, clip: AttachmentView) {
        let (ui, conversation) = (self.thread.ui, self.thread.id());
        let sending = SendFiles {
            conversation: conversation.clone(),
            files: vec![clip.id],
            text: String::new(),
            reply_to: self.thread.reply.get_untracked().map(|row| row.id),
        };
        self.thread.player.pause();
        self.stage.set(Stage::Closing);
        spawn_local(async move {
            let sent = ui.core.ask(sending).await;
            let left = self.stage.try_set(Stage::Idle).is_some();
            match sent {
                Ok(sent) => {
                    ui.kept_voice.update(|kept| drop(kept.remove(&conversation)));
                    if !left {
                        self.thread.reply.set(None);
                        self.thread.refresh_head();
                        self.thread.show_sent(sent.message_id);
                    }
                }
                // The clip stays and can be sent again.
                Err(failure) => ui.show_failure(&failure),
            }
        });
    }

    fn take(self) -> Option<Capture> {
        self.number.update_value(|number| *number += 1);
        self.capture.try_update_value(Option::take).flatten()
    }

    /// The conversation is left: what was heard is kept.
    fn leave(self) {
        if let Some(capture) = self.take() {
            let (ui, conversation) = (self.thread.ui, self.thread.id());
            spawn_local(async move {
                match capture.finish(ui.core).await {
                    Ok(clip) => keep(ui, conversation, clip),
                    Err(failure) => ui.show_failure(&failure),
                }
            });
        }
    }
}

/// Keeps a clip for its conversation.
fn keep(ui: Ui, conversation: ConversationId, clip: AttachmentView) {
    ui.order(KeepVoice {
        conversation: conversation.clone(),
        attachment: clip.id,
    });
    ui.kept_voice.update(|kept| drop(kept.insert(conversation, clip)));
}
