//! What is asked for: the words of a query, and how the index is asked for them.
//!
//! Nothing of a query reaches the index as it was typed: only tokens do, which hold letters, digits, marks and symbols,
//! each phrase of them between quotes.

use super::fold::{Token, tokens};

/// Words of a query that count; nobody types more, and each costs a look into the index.
const MOST_TERMS: usize = 16;

/// A query taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    terms: Vec<Term>,
}

/// What stood between two blanks: tokens that follow each other, the last of which may be the beginning of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    tokens: Vec<String>,
    prefix: bool,
}

impl Query {
    /// `None` when nothing is left that could be looked for.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let terms: Vec<Term> = text
            .split_whitespace()
            .filter_map(Term::parse)
            .take(MOST_TERMS)
            .collect();
        (!terms.is_empty()).then_some(Self { terms })
    }

    /// The expression for the index: every term must be in the text, and the message in the place if one is given.
    pub(crate) fn expression(&self, place: Option<i64>) -> String {
        let terms: Vec<String> = self
            .terms
            .iter()
            .map(|term| {
                let star = if term.prefix { "*" } else { "" };
                format!("\"{}\"{star}", term.tokens.join(" "))
            })
            .collect();
        let text = format!("text : ({})", terms.join(" AND "));
        match place {
            Some(place) => format!("{text} AND place : \"c{place}\""),
            None => text,
        }
    }

    /// What each term must be found as in `contacts.names`.
    pub(crate) fn name_parts(&self) -> impl Iterator<Item = String> {
        self.terms.iter().map(|term| match term.prefix {
            true => format!(" {}", term.tokens.join(" ")),
            false => format!(" {} ", term.tokens.join(" ")),
        })
    }

    /// Whether every term is found in the tokens of a text.
    pub(crate) fn is_in(&self, text: &[Token]) -> bool {
        let found = |term: &Term| (0..text.len()).any(|at| term.begins(text.get(at..).unwrap_or_default()));
        self.terms.iter().all(found)
    }

    /// Where the terms are found in the tokens of a text, as ranges of tokens in order, without overlaps.
    pub(crate) fn matches(&self, text: &[Token]) -> Vec<std::ops::Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let rest = text.get(at..).unwrap_or_default();
            let longest = self
                .terms
                .iter()
                .filter(|term| term.begins(rest))
                .map(|term| term.tokens.len())
                .max();
            match longest {
                Some(length) => {
                    let end = at.saturating_add(length.max(1));
                    found.push(at..end);
                    at = end;
                }
                None => at = at.saturating_add(1),
            }
        }
        found
    }
}

impl Term {
    fn parse(text: &str) -> Option<Self> {
        let tokens = tokens(text);
        let prefix = tokens.last()?.word;
        Some(Self {
            tokens: tokens.into_iter().map(|token| token.text).collect(),
            prefix,
        })
    }

    /// Whether a text begins with the term.
    fn begins(&self, text: &[Token]) -> bool {
        let Some((last, first)) = self.tokens.split_last() else {
            return false;
        };
        let mut text = text.iter();
        first
            .iter()
            .all(|token| text.next().is_some_and(|there| there.text == *token))
            && text.next().is_some_and(|there| match self.prefix {
                true => there.text.starts_with(last),
                false => there.text == *last,
            })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn expression(text: &str) -> Option<String> {
        Query::parse(text).map(|query| query.expression(None))
    }

    #[test]
    fn operators_and_quotes_are_not_passed_on() {
        for (typed, expected) in [
            ("Caf", "text : (\"caf\"*)"),
            ("a OR \"b", "text : (\"a\"* AND \"or\"* AND \"b\"*)"),
            ("e-mail -x", "text : (\"e mail\"* AND \"x\"*)"),
            ("place:c1", "text : (\"place c1\"*)"),
            ("NEAR(a*)", "text : (\"near a\"*)"),
            ("电影 🎂", "text : (\"电 影\" AND \"🎂\")"),
        ] {
            assert_eq!(expression(typed).as_deref(), Some(expected), "{typed:?}");
        }
        assert_eq!(expression(" \"' * ( "), None);
        let many = "x ".repeat(100);
        assert_eq!(expression(&many).unwrap().matches("\"x\"*").count(), MOST_TERMS);
        assert_eq!(
            Query::parse("x").unwrap().expression(Some(7)),
            "text : (\"x\"*) AND place : \"c7\""
        );
    }

    proptest! {
        /// Whatever a text is made of: asked for, it is found in itself.
        #[test]
        fn a_text_is_found_in_itself(text in "\\PC{1,30}") {
            if let Some(query) = Query::parse(&text) {
                prop_assert!(!query.matches(&tokens(&text)).is_empty());
            }
        }
    }

    #[test]
    fn matches_are_found_again_in_a_text() {
        let matches = |query: &str, text: &str| {
            let found = tokens(text);
            let ranges = Query::parse(query).unwrap().matches(&found);
            ranges
                .into_iter()
                .map(|range| text[found[range.start].start..found[range.end - 1].end].to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(matches("caf", "Cafés and a CAFETERIA"), ["Cafés", "CAFETERIA"]);
        assert_eq!(matches("电影", "今天看电影吗"), ["电影"]);
        assert_eq!(matches("e-mail", "e mail e-mails mail"), ["e mail", "e-mails"]);
        assert_eq!(matches("a ab", "abc b a"), ["abc", "a"]);
    }
}
