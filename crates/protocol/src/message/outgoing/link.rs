//! Which previews belong to a text.

/// Longest link that has a preview, in bytes.
const LONGEST: usize = 2_048;

/// Whether a link stands in a text: as a web address of its own, not as a part of another. Others drop a preview of a
/// link that does not. Spec: messages §17 (PRV-01)
pub fn stands_in(url: &str, text: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let is_web = ["https://", "http://"]
        .iter()
        .any(|scheme| lower.starts_with(scheme) && url.len() > scheme.len());
    if !is_web || url.len() > LONGEST || url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return false;
    }
    text.match_indices(url).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at.saturating_add(url.len())..);
        before.is_none_or(begins_after) && after.is_some_and(ends_before)
    })
}

/// Whether a link may begin after this character.
fn begins_after(before: char) -> bool {
    !before.is_alphanumeric()
        && !matches!(
            before,
            '/' | '?' | '=' | '&' | '#' | ':' | '@' | '-' | '_' | '%' | '+'
        )
}

/// Whether what follows is no part of the link: the end, a blank, or punctuation of the sentence.
fn ends_before(after: &str) -> bool {
    let rest = after.trim_start_matches([
        '.', ',', ';', ':', '!', '?', '\'', '"', ')', ']', '}', '>', '…', '”', '»',
    ]);
    rest.is_empty() || rest.starts_with(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prv_01_a_link_is_a_whole_address_of_the_text() {
        let url = "https://example.org/a";
        for text in [
            "https://example.org/a",
            "see https://example.org/a",
            "(https://example.org/a).",
            "https://example.org/ab\nhttps://example.org/a",
            "“https://example.org/a” and more",
            "https://example.org/a, https://example.org/b",
        ] {
            assert!(stands_in(url, text), "{text}");
        }
        for text in [
            "",
            "example.org/a",
            "https://example.org/ab",
            "https://example.org/a/b",
            "https://evil.example/?u=https://example.org/a",
            "xhttps://example.org/a",
            "https://example.org/A",
        ] {
            assert!(!stands_in(url, text), "{text}");
        }
    }

    #[test]
    fn prv_01_only_web_addresses_are_links() {
        assert!(stands_in("http://a", "http://a") && stands_in("HTTPS://A", "HTTPS://A"));
        let long = format!("https://a/{}", "a".repeat(LONGEST));
        for other in [
            "",
            "https://",
            "http://",
            "ftp://a",
            "javascript:a",
            "https://a b",
            "https://a\u{7}",
            "é",
            &long,
        ] {
            assert!(!stands_in(other, other), "{other}");
        }
    }
}
