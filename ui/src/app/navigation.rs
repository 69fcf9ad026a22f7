//! Where the user is: a stack of routes, and what Back closes first.

use contract::{ConversationId, Stage};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::browser;

/// A screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// Nothing is known yet.
    Launch,
    /// First screen without an account.
    Landing,
    /// Display name of a new account.
    Name,
    /// Choice of notification mode.
    Notifications,
    /// Saving the recovery phrase of a new account.
    SavePhrase,
    /// Typing a recovery phrase.
    Restore,
    /// Looking up a restored account.
    Loading,
    /// Name for a restored account without settings.
    RestoreName,
    /// The conversation list.
    Home,
    /// One conversation.
    Conversation(ConversationId),
    /// What is known of a conversation and can be done with it.
    Details(ConversationId),
    /// Media, files and links of a conversation.
    Gallery(ConversationId),
    /// Looking for people and messages; in one conversation, or everywhere.
    Search(Option<ConversationId>),
    /// How messages of a conversation disappear.
    Disappearing(ConversationId),
    /// Message requests.
    Requests,
    /// Settings.
    Settings,
    /// Settings > Conversations.
    ConversationSettings,
    /// Settings > Conversations > Blocked contacts.
    Blocked,
    /// Settings > Conversations > Storage use.
    Space,
    /// Settings > Data.
    Data,
    /// Settings > Devices > Move history.
    History,
    /// Settings > Privacy.
    Privacy,
    /// Settings > Privacy > Proxy.
    Proxy,
    /// Settings > Appearance.
    Appearance,
    /// Settings > Recovery phrase.
    RecoveryPhrase,
    /// Settings > Devices.
    Devices,
    /// Settings > Clear data.
    Erase,
    /// Settings > Connection path.
    Path,
    /// Settings > Network services.
    Services,
    /// To whom what was shared into the app goes.
    Share,
    /// Settings > Help.
    Help,
    /// Settings > Help > Licences.
    Licences,
}

impl From<Stage> for Route {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Landing => Self::Landing,
            Stage::Name => Self::Name,
            Stage::Notifications => Self::Notifications,
            Stage::SavePhrase => Self::SavePhrase,
            Stage::Loading => Self::Loading,
            Stage::RestoreName => Self::RestoreName,
            Stage::Home => Self::Home,
        }
    }
}

impl Route {
    /// Whether the route belongs beside the conversation list on a wide window.
    pub(crate) fn is_beside_home(&self) -> bool {
        matches!(
            self,
            Self::Conversation(_)
                | Self::Details(_)
                | Self::Gallery(_)
                | Self::Search(_)
                | Self::Disappearing(_)
                | Self::Privacy
                | Self::Proxy
                | Self::Space
                | Self::Data
                | Self::History
                | Self::Requests
                | Self::ConversationSettings
                | Self::Blocked
                | Self::Settings
                | Self::Appearance
                | Self::RecoveryPhrase
                | Self::Devices
                | Self::Erase
                | Self::Path
                | Self::Services
                | Self::Share
                | Self::Help
                | Self::Licences
        )
    }
}

/// What Back closes before the screen, newest last, with a number that names each; first, the last number given.
type Layers = (u64, Vec<(u64, Callback<()>)>);

/// Moves between routes. Back (the button, Android's gesture, the browser's key) closes the top-most layer:
/// whatever registered itself last with [`Navigator::on_back`], else the screen.
#[derive(Clone, Copy)]
pub(crate) struct Navigator {
    stack: RwSignal<Vec<Route>>,
    layers: StoredValue<Layers>,
    /// Whether the browser's history holds an entry that Back can use up without leaving the page.
    guarded: StoredValue<bool>,
}

impl Navigator {
    pub(crate) fn new() -> Self {
        let this = Self {
            stack: RwSignal::new(vec![Route::Launch]),
            layers: StoredValue::new((0, Vec::new())),
            guarded: StoredValue::new(false),
        };
        browser::listen_forever(&browser::window(), "popstate", move |_| {
            this.guarded.set_value(false);
            this.back();
            this.guard();
        });
        this
    }

    /// The route on top.
    pub(crate) fn current(self) -> Route {
        self.stack
            .with(|stack| stack.last().cloned().unwrap_or(Route::Launch))
    }

    /// Opens a screen above the current one; one that is open already is brought to the top.
    pub(crate) fn open(self, route: Route) {
        self.stack.update(|stack| {
            // Beside the list one conversation replaces the other.
            if matches!(route, Route::Conversation(_)) {
                stack.retain(|open| !matches!(open, Route::Conversation(_) | Route::Settings));
            }
            stack.retain(|open| *open != route);
            stack.push(route);
        });
        self.guard();
    }

    /// Leaves everything for one screen.
    pub(crate) fn start_over(self, route: Route) {
        self.stack.set(vec![route]);
    }

    /// Closes the top-most layer or screen; the last screen stays.
    pub(crate) fn back(self) {
        let layer = self
            .layers
            .with_value(|(_, layers)| layers.last().map(|(_, close)| *close));
        if let Some(close) = layer {
            close.run(());
        } else {
            self.leave();
        }
    }

    /// Closes the current screen, whatever layers it has.
    pub(crate) fn leave(self) {
        self.stack.update(|stack| {
            if stack.len() > 1 {
                stack.pop();
            }
        });
    }

    /// Until the surrounding component is removed, Back calls `close` instead.
    pub(crate) fn on_back(self, close: Callback<()>) {
        let id = self.layers.try_update_value(|(next, layers)| {
            *next += 1;
            layers.push((*next, close));
            *next
        });
        self.guard();
        on_cleanup(move || {
            let _ = self
                .layers
                .try_update_value(|(_, layers)| layers.retain(|(known, _)| Some(*known) != id));
        });
    }

    fn guard(self) {
        let closable = self.stack.with_untracked(Vec::len) > 1
            || self.layers.with_value(|(_, layers)| !layers.is_empty());
        if closable && !self.guarded.get_value() {
            if let Ok(history) = browser::window().history() {
                let _ = history.push_state_with_url(&JsValue::NULL, "", None);
            }
            self.guarded.set_value(true);
        }
    }
}
