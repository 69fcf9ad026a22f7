//! What every screen shares: the engine, the way between screens, the account, the connection, messages to the user.

use std::collections::HashMap;

use contract::{
    AccountView, AttachmentView, Connection, ConversationId, Done, ErrorCode, Event, Failure,
    FinishOnboarding, GetAccount, GetPath, GetPreferences, GetStartup, MessageId, PathView, PictureId,
    Preferences, Request, StartupView,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Navigator, Route};
use crate::browser;
use crate::core::Core;
use crate::locale::failure_text;
use crate::screens::home::HomeList;
use crate::screens::share::SharedIn;
use crate::theme;

/// From this many times the size of text on, list and conversation stand side by side.
const WIDE_REM: f64 = 52.5;

/// The shared state, passed around by copy.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    pub(crate) core: Core,
    pub(crate) nav: Navigator,
    pub(crate) startup: RwSignal<Option<StartupView>>,
    /// Why the app could not start.
    pub(crate) start_failure: RwSignal<Option<Failure>>,
    pub(crate) account: RwSignal<Option<AccountView>>,
    pub(crate) path: RwSignal<Option<PathView>>,
    pub(crate) home: HomeList,
    /// Room for the list and a conversation side by side.
    pub(crate) wide: RwSignal<bool>,
    /// What went wrong and has no name.
    pub(crate) unnamed: RwSignal<Option<Failure>>,
    /// What the toast says, with a number that tells equal texts apart.
    pub(crate) toast: RwSignal<Option<(u64, String)>>,
    /// What assistive technology is told.
    pub(crate) announcement: RwSignal<String>,
    /// Where each conversation was left when it was not at its end: a row, and its distance from the view's top.
    pub(crate) left_at: StoredValue<HashMap<ConversationId, (MessageId, f64)>>,
    /// A row that the next opening of its conversation shows.
    pub(crate) target: StoredValue<Option<(ConversationId, MessageId)>>,
    /// Where was last searched, and for what; a search is as it was when one comes back to it.
    pub(crate) search: StoredValue<(Option<ConversationId>, String)>,
    /// What was shared into the app.
    pub(crate) shared: SharedIn,
    /// Voice messages that were recorded and not sent yet, by conversation.
    pub(crate) kept_voice: RwSignal<HashMap<ConversationId, AttachmentView>>,
    toasts: StoredValue<u64>,
}

/// The shared state.
pub(crate) fn ui() -> Ui {
    expect_context::<Ui>()
}

impl Ui {
    pub(crate) fn new() -> Self {
        let core = Core::connect();
        Self {
            core,
            nav: Navigator::new(),
            startup: RwSignal::new(None),
            start_failure: RwSignal::new(None),
            account: RwSignal::new(None),
            path: RwSignal::new(None),
            home: HomeList::new(core),
            wide: RwSignal::new(false),
            unnamed: RwSignal::new(None),
            toast: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
            left_at: StoredValue::new(HashMap::new()),
            target: StoredValue::new(None),
            search: StoredValue::new((None, String::new())),
            shared: SharedIn::new(),
            kept_voice: RwSignal::new(HashMap::new()),
            toasts: StoredValue::new(0),
        }
    }

    /// Asks where the app starts, and goes there.
    pub(crate) fn start(self) {
        self.start_failure.set(None);
        spawn_local(self.find_stage());
    }

    /// Begins anew and goes on to `route`, to which Back leads from the first screen.
    pub(crate) fn start_at(self, route: Route) {
        self.start_failure.set(None);
        spawn_local(async move {
            self.find_stage().await;
            if self.start_failure.with_untracked(Option::is_none) {
                self.nav.open(route);
            }
        });
    }

    async fn find_stage(self) {
        match self.core.ask(GetStartup {}).await {
            Ok(startup) => {
                self.account.set(startup.account.clone());
                let stage = startup.stage;
                if let Ok(preferences) = self.core.ask(GetPreferences {}).await {
                    self.look_as(&preferences);
                }
                self.startup.set(Some(startup));
                self.refresh_path();
                if stage == contract::Stage::Home {
                    self.enter_home();
                } else {
                    self.nav.start_over(stage.into());
                }
                self.shared.look(self);
            }
            Err(failure) => self.start_failure.set(Some(failure)),
        }
    }

    /// Uses the looks that somebody likes.
    pub(crate) fn look_as(self, liked: &Preferences) {
        theme::apply(liked);
        // The size of text decides what is wide.
        self.measure();
    }

    /// Finds out whether the window has room for two panes.
    pub(crate) fn measure(self) {
        let wide = browser::width_rem() >= WIDE_REM;
        if self.wide.get_untracked() != wide {
            self.wide.set(wide);
        }
    }

