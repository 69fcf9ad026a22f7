//! The chosen looks. Colours themselves are in `ui/style/00-tokens.css` and the two files after it.

use contract::{Accent, Preferences, Theme};

use crate::browser;

/// The value of the page's `data-theme`.
pub(crate) const fn name(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
        Theme::HighContrast => "contrast",
    }
}

/// The value of the page's `data-accent`.
pub(crate) const fn accent_name(accent: Accent) -> &'static str {
    match accent {
        Accent::Sea => "sea",
        Accent::Blue => "blue",
        Accent::Violet => "violet",
        Accent::Plum => "plum",
        Accent::Moss => "moss",
        Accent::Amber => "amber",
        Accent::Slate => "slate",
    }
}

/// Uses the looks that somebody likes.
pub(crate) fn apply(liked: &Preferences) {
    let Some(root) = browser::root() else { return };
    let _ = root.set_attribute("data-theme", name(liked.theme));
    let _ = root.set_attribute("data-accent", accent_name(liked.accent));
    let _ = match liked.reduce_motion {
        Some(true) => root.set_attribute("data-motion", "reduced"),
        Some(false) => root.set_attribute("data-motion", "full"),
        None => root.remove_attribute("data-motion"),
    };
    // In percent of what the device says; everything else is measured in it.
    let size = format!("{}%", liked.text_scale_percent);
    let _ = root.style().set_property("font-size", &size);
}

/// Whether the device asks for less movement.
pub(crate) fn device_reduces_motion() -> bool {
    browser::media("(prefers-reduced-motion: reduce)")
}

/// Whether nothing is to move by itself: as the user says, else as the device does.
pub(crate) fn reduces_motion(liked: &Preferences) -> bool {
    liked.reduce_motion.unwrap_or_else(device_reduces_motion)
}

#[cfg(test)]
#[path = "theme_tests.rs"]
mod tests;
