//! The chosen theme. Colours themselves are in `ui/style/00-tokens.css`.

use crate::browser;

const KEY: &str = "tern.theme";

/// Which colours to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the device says.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The value of the page's `data-theme`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What was chosen on this device; at first, what the device says.
pub(crate) fn chosen() -> Theme {
    match browser::stored(KEY).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

/// Keeps a choice and uses it at once.
pub(crate) fn choose(theme: Theme) {
    browser::store(KEY, theme.name());
    apply(theme);
}

/// Uses a theme.
pub(crate) fn apply(theme: Theme) {
    if let Some(root) = browser::document().document_element() {
        let _ = root.set_attribute("data-theme", theme.name());
    }
}

#[cfg(test)]
#[path = "theme_tests.rs"]
mod tests;
