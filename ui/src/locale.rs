//! All wording, by key (`screen-element-state`), through Fluent.
//!
//! Views write `t!("home-title")` or `t!("home-row-unread", n = 3)` and never a sentence of their own.

use std::cell::OnceCell;

use contract::Failure;
pub(crate) use fluent_bundle::FluentArgs;
use fluent_bundle::{FluentBundle, FluentResource};
use unic_langid::LanguageIdentifier;

const ENGLISH: &str = include_str!("locale/en.ftl");

thread_local! {
    static BUNDLE: OnceCell<FluentBundle<FluentResource>> = const { OnceCell::new() };
}

fn bundle() -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new(vec![LanguageIdentifier::from_bytes(b"en").unwrap_or_default()]);
    // Names and ids are isolated by `isolate` where they need it; numbers never do.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(ENGLISH.to_owned()).unwrap_or_else(|(partial, _)| partial);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The wording of one key; the key itself where it is unknown, which a test rules out.
pub(crate) fn text(key: &str, values: Option<&FluentArgs<'_>>) -> String {
    BUNDLE.with(|cell| {
        let bundle = cell.get_or_init(bundle);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        bundle
            .format_pattern(pattern, values, &mut Vec::new())
            .into_owned()
    })
}

/// The wording of a key, with values for its placeholders.
macro_rules! t {
    ($key:expr) => { $crate::locale::text($key, None) };
    ($key:expr, $($name:ident = $value:expr),+ $(,)?) => {{
        let mut values = $crate::locale::FluentArgs::new();
        $( values.set(stringify!($name), $value); )+
        $crate::locale::text($key, Some(&values))
    }};
}
pub(crate) use t;

/// The wording of a failure.
pub(crate) fn failure_text(failure: &Failure) -> String {
    let mut values = FluentArgs::new();
    values.set("code", failure.code.as_str());
    for (name, value) in &failure.values {
        match value.parse::<i64>() {
            Ok(number) => values.set(name.clone(), number),
            Err(_) => values.set(name.clone(), isolate(value)),
        }
    }
    text(&failure.code.as_str().to_lowercase(), Some(&values))
}

/// A name or other foreign text, made safe to stand inside a sentence: without direction controls, and kept apart
/// from the sentence's direction when it has one of its own.
pub(crate) fn isolate(name: &str) -> String {
    let clean = without_controls(name);
    if clean.chars().any(is_right_to_left) {
        format!("\u{2068}{clean}\u{2069}")
    } else {
        clean
    }
}

/// Text without characters that change the direction of what follows.
pub(crate) fn without_controls(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect()
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
#[path = "locale_tests.rs"]
mod tests;
