//! What the user likes: kept on the device, told to shells when it changes.

use contract::{
    Accent, CreateAccount, DiscardAccount, ErrorCode, Event, GetPreferences, Preferences, SetPreferences,
    Theme,
};
use tests::simulated_network::World;
use tests::story::Device;

const DARK: Preferences = Preferences {
    theme: Theme::Dark,
    accent: Accent::Moss,
    text_scale_percent: 150,
    reduce_motion: Some(true),
    send_with_enter: false,
    autoplay_voice: true,
    read_receipts: true,
    typing_indicators: true,
    link_previews: false,
    link_previews_asked: true,
    auto_download: true,
    community_requests: false,
};

#[tokio::test]
async fn preferences_survive_a_restart_and_are_told_once() {
    let world = World::new(71);
    let device = Device::new(&world);
    let engine = device.open(1).await;
    let mut events = engine.events();
    assert_eq!(
        engine.request(GetPreferences {}).await.unwrap(),
        Preferences::default()
    );
    for _ in 0..2 {
        engine
            .request(SetPreferences { preferences: DARK })
            .await
            .unwrap();
    }
    let told = std::iter::from_fn(|| events.try_next())
        .filter(|event| *event == Event::PreferencesChanged)
        .count();
    assert_eq!(told, 1);
    engine.close().await;

    let engine = device.open(2).await;
    assert_eq!(engine.request(GetPreferences {}).await.unwrap(), DARK);
    engine.request(CreateAccount {}).await.unwrap();
    engine.request(DiscardAccount {}).await.unwrap();
    assert_eq!(
        engine.request(GetPreferences {}).await.unwrap(),
        Preferences::default()
    );
}

#[tokio::test]
async fn a_size_of_text_that_cannot_be_chosen_is_refused() {
    let world = World::new(72);
    let engine = Device::new(&world).open(1).await;
    for text_scale_percent in [79, 201] {
        let preferences = Preferences {
            text_scale_percent,
            ..DARK
        };
        let refused = engine.request(SetPreferences { preferences }).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::BadCommand);
    }
    assert_eq!(
        engine.request(GetPreferences {}).await.unwrap(),
        Preferences::default()
    );
}
