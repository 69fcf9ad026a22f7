//! Flows about getting in: creating an account, its name, its phrase, and coming back with the phrase.

use std::time::{Duration, Instant};

use app_tests::{Patience, World, compact};

/// A well-formed phrase that belongs to nobody (published with the seed 0123456789abcdef twice).
const PHRASE: &str = "vexed enjoy pigment films adept voted vexed enjoy pigment films adept voted adept";

#[tokio::test]
async fn flow_02_create_fast() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.network.stop_all().await;
    let alice = world.person("alice")?;
    let app = world.open(&alice).await?;
    let start = Instant::now();

    app.click("landing-create").await?;
    let account_id = compact(&app.text("name-account-id").await?);
    app.fill("name-input", "Alice").await?;
    app.click("name-continue").await?;
    app.wait("notif-fast", Patience::SCREEN).await?;
    app.click("notif-continue").await?;
    app.click("phrase-later").await?;
    app.wait("home-empty-new", Patience::SCREEN).await?;
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "creating took {:?}",
        start.elapsed()
    );

    app.click("home-avatar").await?;
    app.wait_text("settings", "Alice", Patience::SCREEN).await?;
    let shown = compact(&app.text("set-id").await?);
    assert_eq!(shown, account_id);
    assert_eq!(shown.len(), 66);
    assert!(shown.starts_with("05"));
    app.close().await
}

#[tokio::test]
async fn flow_03_name_rules() -> anyhow::Result<()> {
    let world = World::start().await?;
    let app = world.open(&world.person("alice")?).await?;
    app.click("landing-create").await?;
    let refused = [
        ("", "Enter a name."),
        ("   ", "Enter a name."),
        (&"a".repeat(101), "That name is too long. Try a shorter one."),
        (&"€".repeat(34), "That name is too long. Try a shorter one."),
    ];
    for (name, says) in refused {
        app.paste("name-input", name).await?;
        app.wait_gone("name-error", Patience::SCREEN).await?;
        app.click("name-continue").await?;
        app.wait_text("name-error", says, Patience::SCREEN).await?;
    }
    app.paste("name-input", &"a".repeat(100)).await?;
    app.click("name-continue").await?;
    app.wait("notif-slow", Patience::SCREEN).await?;
    app.close().await
}

#[tokio::test]
async fn flow_04_back_while_creating() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alice = world.person("alice")?;
    let app = world.open(&alice).await?;
    app.click("landing-create").await?;
    let first_id = compact(&app.text("name-account-id").await?);
    app.fill("name-input", "Alice").await?;
    app.click("name-continue").await?;
    app.wait("notif-slow", Patience::SCREEN).await?;
    app.click("back").await?;
    assert_eq!(app.value("name-input").await?, "Alice");
    app.click("back").await?;
    app.wait_text("dlg-title", "Stop creating this account?", Patience::SCREEN)
        .await?;
    app.click("dlg-ok").await?;
    app.wait("landing-create", Patience::SCREEN).await?;
    app.close().await?;

    // Nothing of the first account is left: a restart lands on Landing and a new account is another one.
    let app = world.open(&alice).await?;
    app.click("landing-create").await?;
    assert_ne!(compact(&app.text("name-account-id").await?), first_id);
    app.close().await
}

#[tokio::test]
async fn flow_05_back_while_restoring() -> anyhow::Result<()> {
    let world = World::start().await?;
    let app = world.open(&world.person("alice")?).await?;
    app.click("landing-restore").await?;
    app.paste("restore-input", PHRASE).await?;
    app.click("restore-continue").await?;
    app.wait("notif-slow", Patience::SCREEN).await?;
    app.click("back").await?;
    app.wait_text("dlg-title", "Stop restoring?", Patience::SCREEN)
        .await?;
    app.click("dlg-cancel").await?;
    app.wait_gone("dlg-title", Patience::SCREEN).await?;
    assert!(app.shows("notif-continue").await);
    app.close().await
}

#[tokio::test]
async fn flow_07_save_the_phrase_at_once() -> anyhow::Result<()> {
    let world = World::start().await?;
    let alice = world.person("alice")?;
    let app = world.open(&alice).await?;
    app.click("landing-create").await?;
    app.fill("name-input", "Alice").await?;
    app.click("name-continue").await?;
    app.click("notif-continue").await?;
    app.click("phrase-show").await?;
    app.wait_gone("phrase-show", Patience::SCREEN).await?;
    let words: Vec<String> = words_of(&app.text("phrase-box").await?);
    assert_eq!(words.len(), 13, "{words:?}");
    app.click("phrase-done").await?;

    let asked = app.text("phrase-quiz").await?;
    let number: usize = digits(&asked).expect("the quiz names a word number");
    let right = &words[number - 1];
    let wrong = app.all("phrase-quiz-word").await;
    for choice in wrong {
        if app.text_of(&choice).await? == *right {
            choice.click().await?;
            break;
        }
    }
    app.wait("home-empty-new", Patience::SCREEN).await?;

    for person in ["bob", "carol", "dave"] {
        let (other, id) = world.create_account(&world.person(person)?, person).await?;
        other.close().await?;
        super::messages::write_to(&app, &id, "hello").await?;
        app.click("back").await?;
        app.wait("home-new", Patience::SCREEN).await?;
    }
    app.wait_count("home-row", 3, Patience::SCREEN).await?;
    assert!(!app.shows("notice-phrase").await);
    app.close().await
}

#[tokio::test]
async fn flow_10_bad_phrases() -> anyhow::Result<()> {
    let world = World::start().await?;
    let app = world.open(&world.person("alice")?).await?;
    app.click("landing-restore").await?;
    let thirteen_with_zork = PHRASE.replacen("films", "zork", 1);
    let sixteen = format!("{PHRASE} vexed enjoy pigment");
    let refused = [
        ("", "A recovery phrase has 13 words. You entered 0."),
        ("vexed", "A recovery phrase has 13 words. You entered 1."),
        (thirteen_with_zork.as_str(), "“zork” is not a recovery word."),
        (
            sixteen.as_str(),
            "These words do not form a recovery phrase. Check the order and spelling.",
        ),
    ];
    for (phrase, says) in refused {
        app.paste("restore-input", phrase).await?;
        app.click("restore-continue").await?;
        app.wait_text("restore-error", says, Patience::SCREEN).await?;
    }
    app.paste("restore-input", &PHRASE.to_uppercase().replace(' ', ", "))
        .await?;
    app.click("restore-continue").await?;
    app.wait("notif-slow", Patience::SCREEN).await?;
    app.close().await
}

/// The words of the phrase box, without their numbers.
fn words_of(text: &str) -> Vec<String> {
    text.split_whitespace()
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase()))
        .map(str::to_owned)
        .collect()
}

fn digits(text: &str) -> Option<usize> {
    text.split(|c: char| !c.is_ascii_digit())
        .find_map(|number| number.parse().ok())
}
