//! What the user likes: looks, keys, and what others learn. On this device only, but for what says otherwise.

use serde::{Deserialize, Serialize};

/// Answer to `get_preferences`, and what `set_preferences` keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    /// Which colours to use.
    pub theme: Theme,
    /// The colour of buttons and of one's own messages.
    pub accent: Accent,
    /// Size of text in percent of the system's, 80 to 200.
    pub text_scale_percent: u16,
    /// Show no movement; `None` as the system says.
    pub reduce_motion: Option<bool>,
    /// Enter on a hardware keyboard sends; Shift and Enter is always a new line.
    pub send_with_enter: bool,
    /// After a voice message the next one plays by itself.
    pub autoplay_voice: bool,
    /// Others learn that I have read their messages, and I learn it of them.
    pub read_receipts: bool,
    /// Others learn that I am typing, and I learn it of them.
    pub typing_indicators: bool,
    /// Links that I send are visited for a preview.
    pub link_previews: bool,
    /// The question whether to make previews was answered.
    pub link_previews_asked: bool,
    /// Files of people I accepted, and of whom nothing else was decided, are fetched without asking.
    #[serde(default)]
    pub auto_download: bool,
    /// People of communities may ask to write to me. All devices of the account share it; only `set_community_requests`
    /// changes it.
    #[serde(default)]
    pub community_requests: bool,
}

impl Preferences {
    /// The sizes of text that can be chosen, in percent.
    pub const TEXT_SCALES: std::ops::RangeInclusive<u16> = 80..=200;
}

impl Default for Preferences {
    /// Nothing that others could learn anything from is on.
    fn default() -> Self {
        Self {
            theme: Theme::System,
            accent: Accent::Sea,
            text_scale_percent: 100,
            reduce_motion: None,
            send_with_enter: true,
            autoplay_voice: false,
            read_receipts: false,
            typing_indicators: false,
            link_previews: false,
            link_previews_asked: false,
            auto_download: false,
            community_requests: false,
        }
    }
}

/// Which colours to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Light or dark, as the device says.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// Text at least 7:1 against its ground.
    HighContrast,
}

impl Theme {
    /// Every theme, in the order of the screen.
    pub const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::HighContrast];
}

/// The colour of buttons and of one's own messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accent {
    /// The blue-green of the name's bird over water.
    Sea,
    /// Blue.
    Blue,
    /// Violet.
    Violet,
    /// Between red and violet.
    Plum,
    /// Green.
    Moss,
    /// Brown-yellow.
    Amber,
    /// Grey.
    Slate,
}

impl Accent {
    /// Every accent, in the order of the screen.
    pub const ALL: [Self; 7] = [
        Self::Sea,
        Self::Blue,
        Self::Violet,
        Self::Plum,
        Self::Moss,
        Self::Amber,
        Self::Slate,
    ];
}
