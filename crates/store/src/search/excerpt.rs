//! A stretch of a text around what was looked for, with the matches marked.

use super::fold::tokens;
use super::query::Query;

/// Characters before the first match, as far as whole words go.
const BEFORE: usize = 40;
/// Characters in all.
const LENGTH: usize = 160;

/// A part of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcerptPart {
    /// The text.
    pub text: String,
    /// It is what was looked for.
    pub hit: bool,
}

/// Cuts a text around its first match. Where something was left out there is an ellipsis.
pub(crate) fn excerpt(text: &str, query: &Query) -> Vec<ExcerptPart> {
    let tokens = tokens(text);
    let matches: Vec<(usize, usize)> = query
        .matches(&tokens)
        .into_iter()
        .filter_map(|range| {
            let last = range.end.checked_sub(1)?;
            Some((tokens.get(range.start)?.start, tokens.get(last)?.end))
        })
        .collect();
    let first = matches.first().map_or(0, |(start, _)| *start);
    let begin = beginning(text, first);
    let end = ending(text, begin);
    let mut parts = Parts::default();
    if begin > 0 {
        parts.add("…", false);
    }
    let mut at = begin;
    for (start, stop) in matches {
        if start >= end {
            break;
        }
        let (start, stop) = (start.max(at), stop.min(end));
        parts.add(text.get(at..start).unwrap_or_default(), false);
        parts.add(text.get(start..stop).unwrap_or_default(), true);
        at = stop.max(at);
    }
    parts.add(text.get(at..end).unwrap_or_default(), false);
    if end < text.len() {
        parts.add("…", false);
    }
    parts.0
}

/// Where an excerpt begins: at the start of a word not too far before the first match.
fn beginning(text: &str, first: usize) -> usize {
    let before = text.get(..first).unwrap_or_default();
    let Some((earliest, _)) = before.char_indices().rev().nth(BEFORE) else {
        return 0;
    };
    let rest = before.get(earliest..).unwrap_or_default();
    rest.find(char::is_whitespace)
        .and_then(|blank| {
            let after = rest.get(blank..)?;
            let word = after.find(|character: char| !character.is_whitespace())?;
            earliest.checked_add(blank)?.checked_add(word)
        })
        // One long word, or a script without spaces.
        .unwrap_or(earliest)
}

fn ending(text: &str, begin: usize) -> usize {
    let rest = text.get(begin..).unwrap_or_default();
    rest.char_indices()
        .nth(LENGTH)
        .map_or(text.len(), |(length, _)| begin.saturating_add(length))
}

/// Parts of an excerpt on one line; neighbours of one kind become one part.
#[derive(Default)]
struct Parts(Vec<ExcerptPart>);

impl Parts {
    fn add(&mut self, text: &str, hit: bool) {
        if text.is_empty() {
            return;
        }
        let mut line = String::with_capacity(text.len());
        for character in text.chars() {
            let character = if character.is_whitespace() { ' ' } else { character };
            if character != ' ' || !line.ends_with(' ') {
                line.push(character);
            }
        }
        match self.0.last_mut().filter(|last| last.hit == hit) {
            Some(last) => last.text.push_str(&line),
            None => self.0.push(ExcerptPart { text: line, hit }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(text: &str, query: &str) -> String {
        excerpt(text, &Query::parse(query).unwrap())
            .into_iter()
            .map(|part| match part.hit {
                true => format!("[{}]", part.text),
                false => part.text,
            })
            .collect()
    }

    #[test]
    fn matches_are_marked_where_they_are() {
        assert_eq!(marked("See you at the Café", "caf"), "See you at the [Café]");
        assert_eq!(marked("one two one", "one"), "[one] two [one]");
        assert_eq!(marked("two\n\n lines", "lin"), "two [lines]");
        assert_eq!(marked("今天看电影吗", "电影"), "今天看[电影]吗");
        assert_eq!(marked("nothing here", "else"), "nothing here");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_match() {
        let text = format!("{} needle {}", "hay ".repeat(50), "stack ".repeat(50));
        let cut = marked(&text, "needle");
        assert!(cut.starts_with("…hay "), "{cut}");
        assert!(cut.contains(" [needle] stack ") && cut.ends_with('…'), "{cut}");
        assert!(cut.chars().count() <= LENGTH + 4, "{cut}");
        let word = format!("{}x", "电".repeat(300));
        assert!(marked(&word, "x").starts_with("…电"));
    }

    proptest! {
        #[test]
        fn an_excerpt_is_short_and_never_panics(text in "\\PC{0,300}", query in "\\PC{1,8}") {
            if let Some(query) = Query::parse(&query) {
                let parts = excerpt(&text, &query);
                let length: usize = parts.iter().map(|part| part.text.chars().count()).sum();
                prop_assert!(length <= LENGTH + 2);
                prop_assert!(parts.windows(2).all(|pair| pair[0].hit != pair[1].hit));
            }
        }
    }
}
