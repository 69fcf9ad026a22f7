//! Several devices of one account: its recovery phrase, and another device that is linked with it.

use std::time::Instant;

use anyhow::ensure;

use crate::app::LOOK;
use crate::{App, Patience, Person, World};

/// Words of a recovery phrase, the last of which checks the others.
const WORDS: usize = 13;

impl App {
    /// From home to the recovery phrase and back: its words, with blanks between them.
    ///
    /// # Errors
    /// When a step does not appear, or the words are not shown.
    pub async fn recovery_phrase(&self) -> anyhow::Result<String> {
        self.click("home-avatar").await?;
        self.click("set-recovery").await?;
        self.click("phrase-show").await?;
        self.wait_gone("phrase-show", Patience::SCREEN).await?;
        let words = self.phrase_words().await?;
        self.click("back").await?;
        self.click("back").await?;
        self.wait("home-new", Patience::SCREEN).await?;
        Ok(words)
    }

    /// The words that are shown, with blanks between them.
    ///
    /// # Errors
    /// When they are not 13.
    pub async fn phrase_words(&self) -> anyhow::Result<String> {
        let script = "return [...document.querySelectorAll('[data-testid=phrase-box] .word')] \
            .map(word => word.textContent)";
        let words: Vec<String> = serde_json::from_value(self.script(script).await?)?;
        ensure!(words.len() == WORDS, "{} words", words.len());
        Ok(words.join(" "))
    }
}

impl World {
    /// Opens another device of an account whose app is at home; both end there.
    ///
    /// # Errors
    /// When a step does not appear.
    pub async fn second_device(&self, first: &App, device: &Person) -> anyhow::Result<App> {
        let phrase = first.recovery_phrase().await?;
        self.link(device, &phrase).await
    }

    /// Opens the app on a new device and restores an account of which the network knows the name; ends at home.
    ///
    /// # Errors
    /// When a step does not appear, or a name is asked for.
    pub async fn link(&self, device: &Person, phrase: &str) -> anyhow::Result<App> {
        let app = self.open(device).await?;
        app.click("landing-restore").await?;
        app.paste("restore-input", phrase).await?;
        app.click("restore-continue").await?;
        app.click("notif-continue").await?;
        let end = Instant::now() + Patience::NETWORK.0;
        while !app.shows("home-new").await {
            ensure!(!app.shows("name-input").await, "the name was not found");
            ensure!(Instant::now() < end, "the account was not restored");
            tokio::time::sleep(LOOK).await;
        }
        Ok(app)
    }
}
