//! Settings > Help: questions and answers that need no connection, the version, the licences.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Setting;
use crate::app::Route;
use crate::browser;
use crate::components::icon::{DOWN, FILE, FORWARD, Glyph};
use crate::components::logs::Logs;
use crate::components::top_bar::TopBar;
use crate::locale::t;
use crate::project;
use crate::screens::conversation::link::LinkDialog;

/// Questions and answers, and what is known of this build.
#[component]
pub(crate) fn Help() -> impl IntoView {
    let logs = RwSignal::new(false);
    let link = RwSignal::new(None::<&'static str>);
    let questions = [
        (t!("help-who"), t!("help-who-answer")),
        (t!("help-id"), t!("help-id-answer")),
        (t!("help-phrase"), t!("help-phrase-answer")),
        (t!("help-late"), t!("help-late-answer")),
        (t!("help-learn"), t!("help-learn-answer")),
        (t!("help-requests"), t!("help-requests-answer")),
        (t!("help-delete"), t!("help-delete-answer")),
        (t!("help-path"), t!("help-path-answer")),
    ];
    let build = match cfg!(debug_assertions) {
        true => t!("help-build-debug"),
        false => t!("help-build-release"),
    };
    view! {
        <TopBar title=t!("help-title")/>
        <main class="page" data-testid="help">
            <h2 class="card-label">{t!("help-questions")}</h2>
            <div class="settings">
                {questions
                    .map(|(question, answer)| view! {
                        <details class="question" data-testid="help-question">
                            <summary class="question-asked">{question}</summary>
                            <p class="question-answer">{answer}</p>
                        </details>
                    })
                    .collect_view()}
            </div>
            <ul class="settings" aria-label=t!("help-about")>
                <li>
                    <button class="setting" data-testid="help-logs" on:click=move |_| logs.set(true)>
                        <Glyph icon=DOWN/>
                        <span class="setting-name">{t!("logs-save")}</span>
                        <Glyph icon=FORWARD/>
                    </button>
                </li>
                <Setting icon=FILE name=t!("licences-title") testid="help-licences" to=Route::Licences>""</Setting>
            </ul>
            <div class="pair">
                <button class="button plain" data-testid="help-terms" on:click=move |_| link.set(Some(project::TERMS))>
                    {t!("legal-terms")}
                </button>
                <button class="button plain" data-testid="help-privacy" on:click=move |_| link.set(Some(project::PRIVACY))>
                    {t!("legal-privacy")}
                </button>
            </div>
            <footer class="settings-foot">
                <p class="hint" data-testid="help-version">
                    {t!("help-version", version = env!("CARGO_PKG_VERSION"), build = build)}
                </p>
            </footer>
        </main>
        <Show when=move || logs.get()>
            <Logs on_close=Callback::new(move |()| logs.set(false))/>
        </Show>
        {move || link.get().map(|url| view! { <LinkDialog url=url.to_owned() on_close=Callback::new(move |()| link.set(None))/> })}
    }
}

/// The libraries inside of the app, from the list that was bundled with it.
#[component]
pub(crate) fn Licences() -> impl IntoView {
    let list = RwSignal::new(Vec::<(String, String)>::new());
    spawn_local(async move {
        let text = browser::bundled_text("/licences.txt").await.unwrap_or_default();
        let _ = list.try_set(entries(&text));
    });
    view! {
        <TopBar title=t!("licences-title")/>
        <main class="page" data-testid="licences">
            <p class="lead">{t!("licences-own")}</p>
            <h2 class="card-label">{t!("licences-others")}</h2>
            <ul class="licences" aria-label=t!("licences-others")>
                {move || {
                    list.get()
                        .into_iter()
                        .map(|(name, licence)| view! {
                            <li class="licence" data-testid="licence">
                                <bdi>{name}</bdi>
                                <span class="hint">{licence}</span>
                            </li>
                        })
                        .collect_view()
                }}
            </ul>
        </main>
    }
}

/// One library and its licence a line, a tab between them.
fn entries(text: &str) -> Vec<(String, String)> {
    let entry = |line: &str| {
        let (name, licence) = line.split_once('\t')?;
        Some((name.to_owned(), licence.to_owned()))
    };
    text.lines().filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_list_is_a_library_and_its_licence() {
        assert_eq!(
            entries("serde 1.0.229\tMIT OR Apache-2.0\n\nbroken\nurl 2.5.8\tMIT\n"),
            [
                ("serde 1.0.229".to_owned(), "MIT OR Apache-2.0".to_owned()),
                ("url 2.5.8".to_owned(), "MIT".to_owned()),
            ]
        );
    }
}
