//! Settings > Privacy > Proxy: which way connections go out.

use contract::{ErrorCode, Failure, GetProxy, ProxyView, SetProxy, TestProxy};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::ui;
use crate::components::choice::Choice;
use crate::components::switch::Switch;
use crate::components::top_bar::TopBar;
use crate::locale::{failure_text, t};

/// The form as it is typed.
#[derive(Clone, Copy)]
struct Form {
    is_on: RwSignal<bool>,
    host: RwSignal<String>,
    port: RwSignal<String>,
    user: RwSignal<String>,
    password: RwSignal<String>,
    everything: RwSignal<bool>,
}

/// What came of testing or keeping a proxy.
#[derive(Clone, PartialEq)]
enum Outcome {
    Testing,
    Works,
    Wrong(Failure),
}

impl Form {
    /// The usual port of SOCKS.
    const PORT: &str = "1080";

    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            is_on: RwSignal::new(false),
            host: empty(),
            port: RwSignal::new(Self::PORT.to_owned()),
            user: empty(),
            password: empty(),
            everything: RwSignal::new(true),
        }
    }

    fn show(self, proxy: Option<ProxyView>) {
        self.is_on.set(proxy.is_some());
        let Some(proxy) = proxy else { return };
        self.host.set(proxy.host);
        self.port.set(proxy.port.to_string());
        self.user.set(proxy.user);
        self.password.set(proxy.password.into_exposed());
        self.everything.set(proxy.everything);
    }

    /// What is typed, as far as it can be a proxy.
    fn proxy(self) -> Option<ProxyView> {
        let host = self.host.with(|host| host.trim().to_owned());
        let port = self.port.with(|port| port.trim().parse().ok())?;
        let (user, password) = (self.user.get(), self.password.get());
        let complete = !host.is_empty() && port != 0 && user.is_empty() == password.is_empty();
        complete.then(|| ProxyView {
            host,
            port,
            user,
            password: password.into(),
            everything: self.everything.get(),
        })
    }

    /// What is to be kept; `None` while the form is not complete.
    fn wanted(self) -> Option<Option<ProxyView>> {
        match self.is_on.get() {
            true => self.proxy().map(Some),
            false => Some(None),
        }
    }
}

/// The form, which is kept by its button only: half an address would cut the connection.
#[component]
pub(crate) fn Proxy() -> impl IntoView {
    let ui = ui();
    let form = Form::new();
    let kept = RwSignal::new(None::<Option<ProxyView>>);
    // Beside what was tried: whatever is typed next was not.
    let tried = RwSignal::new(None::<(Option<ProxyView>, Outcome)>);
    let outcome = Memo::new(move |_| {
        let wanted = form.wanted()?;
        tried
            .get()
            .and_then(|(proxy, outcome)| (proxy == wanted).then_some(outcome))
    });
    ui.ask(GetProxy {}, move |state| {
        form.show(state.proxy.clone());
        let _ = kept.try_set(Some(state.proxy));
    });
    let can_test =
        move || form.is_on.get() && form.proxy().is_some() && outcome.get() != Some(Outcome::Testing);
    let can_save = move || {
        let wanted = form.wanted();
        wanted.is_some() && kept.with(|kept| kept.is_some() && *kept != wanted)
    };
    let test = move |_| {
        let Some(proxy) = form.proxy() else { return };
        let this = Some(proxy.clone());
        tried.set(Some((this.clone(), Outcome::Testing)));
        spawn_local(async move {
            let outcome = match ui.core.ask(TestProxy { proxy }).await {
                Ok(_) => Outcome::Works,
                Err(failure) => Outcome::Wrong(failure),
            };
            let _ = tried.try_update(|tried| {
                if let Some((proxy, told)) = tried
                    && *proxy == this
                {
                    *told = outcome;
                }
            });
        });
    };
    let save = move |_| {
        let Some(proxy) = form.wanted() else { return };
        spawn_local(async move {
            let setting = SetProxy { proxy: proxy.clone() };
            match ui.core.ask(setting).await {
                Ok(_) => {
                    let _ = kept.try_set(Some(proxy));
                    ui.show_toast(t!("proxy-saved"));
                }
                Err(failure) => {
                    let _ = tried.try_set(Some((proxy, Outcome::Wrong(failure))));
                }
            }
        });
    };
    let told = move || {
        Some(match outcome.get()? {
            Outcome::Testing => t!("proxy-testing"),
            Outcome::Works => t!("proxy-works"),
            Outcome::Wrong(failure) if failure.code == ErrorCode::BadCommand => t!("proxy-wrong"),
            Outcome::Wrong(failure) => failure_text(&failure),
        })
    };
    let is_wrong = move || matches!(outcome.get(), Some(Outcome::Wrong(_)));
    view! {
        <TopBar title=t!("proxy-title")/>
        <main class="page" data-testid="proxy">
            <p class="lead">{t!("proxy-body")}</p>
            <Ways is_on=form.is_on/>
            <Show when=move || form.is_on.get()>
                <Field name=t!("proxy-host") id="proxy-host" value=form.host/>
                <Field name=t!("proxy-port") id="proxy-port" value=form.port numeric=true/>
                <Field name=t!("proxy-user") id="proxy-user" value=form.user/>
                <Field name=t!("proxy-password") id="proxy-password" value=form.password secret=true/>
                <div class="settings">
                    <Switch
                        name=t!("proxy-everything")
                        help=t!("proxy-everything-help")
                        testid="proxy-everything"
                        on=form.everything.into()
                        on_change=Callback::new(move |on| form.everything.set(on))
                    />
                </div>
            </Show>
            <p class="hint" class:error=is_wrong role="status" aria-live="polite" data-testid="proxy-outcome">{told}</p>
            <div class="actions">
                <button class="button primary" data-testid="proxy-save" disabled=move || !can_save() on:click=save>
                    {t!("proxy-save")}
                </button>
                <Show when=move || form.is_on.get()>
                    <button class="button soft" data-testid="proxy-test" disabled=move || !can_test() on:click=test>
                        {t!("proxy-test")}
                    </button>
                </Show>
            </div>
        </main>
    }
}

#[component]
fn Ways(is_on: RwSignal<bool>) -> impl IntoView {
    let is_off = Signal::derive(move || !is_on.get());
    view! {
        <div class="choices" role="radiogroup" aria-label=t!("proxy-title")>
            <Choice group="proxy" testid="proxy-none" name=t!("proxy-none") chosen=is_off on_choose=move |()| is_on.set(false)/>
            <Choice group="proxy" testid="proxy-socks" name=t!("proxy-socks") chosen=is_on on_choose=move |()| is_on.set(true)/>
        </div>
    }
}

#[component]
fn Field(
    name: String,
    id: &'static str,
    value: RwSignal<String>,
    #[prop(optional)] numeric: bool,
    #[prop(optional)] secret: bool,
) -> impl IntoView {
    view! {
        <label class="field-label" for=id>{name}</label>
        <input
            id=id
            class="input"
            data-testid=id
            type=if secret { "password" } else { "text" }
            inputmode=if numeric { "numeric" } else { "text" }
            dir="ltr"
            autocapitalize="none"
            autocomplete="off"
            spellcheck="false"
            prop:value=move || value.get()
            on:input=move |event| value.set(event_target_value(&event))
        />
    }
}
