//! The chosen theme. Colours themselves are in `ui/style/00-tokens.css`.

use contract::Theme;

use crate::browser;

/// The value of the page's `data-theme`.
pub(crate) const fn name(theme: Theme) -> &'static str {
    match theme {
        Theme::System | Theme::HighContrast => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

/// Uses a theme.
pub(crate) fn apply(theme: Theme) {
    if let Some(root) = browser::document().document_element() {
        let _ = root.set_attribute("data-theme", name(theme));
    }
}

#[cfg(test)]
#[path = "theme_tests.rs"]
mod tests;
