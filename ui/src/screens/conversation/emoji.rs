//! Choosing any emoji, by looking or by its name.

use leptos::prelude::*;

use crate::components::dialog::{Modal, Place};
use crate::locale::t;

/// One a line: the emoji, a blank, its name.
const EMOJIS: &str = include_str!("../../locale/emoji_en.txt");

/// So many are drawn at a time; the rest is found by name.
const MOST_SHOWN: usize = 400;

/// Those of the menu, from the first on.
pub(crate) const QUICK: [&str; 6] = ["😂", "🥰", "😢", "😡", "😮", "😈"];

/// Emojis with their names: all whose name has every word of `wanted`, as the beginning of one of its own.
fn matching(wanted: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let wanted: Vec<String> = wanted.split_whitespace().map(str::to_lowercase).collect();
    EMOJIS
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
    on_pick: Callback<&'static str>,
    /// Closes it without choosing.
    on_close: Callback<()>,
) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    let nothing = move || wanted.with(|wanted| matching(wanted).next().is_none());
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
                {move || wanted.with(|wanted| {
                    matching(wanted)
                        .map(|(emoji, name)| view! {
                            <button class="emoji" data-testid="emoji" aria-label=name on:click=move |_| on_pick.run(emoji)>
                                {emoji}
                            </button>
                        })
                        .collect_view()
                })}
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

    fn found(wanted: &str) -> Vec<&'static str> {
        matching(wanted).map(|(emoji, _)| emoji).collect()
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
