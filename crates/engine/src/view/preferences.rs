//! What the user likes, as shells see it and as it is stored.

macro_rules! mirrored {
    ($view:ident, $stored:ident, $name:ident { $($variant:ident),* $(,)? }) => {
        fn $view(value: store::$name) -> contract::$name {
            match value { $( store::$name::$variant => contract::$name::$variant, )* }
        }

        fn $stored(value: contract::$name) -> store::$name {
            match value { $( contract::$name::$variant => store::$name::$variant, )* }
        }
    };
}

mirrored!(
    theme_view,
    theme_stored,
    Theme {
        System,
        Light,
        Dark,
        HighContrast
    }
);
mirrored!(
    accent_view,
    accent_stored,
    Accent {
        Sea,
        Blue,
        Violet,
        Plum,
        Moss,
        Amber,
        Slate
    }
);

/// As shells see it.
pub(crate) fn view(stored: &store::Preferences) -> contract::Preferences {
    contract::Preferences {
        theme: theme_view(stored.theme),
        accent: accent_view(stored.accent),
        text_scale_percent: stored.text_scale_percent,
        reduce_motion: stored.reduce_motion,
        send_with_enter: stored.send_with_enter,
        autoplay_voice: stored.autoplay_voice,
        read_receipts: stored.read_receipts,
        typing_indicators: stored.typing_indicators,
        link_previews: stored.link_previews,
        link_previews_asked: stored.link_previews_asked,
        auto_download: stored.auto_download,
        community_requests: stored.community_requests.unwrap_or_default(),
    }
}

/// As it is stored.
pub(crate) fn stored(view: &contract::Preferences) -> store::Preferences {
    store::Preferences {
        theme: theme_stored(view.theme),
        accent: accent_stored(view.accent),
        text_scale_percent: view.text_scale_percent,
        reduce_motion: view.reduce_motion,
        send_with_enter: view.send_with_enter,
        autoplay_voice: view.autoplay_voice,
        read_receipts: view.read_receipts,
        typing_indicators: view.typing_indicators,
        link_previews: view.link_previews,
        link_previews_asked: view.link_previews_asked,
        auto_download: view.auto_download,
        community_requests: Some(view.community_requests),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_survives_the_way_through_the_store() {
        for theme in contract::Theme::ALL {
            for accent in contract::Accent::ALL {
                let chosen = contract::Preferences {
                    theme,
                    accent,
                    text_scale_percent: 200,
                    reduce_motion: Some(true),
                    autoplay_voice: true,
                    link_previews_asked: true,
                    auto_download: true,
                    ..contract::Preferences::default()
                };
                assert_eq!(view(&stored(&chosen)), chosen);
            }
        }
    }

    #[test]
    fn both_sides_begin_alike() {
        assert_eq!(
            view(&store::Preferences::default()),
            contract::Preferences::default()
        );
    }
}
