//! Message text in pieces: plain text and web links. Never HTML.

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Plain text.
    Text(String),
    /// A web address, as typed.
    Link(String),
}

/// Splits text at its web addresses; the pieces put together are the text.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut plain = String::new();
    while let Some(start) = next_link(rest) {
        let (before, from) = rest.split_at(start);
        let address = address_of(from);
        plain.push_str(before);
        if address.is_empty() {
            // A scheme without an address: one character on, so that the search ends.
            let mut chars = from.chars();
            plain.extend(chars.next());
            rest = chars.as_str();
            continue;
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Link(address.to_owned()));
        rest = from.strip_prefix(address).unwrap_or_default();
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}

fn next_link(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let found = |scheme: &str| {
        lower.match_indices(scheme).map(|(at, _)| at).find(|at| {
            !lower
                .get(..*at)
                .and_then(|before| before.chars().next_back())
                .is_some_and(char::is_alphanumeric)
        })
    };
    [found("https://"), found("http://")].into_iter().flatten().min()
}

/// The address at the start of `text`: up to white space, without punctuation that belongs to the sentence.
fn address_of(text: &str) -> &str {
    let whole = text
        .split(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '“' | '”'))
        .next()
        .unwrap_or_default();
    let mut address = whole;
    while let Some(last) = address.chars().next_back() {
        let sentence = matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…')
            || (last == ')' && address.matches(')').count() > address.matches('(').count());
        if !sentence {
            break;
        }
        address = address.strip_suffix(last).unwrap_or_default();
    }
    let host = address.split_once("://").map_or("", |(_, host)| host);
    if host.chars().next().is_some_and(char::is_alphanumeric) {
        address
    } else {
        ""
    }
}

/// Emoji shown large when a message is nothing else.
const LARGE: usize = 3;

/// Whether the text is one to three emoji and nothing else.
pub(crate) fn is_few_emoji(text: &str) -> bool {
    const JOINER: char = '\u{200d}';
    let mut count = 0;
    let mut joined = false;
    let mut flag_half = false;
    for c in text.trim().chars() {
        match c {
            JOINER if count > 0 => joined = true,
            // Variation selector, skin tones, tags of flags: they belong to the emoji before.
            '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' if count > 0 => {}
            '\u{1f1e6}'..='\u{1f1ff}' => {
                if !flag_half {
                    count += 1;
                }
                flag_half = !flag_half;
                joined = false;
            }
            _ if is_emoji(c) => {
                if !joined {
                    count += 1;
                }
                joined = false;
            }
            _ => return false,
        }
        if count > LARGE {
            return false;
        }
    }
    count > 0 && !flag_half
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{231a}'..='\u{23ff}'
        | '\u{1f004}' | '\u{1f0cf}' | '\u{1f18e}'..='\u{1f19a}' | '\u{1f200}'..='\u{1f2ff}')
}

/// Lines after which a message is cut.
pub(crate) const LINES: usize = 25;

/// Whether a text may be longer than [`LINES`] lines on the narrowest screen (some 20 characters a line).
pub(crate) fn may_be_long(text: &str) -> bool {
    text.split('\n')
        .map(|line| 1 + line.chars().count() / 20)
        .sum::<usize>()
        > LINES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        let pieces = pieces(text);
        let whole: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(t) | Piece::Link(t) => t.as_str(),
            })
            .collect();
        assert_eq!(whole, text, "nothing is lost");
        pieces
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Link(link) => Some(link),
                Piece::Text(_) => None,
            })
            .collect()
    }

    #[test]
    fn links_end_where_the_sentence_goes_on() {
        assert_eq!(
            links("see https://example.org/a?b=c, or (http://example.org/x)."),
            ["https://example.org/a?b=c", "http://example.org/x"]
        );
        assert_eq!(
            links("https://example.org/wiki/Tern_(bird)"),
            ["https://example.org/wiki/Tern_(bird)"]
        );
        assert_eq!(links("HTTPS://EXAMPLE.ORG!"), ["HTTPS://EXAMPLE.ORG"]);
    }

    #[test]
    fn what_is_no_address_stays_text() {
        for text in [
            "",
            "https://",
            "http://.",
            "xhttps://example.org",
            "javascript:alert(1)",
            "<b>https</b>",
            "https://https://",
        ] {
            assert!(links(text).is_empty() || text == "https://https://", "{text}");
        }
        assert_eq!(links("a https:// https://b.example"), ["https://b.example"]);
    }

    #[test]
    fn up_to_three_emoji_alone_are_large() {
        for few in ["🙂", "⛵🎒", " 👍🏽 ", "👩‍👩‍👧‍👦", "🇸🇪🇳🇴", "❤️", "🏳️‍🌈"]
        {
            assert!(is_few_emoji(few), "{few}");
        }
        for other in ["", " ", "🙂🙂🙂🙂", "ok 🙂", "1", "🇸", "a", "\u{200d}"] {
            assert!(!is_few_emoji(other), "{other}");
        }
    }

    #[test]
    fn long_texts_are_noticed_before_they_are_measured() {
        assert!(!may_be_long(&"line\n".repeat(20)));
        assert!(may_be_long(&"line\n".repeat(40)));
        assert!(may_be_long(&"a".repeat(2_000)));
        assert!(!may_be_long("hello"));
    }
}
