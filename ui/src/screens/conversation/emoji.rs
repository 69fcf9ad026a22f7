//! Choosing any emoji, by looking or by its name.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser;
use crate::components::dialog::{Modal, Place};
use crate::locale::t;

/// One a line: the emoji, a blank, its name. Beside the page and not inside, so that nobody waits for it at the start.
const EMOJIS: &str = "/emoji_en.txt";

/// So many are drawn at a time; the rest is found by name.
const MOST_SHOWN: usize = 400;

/// Those of the menu, from the first on.
pub(crate) const QUICK: [&str; 6] = ["😂", "🥰", "😢", "😡", "😮", "😈"];

/// Emojis with their names out of `emojis`: all whose name has every word of `wanted`, as the beginning of one of its own.
fn matching<'a>(emojis: &'a str, wanted: &str) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
    let wanted: Vec<String> = wanted.split_whitespace().map(str::to_lowercase).collect();
    emojis
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(move |(emoji, name)| {
            wanted.iter().all(|word| {
                emoji == word || name.split([' ', '-']).any(|part| part.starts_with(word.as_str()))
            })
        })
        .take(MOST_SHOWN)
}

/// The picker with its search.
#[component]
pub(crate) fn EmojiPicker(
    /// Takes what was chosen.
    on_pick: Callback<String>,
    /// Closes it without choosing.
    on_close: Callback<()>,
) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    let emojis = RwSignal::new(None::<String>);
    spawn_local(async move {
        let all = browser::bundled_text(EMOJIS).await.unwrap_or_default();
        let _ = emojis.try_set(Some(all));
    });
    let nothing = move || {
        let none = |all: &String| wanted.with(|wanted| matching(all, wanted).next().is_none());
        emojis.with(|all| all.as_ref().is_some_and(none))
    };
    view! {
        <Modal title=t!("emoji-title") testid="emoji-picker" place=Place::Foot on_close>
            <input
                class="field-input"
                type="search"
                data-testid="emoji-search"
                aria-label=t!("emoji-search")
                placeholder=t!("emoji-search")
                autocomplete="off"
                prop:value=move || wanted.get()
                on:input=move |event| wanted.set(event_target_value(&event))
            />
            <div class="emoji-grid">
                {move || emojis.with(|all| wanted.with(|wanted| {
                    matching(all.as_deref().unwrap_or_default(), wanted)
                        .map(|(emoji, name)| {
                            let (emoji, name) = (emoji.to_owned(), name.to_owned());
                            let shown = emoji.clone();
                            view! {
                                <button class="emoji" data-testid="emoji" aria-label=name on:click=move |_| on_pick.run(emoji.clone())>
                                    {shown}
                                </button>
                            }
                        })
                        .collect_view()
                }))}
            </div>
            <Show when=nothing>
                <p class="hint">{t!("emoji-none")}</p>
            </Show>
        </Modal>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMOJIS: &str = include_str!("../../../public/emoji_en.txt");

    fn found(wanted: &str) -> Vec<&'static str> {
        matching(EMOJIS, wanted).map(|(emoji, _)| emoji).collect()
    }

    #[test]
    fn emojis_are_found_by_the_beginnings_of_words() {
        assert!(found("cat fa").contains(&"🐱"));
        assert!(found("Rocket").contains(&"🚀"));
        assert!(!found("ocket").contains(&"🚀"));
        assert_eq!(found("no such thing"), [] as [&str; 0]);
        assert_eq!(found("").len(), MOST_SHOWN);
    }

    #[test]
    fn each_emoji_stands_once_and_the_quick_ones_are_among_them() {
        let mut all: Vec<_> = EMOJIS.lines().filter_map(|line| line.split_once(' ')).collect();
        assert!(
            QUICK
                .iter()
                .all(|quick| all.iter().any(|(emoji, _)| emoji == quick))
        );
        let count = all.len();
        all.sort_unstable();
        all.dedup_by_key(|(emoji, _)| *emoji);
        assert_eq!(all.len(), count);
    }
}
