//! The first screen without an account.

use contract::CreateAccount;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Route, ui};
use crate::components::dialog::{Modal, Place};
use crate::components::icon::Mark;
use crate::components::top_bar::Heading;
use crate::locale::t;
use crate::project;
use crate::screens::conversation::link::LinkDialog;

/// Create an account, or bring one here.
#[component]
pub(crate) fn Landing() -> impl IntoView {
    let ui = ui();
    let busy = RwSignal::new(false);
    let legal = RwSignal::new(false);
    let link = RwSignal::new(None::<String>);
    let create = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match ui.core.ask(CreateAccount {}).await {
                Ok(account) => {
                    ui.account.set(Some(account));
                    ui.nav.open(Route::Name);
                }
                Err(failure) => {
                    busy.set(false);
                    ui.show_failure(&failure);
                }
            }
        });
    };
    let close_legal = Callback::new(move |()| legal.set(false));
    let open_link = move |url: &'static str| {
        legal.set(false);
        link.set(Some(url.to_owned()));
    };
    view! {
        <main class="onboarding landing">
            <div class="landing-top">
                <Mark/>
                <Heading text=t!("landing-headline")/>
                <div class="landing-lines">
                    <p>{t!("landing-line-1")}</p>
                    <p>{t!("landing-line-2")}</p>
                    <p>{t!("landing-line-3")}</p>
                </div>
            </div>
            <div class="actions">
                <button class="button primary" data-testid="landing-create" aria-disabled=move || busy.get().to_string() on:click=create>
                    {t!("landing-create")}
                </button>
                <button class="button plain" data-testid="landing-restore" on:click=move |_| ui.nav.open(Route::Restore)>
                    {t!("landing-restore")}
                </button>
                <button class="button quiet" data-testid="landing-legal" on:click=move |_| legal.set(true)>
                    {t!("landing-legal")}
                </button>
            </div>
        </main>
        <Show when=move || legal.get()>
            <Modal title=t!("landing-legal") testid="legal-sheet" place=Place::Foot on_close=close_legal>
                <button class="menu-row" data-testid="legal-terms" autofocus=true on:click=move |_| open_link(project::TERMS)>
                    {t!("legal-terms")}
                </button>
                <button class="menu-row" data-testid="legal-privacy" on:click=move |_| open_link(project::PRIVACY)>
                    {t!("legal-privacy")}
                </button>
            </Modal>
        </Show>
        {move || link.get().map(|url| view! { <LinkDialog url on_close=Callback::new(move |()| link.set(None))/> })}
    }
}
