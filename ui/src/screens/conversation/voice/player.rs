//! The one player of a conversation: what it plays goes on while the list is scrolled.

use std::collections::BTreeSet;

use contract::{AttachmentId, AttachmentKind, AttachmentState, AttachmentView, GetPreferences};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::thread::Thread;
use crate::browser;
use crate::core::Core;

/// How fast sound is played, in the order in which a tap changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speed {
    Normal,
    Faster,
    Double,
}

impl Speed {
    pub(super) const fn next(self) -> Self {
        match self {
            Self::Normal => Self::Faster,
            Self::Faster => Self::Double,
            Self::Double => Self::Normal,
        }
    }

    pub(super) const fn times(self) -> f64 {
        match self {
            Self::Normal => 1.0,
            Self::Faster => 1.5,
            Self::Double => 2.0,
        }
    }
}

/// What is played, and how far it is; passed around by copy.
#[derive(Clone, Copy)]
pub(crate) struct Player {
    element: NodeRef<html::Audio>,
    now: RwSignal<Option<AttachmentId>>,
    playing: RwSignal<bool>,
    /// Seconds from the start, and seconds in all as the web view found out.
    at: RwSignal<(f64, f64)>,
    pub(super) speed: RwSignal<Speed>,
    /// Where the web view finds the bytes of what is played.
    address: StoredValue<Option<String>>,
    /// What could not be played.
    broken: RwSignal<BTreeSet<AttachmentId>>,
}

impl Player {
    pub(crate) fn new() -> Self {
        Self {
            element: NodeRef::new(),
            now: RwSignal::new(None),
            playing: RwSignal::new(false),
            at: RwSignal::new((0.0, 0.0)),
            speed: RwSignal::new(Speed::Normal),
            address: StoredValue::new(None),
            broken: RwSignal::new(BTreeSet::new()),
        }
    }

    pub(super) fn is_playing(self, id: AttachmentId) -> bool {
        self.now.get() == Some(id) && self.playing.get()
    }

    pub(super) fn is_broken(self, id: AttachmentId) -> bool {
        self.broken.with(|broken| broken.contains(&id))
    }

    /// Seconds from the start and in all; the latter is 0 as long as nobody knows.
    pub(super) fn place(self, id: AttachmentId) -> (f64, f64) {
        match self.now.get() == Some(id) {
            true => self.at.get(),
            false => (0.0, 0.0),
        }
    }

    /// Plays from where it was, or pauses.
    pub(super) fn toggle(self, core: Core, id: AttachmentId) {
        let playing = self.playing.get_untracked() && self.now.get_untracked() == Some(id);
        match playing {
            true => self.pause(),
            false => self.play(core, id),
        }
    }

    pub(crate) fn pause(self) {
        if let Some(element) = self.element.get_untracked() {
            let _ = element.pause();
        }
    }

    fn play(self, core: Core, id: AttachmentId) {
        if self.now.get_untracked() == Some(id) {
            self.go_on();
            return;
        }
        self.pause();
        self.at.set((0.0, 0.0));
        self.now.set(Some(id));
        spawn_local(async move {
            let address = core
                .sound(id)
                .await
                .ok()
                .and_then(|bytes| browser::address_of_bytes(&bytes));
            // Another one was wanted meanwhile, or the conversation was left.
            if self.now.try_get_untracked().flatten() != Some(id) {
                return;
            }
            match (address, self.element.get_untracked()) {
                (Some(address), Some(element)) => {
                    element.set_src(&address);
                    self.forget_address(Some(address));
                    self.go_on();
                }
                _ => self.fail(),
            }
        });
    }

    fn go_on(self) {
        self.set_speed(self.speed.get_untracked());
        if let Some(element) = self.element.get_untracked() {
            browser::play(&element);
        }
    }

    /// Lets go of the bytes of the last sound.
    fn forget_address(self, next: Option<String>) {
        let last = self
            .address
            .try_update_value(|address| std::mem::replace(address, next));
        if let Some(Some(last)) = last {
            browser::forget_bytes(&last);
        }
    }