    /// Looks as the store says.
    pub(crate) fn refresh_look(self) {
        spawn_local(async move {
            if let Ok(preferences) = self.core.ask(GetPreferences {}).await {
                self.look_as(&preferences);
            }
        });
    }

    /// Shows the home screen with its rows.
    pub(crate) fn enter_home(self) {
        self.home.refresh();
        self.nav.start_over(Route::Home);
    }

    /// Ends onboarding and shows the home screen.
    pub(crate) fn finish_onboarding(self) {
        self.ask(FinishOnboarding {}, move |account| {
            self.account.set(Some(account));
            self.enter_home();
        });
    }

    pub(crate) fn refresh_account(self) {
        if self.account.with_untracked(Option::is_none) {
            return;
        }
        spawn_local(async move {
            if let Ok(account) = self.core.ask(GetAccount {}).await {
                self.account.set(Some(account));
            }
        });
    }

    pub(crate) fn refresh_path(self) {
        spawn_local(async move {
            if let Ok(path) = self.core.ask(GetPath {}).await {
                self.path.set(Some(path));
            }
        });
    }

    /// The connection in one word.
    pub(crate) fn connection(self) -> Connection {
        self.path.with(|path| {
            path.as_ref()
                .map_or(Connection::Connecting, |path| path.connection)
        })
    }

    /// My Account ID; empty before there is an account.
    pub(crate) fn account_id(self) -> String {
        self.account.with(|account| {
            account
                .as_ref()
                .map(|a| a.account_id.0.clone())
                .unwrap_or_default()
        })
    }

    /// Whether the recovery phrase is hidden on this device.
    pub(crate) fn phrase_hidden(self) -> bool {
        self.account
            .with(|account| account.as_ref().is_some_and(|a| a.phrase_hidden))
    }

    /// The answer to a request, asked for again at each event that `matters`, for as long as the surrounding component is
    /// there; `None` before the first.
    pub(crate) fn follow<R>(
        self,
        request: R,
        matters: impl Fn(&Event) -> bool + 'static,
    ) -> RwSignal<Option<R::Reply>>
    where
        R: Request + Clone + 'static,
        R::Reply: Send + Sync + 'static,
    {
        let answer = RwSignal::new(None);
        let refresh = move || {
            let request = request.clone();
            spawn_local(async move {
                if let Ok(found) = self.core.ask(request).await {
                    let _ = answer.try_set(Some(found));
                }
            });
        };
        refresh();
        self.core.on_event(move |event| {
            if matters(event) {
                refresh();
            }
        });
        answer
    }

    /// My picture.
    pub(crate) fn picture(self) -> Option<PictureId> {
        self.account
            .with(|account| account.as_ref().and_then(|a| a.picture.clone()))
    }

    /// Shows a text for a moment.
    pub(crate) fn show_toast(self, text: String) {
        let number = self.toasts.try_update_value(|n| {
            *n += 1;
            *n
        });
        self.toast.set(Some((number.unwrap_or_default(), text)));
    }

    /// Shows why something did not work.
    pub(crate) fn show_failure(self, failure: &Failure) {
        match failure.code {
            ErrorCode::Unknown => self.unnamed.set(Some(failure.clone())),
            _ => self.show_toast(failure_text(failure)),
        }
    }

    /// Tells assistive technology, politely.
    pub(crate) fn announce(self, text: String) {
        self.announcement.set(text);
    }

    /// Copies a text that is no secret, and says so.
    pub(crate) fn copy(self, text: &str) {
        browser::copy(text);
        self.show_toast(crate::locale::t!("common-copied"));
    }

    /// Asks to which app a text goes; where no system sheet asks that, it is copied.
    pub(crate) fn share(self, text: String) {
        if browser::share(&text) {
            return;
        }
        spawn_local(async move {
            if self.core.share_text(&text).await.is_err() {
                self.copy(&text);
            }
        });
    }

    /// Sends a request whose only news is whether it worked.
    pub(crate) fn order(self, request: impl Request<Reply = Done> + 'static) {
        self.ask(request, drop);
    }

    /// Sends a request and hands its reply to `then`; why there is none is shown.
    pub(crate) fn ask<R: Request + 'static>(self, request: R, then: impl FnOnce(R::Reply) + 'static) {
        self.hand_on(self.core.ask(request), Box::new(then));
    }

    fn hand_on<T: 'static>(
        self,
        answer: impl Future<Output = Result<T, Failure>> + 'static,
        then: Box<dyn FnOnce(T)>,
    ) {
        spawn_local(async move {
            match answer.await {
                Ok(reply) => then(reply),
                Err(failure) => self.show_failure(&failure),
            }
        });
    }
}
