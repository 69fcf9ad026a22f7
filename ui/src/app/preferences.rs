//! What the user likes, as a settings screen shows and changes it.

use contract::{Event, GetPreferences, Preferences, SetPreferences};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Ui;

/// The preferences of one screen; `None` until they are known.
#[derive(Clone, Copy)]
pub(crate) struct Liked {
    ui: Ui,
    known: RwSignal<Option<Preferences>>,
}

impl Liked {
    /// Follows the preferences until the surrounding component is removed.
    pub(crate) fn follow(ui: Ui) -> Self {
        let liked = Self {
            ui,
            known: RwSignal::new(None),
        };
        liked.load();
        ui.core.on_event(move |event| {
            if matches!(event, Event::PreferencesChanged | Event::Lagged) {
                liked.load();
            }
        });
        liked
    }

    /// What the screen shares with others.
    pub(crate) fn ui(self) -> Ui {
        self.ui
    }

    /// One part of them, once they are known.
    pub(crate) fn part<T>(self, part: impl Fn(&Preferences) -> T) -> Option<T> {
        self.known.with(|known| known.as_ref().map(part))
    }

    /// As [`Liked::part`], once.
    pub(crate) fn part_untracked<T>(self, part: impl Fn(&Preferences) -> T) -> Option<T> {
        self.known.with_untracked(|known| known.as_ref().map(part))
    }

    /// Changes a part, here at once and then in the store. Answers whether they were known.
    pub(crate) fn change(self, part: impl FnOnce(&mut Preferences)) -> bool {
        let Some(mut preferences) = self.known.get_untracked() else {
            return false;
        };
        part(&mut preferences);
        self.known.set(Some(preferences));
        spawn_local(async move {
            self.store(preferences).await;
        });
        true
    }

    /// As [`Liked::change`], until it is kept. Answers whether it is.
    pub(crate) async fn keep(self, part: impl FnOnce(&mut Preferences)) -> bool {
        let Some(mut preferences) = self.known.get_untracked() else {
            return false;
        };
        part(&mut preferences);
        self.known.set(Some(preferences));
        self.store(preferences).await
    }

    async fn store(self, preferences: Preferences) -> bool {
        let kept = self.ui.core.ask(SetPreferences { preferences }).await;
        if let Err(failure) = &kept {
            self.ui.show_failure(failure);
            self.load();
        }
        kept.is_ok()
    }

    fn load(self) {
        spawn_local(async move {
            if let Ok(preferences) = self.ui.core.ask(GetPreferences {}).await {
                let _ = self.known.try_set(Some(preferences));
            }
        });
    }
}