    /// Goes to a moment, in seconds.
    pub(super) fn seek(self, id: AttachmentId, seconds: f64) {
        if self.now.get_untracked() == Some(id)
            && let Some(element) = self.element.get_untracked()
        {
            element.set_current_time(seconds);
            self.at.update(|at| at.0 = seconds);
        }
    }

    pub(super) fn set_speed(self, speed: Speed) {
        self.speed.set(speed);
        if let Some(element) = self.element.get_untracked() {
            // Loading another sound goes back to the default.
            element.set_default_playback_rate(speed.times());
            element.set_playback_rate(speed.times());
        }
    }

    /// A sound is fetched again: it may be playable then.
    pub(super) fn forgive(self, id: AttachmentId) {
        self.broken.update(|broken| {
            broken.remove(&id);
        });
    }

    fn moved(self) {
        if let Some(element) = self.element.get_untracked() {
            self.at.set((element.current_time(), element.duration()));
        }
    }

    fn fail(self) {
        let Some(id) = self.now.get_untracked() else {
            return;
        };
        self.playing.set(false);
        self.now.set(None);
        self.broken.update(|broken| {
            broken.insert(id);
        });
    }

    fn end(self, thread: Thread) {
        self.playing.set(false);
        let Some(id) = self.now.get_untracked() else {
            return;
        };
        self.seek(id, 0.0);
        let next = thread
            .rows
            .with_untracked(|rows| next_voice(rows.iter().flat_map(|row| &row.attachments), id));
        let Some(next) = next else { return };
        spawn_local(async move {
            let liked = thread.ui.core.ask(GetPreferences {}).await;
            let still = self.now.try_get_untracked().flatten() == Some(id);
            if still && liked.is_ok_and(|liked| liked.autoplay_voice) {
                self.play(thread.ui.core, next);
            }
        });
    }
}

/// The voice message below another, if it is here.
fn next_voice<'a>(
    mut files: impl Iterator<Item = &'a AttachmentView>,
    after: AttachmentId,
) -> Option<AttachmentId> {
    files.find(|file| file.id == after)?;
    let next = files.find(|file| file.kind == AttachmentKind::Voice)?;
    (next.state == AttachmentState::Done).then_some(next.id)
}

/// The web view's part of the player; it shows nothing.
#[component]
pub(crate) fn Audio(thread: Thread) -> impl IntoView {
    let player = thread.player;
    on_cleanup(move || player.forget_address(None));
    view! {
        <audio
            preload="metadata"
            node_ref=player.element
            on:play=move |_| player.playing.set(true)
            on:pause=move |_| player.playing.set(false)
            on:ended=move |_| player.end(thread)
            on:timeupdate=move |_| player.moved()
            on:durationchange=move |_| player.moved()
            on:error=move |_| player.fail()
        ></audio>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(id: i64, kind: AttachmentKind, state: AttachmentState) -> AttachmentView {
        AttachmentView {
            id: AttachmentId(id),
            kind,
            file_name: String::new(),
            content_type: String::new(),
            size: 1,
            width: None,
            height: None,
            duration_ms: None,
            here: true,
            state,
        }
    }

    #[test]
    fn after_a_voice_message_comes_the_one_below_it() {
        let files = [
            file(1, AttachmentKind::Voice, AttachmentState::Done),
            file(2, AttachmentKind::Image, AttachmentState::Done),
            file(3, AttachmentKind::Voice, AttachmentState::Done),
            file(4, AttachmentKind::Voice, AttachmentState::Offered),
        ];
        let next = |id| next_voice(files.iter(), AttachmentId(id)).map(|id| id.0);
        assert_eq!(next(1), Some(3));
        assert_eq!(next(2), Some(3));
        assert_eq!(next(3), None, "it is not here yet");
        assert_eq!(next(9), None);
    }

    #[test]
    fn a_tap_on_the_speed_goes_round() {
        let all = [Speed::Normal, Speed::Faster, Speed::Double];
        assert_eq!(
            all.map(Speed::next),
            [Speed::Faster, Speed::Double, Speed::Normal]
        );
    }
}
