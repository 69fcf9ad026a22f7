//! What the user likes: one row, everything at its default without it.

use rusqlite::{OptionalExtension, params};

use crate::column::stored_enum;
use crate::{Reading, StoreError, Writing};

stored_enum! {
    /// Which colours to use.
    Theme {
        /// Light or dark, as the device says.
        System = 0,
        /// Always light.
        Light = 1,
        /// Always dark.
        Dark = 2,
        /// Text at least 7:1 against its ground.
        HighContrast = 3,
    }
}

stored_enum! {
    /// The colour of buttons and of one's own messages.
    Accent {
        /// Blue-green.
        Sea = 0,
        /// Blue.
        Blue = 1,
        /// Violet.
        Violet = 2,
        /// Between red and violet.
        Plum = 3,
        /// Green.
        Moss = 4,
        /// Brown-yellow.
        Amber = 5,
        /// Grey.
        Slate = 6,
    }
}

/// What the user likes, on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// Which colours to use.
    pub theme: Theme,
    /// The colour of buttons and of one's own messages.
    pub accent: Accent,
    /// Size of text in percent of the system's, 80 to 200.
    pub text_scale_percent: u16,
    /// Show no movement; `None` as the system says.
    pub reduce_motion: Option<bool>,
    /// Enter on a hardware keyboard sends.
    pub send_with_enter: bool,
    /// After a voice message the next one plays by itself.
    pub autoplay_voice: bool,
    /// Read receipts are sent and shown.
    pub read_receipts: bool,
    /// Typing is told and shown.
    pub typing_indicators: bool,
    /// Links that are sent get a preview.
    pub link_previews: bool,
    /// The question whether to make previews was answered.
    pub link_previews_asked: bool,
    /// Files of people of whom nothing else was decided are fetched without asking.
    pub auto_download: bool,
    /// People of communities may ask to write to me. Shared by all devices; `None` while nobody has said.
    pub community_requests: Option<bool>,
}

impl Default for Preferences {
    /// The defaults of the columns.
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
            community_requests: None,
        }
    }
}

impl Reading<'_> {
    /// What the user likes.
    ///
    /// # Errors
    /// When the database fails.
    pub fn preferences(&self) -> Result<Preferences, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT theme, accent, text_scale_percent, reduce_motion, send_with_enter, autoplay_voice,
                    read_receipts, typing_indicators, link_previews, link_previews_asked, auto_download,
                    community_requests
             FROM preferences",
        )?;
        let preferences = statement.query_row([], |row| {
            Ok(Preferences {
                theme: row.get(0)?,
                accent: row.get(1)?,
                text_scale_percent: row.get(2)?,
                reduce_motion: row.get(3)?,
                send_with_enter: row.get(4)?,
                autoplay_voice: row.get(5)?,
                read_receipts: row.get(6)?,
                typing_indicators: row.get(7)?,
                link_previews: row.get(8)?,
                link_previews_asked: row.get(9)?,
                auto_download: row.get(10)?,
                community_requests: row.get(11)?,
            })
        });
        Ok(preferences.optional()?.unwrap_or_default())
    }
}

impl Writing<'_> {
    /// Replaces what the user likes.
    ///
    /// # Errors
    /// When the database fails, or the size of text is none that can be chosen.
    pub fn set_preferences(&self, preferences: &Preferences) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT OR REPLACE INTO preferences (id, theme, accent, text_scale_percent, reduce_motion,
                 send_with_enter, autoplay_voice, read_receipts, typing_indicators, link_previews,
                 link_previews_asked, auto_download, community_requests)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        statement.execute(params![
            preferences.theme,
            preferences.accent,
            preferences.text_scale_percent,
            preferences.reduce_motion,
            preferences.send_with_enter,
            preferences.autoplay_voice,
            preferences.read_receipts,
            preferences.typing_indicators,
            preferences.link_previews,
            preferences.link_previews_asked,
            preferences.auto_download,
            preferences.community_requests,
        ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;
    use crate::story::*;

    fn changed() -> Preferences {
        Preferences {
            theme: Theme::HighContrast,
            accent: Accent::Slate,
            text_scale_percent: 135,
            reduce_motion: Some(false),
            send_with_enter: false,
            autoplay_voice: true,
            read_receipts: true,
            typing_indicators: true,
            link_previews: true,
            link_previews_asked: true,
            auto_download: true,
            community_requests: Some(true),
        }
    }

    fn kept(store: &Store) -> Preferences {
        store.read::<_, StoreError>(|r| r.preferences()).unwrap()
    }

    #[test]
    fn preferences_are_kept_whole_and_at_their_defaults_before() {
        let store = Store::in_memory().unwrap();
        assert_eq!(kept(&store), Preferences::default());
        store.write(|w| w.set_preferences(&changed())).unwrap();
        assert_eq!(kept(&store), changed());
        let motionless = Preferences {
            reduce_motion: Some(true),
            ..Preferences::default()
        };
        store.write(|w| w.set_preferences(&motionless)).unwrap();
        assert_eq!(kept(&store), motionless);
    }

    #[test]
    fn the_defaults_of_the_columns_are_the_defaults() {
        let store = Store::in_memory().unwrap();
        store
            .write::<_, StoreError>(|w| {
                w.conn.execute("INSERT INTO preferences (id) VALUES (1)", [])?;
                Ok(())
            })
            .unwrap();
        assert_eq!(kept(&store), Preferences::default());
    }

    #[test]
    fn a_size_of_text_that_cannot_be_chosen_is_refused() {
        let store = Store::in_memory().unwrap();
        for text_scale_percent in [0, 79, 201] {
            let wrong = Preferences {
                text_scale_percent,
                ..Preferences::default()
            };
            assert!(store.write(|w| w.set_preferences(&wrong)).is_err());
        }
        assert_eq!(kept(&store), Preferences::default());
    }

    #[test]
    fn they_go_with_the_account() {
        let store = store();
        store.write(|w| w.set_preferences(&changed())).unwrap();
        store.write(|w| w.delete_account()).unwrap();
        assert_eq!(kept(&store), Preferences::default());
    }
}
