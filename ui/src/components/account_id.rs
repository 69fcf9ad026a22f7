//! Account IDs: monospace, in groups of four, left to right in every language.

use leptos::prelude::*;

/// Shows a whole Account ID. Its text content is the plain 66 characters; the groups are spaced by style.
#[component]
pub(crate) fn FullAccountId(
    /// The Account ID.
    #[prop(into)]
    id: Signal<String>,
    /// The element's test id.
    testid: &'static str,
) -> impl IntoView {
    view! {
        <bdi class="account-id" dir="ltr" translate="no" data-testid=testid>
            {move || groups(&id.get()).into_iter().map(|group| view! { <span>{group}</span> }).collect_view()}
        </bdi>
    }
}

/// `05ab…9f3c`.
pub(crate) fn shortened(id: &str) -> String {
    match (
        id.get(..4),
        id.len().checked_sub(4).and_then(|from| id.get(from..)),
    ) {
        (Some(head), Some(tail)) if id.len() > 9 => format!("{head}…{tail}"),
        _ => id.to_owned(),
    }
}

fn groups(id: &str) -> Vec<String> {
    id.chars()
        .collect::<Vec<_>>()
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_shortened_to_its_ends() {
        assert_eq!(shortened(&format!("05ab{}9f3c", "0".repeat(58))), "05ab…9f3c");
        assert_eq!(shortened("05ab"), "05ab");
        assert_eq!(shortened("ääääää"), "ää…ää");
    }

    #[test]
    fn groups_lose_nothing() {
        let id = format!("05{}", "ab".repeat(32));
        assert_eq!(groups(&id).concat(), id);
        assert_eq!(groups(&id).len(), 17);
    }
}
