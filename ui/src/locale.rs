//! All wording, by key (`screen-element-state`), in Fluent's format.
//!
//! Views write `t!("home-title")` or `t!("home-row-unread", n = 3)` and never a sentence of their own.

mod wording;

use contract::Failure;

pub(crate) use self::wording::Value;
use self::wording::Wordings;

thread_local! {
    static WORDINGS: Wordings = Wordings::read(file());
}

/// The file of the user's language, which `start.js` fetches beside the compiled UI: who reads one language loads one.
#[cfg(target_arch = "wasm32")]
fn file() -> &'static str {
    let file = js_sys::Reflect::get(&js_sys::global(), &"wording".into()).ok();
    // Read once, and used until the page goes.
    Box::leak(
        file.and_then(|file| file.as_string())
            .unwrap_or_default()
            .into_boxed_str(),
    )
}

/// The same, for tests on this machine.
#[cfg(not(target_arch = "wasm32"))]
const fn file() -> &'static str {
    include_str!("../public/en.ftl")
}

/// The wording of one key, with values for its placeholders; the key itself where it is unknown, which a test rules out.
pub(crate) fn text(key: &str, values: &[(&str, Value)]) -> String {
    WORDINGS.with(|wordings| wordings.format(key, values).unwrap_or_else(|| key.to_owned()))
}

/// The wording of a key, with values for its placeholders.
macro_rules! t {
    ($key:expr) => { $crate::locale::text($key, &[]) };
    ($key:expr, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::locale::text($key, &[$( (stringify!($name), $crate::locale::Value::from($value)), )+])
    };
}
pub(crate) use t;

/// The wording of a failure.
pub(crate) fn failure_text(failure: &Failure) -> String {
    let code = failure.code.as_str();
    let mut values = Vec::new();
    for (name, value) in &failure.values {
        let value = match value.parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(isolate(value)),
        };
        values.push((name.as_str(), value));
    }
    // Last: a failure's own value of this name goes first.
    values.push(("code", Value::from(code)));
    text(&code.to_lowercase(), &values)
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
