//! Creating an account: the display name, above it the fresh Account ID.

use contract::{DiscardAccount, SetDisplayName};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{Route, ui};
use crate::components::account_id::FullAccountId;
use crate::components::dialog::{Confirm, Weight};
use crate::components::name_field::{NameField, check_name};
use crate::components::steps::Steps;
use crate::components::top_bar::{BackButton, Heading};
use crate::locale::t;

/// Asks for the display name of a new account.
#[component]
pub(crate) fn Name() -> impl IntoView {
    let ui = ui();
    let known = ui
        .account
        .with_untracked(|account| account.as_ref().map(|a| a.display_name.clone()));
    let name = RwSignal::new(known.unwrap_or_default());
    let error = RwSignal::new(None);
    let leaving = RwSignal::new(false);
    ui.nav.on_back(Callback::new(move |()| leaving.set(true)));
    let go_on = Callback::new(move |()| match check_name(&name.get_untracked()) {
        Err(failure) => error.set(Some(failure)),
        Ok(name) => spawn_local(async move {
            match ui.core.ask(SetDisplayName { name }).await {
                Ok(account) => {
                    ui.account.set(Some(account));
                    ui.nav.open(Route::Notifications);
                }
                Err(failure) => error.set(Some(failure)),
            }
        }),
    });
    let discard = Callback::new(move |()| {
        spawn_local(async move {
            match ui.core.ask(DiscardAccount {}).await {
                Ok(_) => {
                    ui.account.set(None);
                    ui.nav.start_over(Route::Landing);
                }
                Err(failure) => {
                    let _ = leaving.try_set(false);
                    ui.show_failure(&failure);
                }
            }
        });
    });
    view! {
        <header class="bar">
            <BackButton/>
            <Steps at=1 of=3/>
        </header>
        <main class="onboarding">
            <Heading text=t!("name-title")/>
            <p class="lead">{t!("name-help")}</p>
            <div class="field">
                <NameField name error on_done=go_on/>
            </div>
            <section class="card new-id" aria-labelledby="new-id-label">
                <h2 id="new-id-label" class="card-label">
                    {t!("name-id-label")}
                </h2>
                <FullAccountId id=Signal::derive(move || ui.account_id()) testid="name-account-id"/>
                <p class="hint">{t!("name-id-help")}</p>
            </section>
            <div class="actions">
                <button class="button primary" data-testid="name-continue" on:click=move |_| go_on.run(())>
                    {t!("common-continue")}
                </button>
            </div>
        </main>
        <Show when=move || leaving.get()>
            <Confirm
                title=t!("name-discard-title")
                body=t!("name-discard-body")
                ok=t!("name-discard-leave")
                cancel=t!("name-discard-stay")
                weight=Weight::Danger
                on_ok=discard
                on_close=Callback::new(move |()| leaving.set(false))
            />
        </Show>
    }
}
