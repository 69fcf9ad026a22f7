//! Plays the tour: creates an account in the real app, writes to the echo contact, reads the answer, and leaves
//! pictures of each screen.

use std::path::{Path, PathBuf};

use app_tests::{App, Patience};
use clap::Parser;

/// Plays the tour of the app against a running network.
#[derive(Parser)]
struct Arguments {
    /// The network's profile.
    #[arg(long, value_name = "FILE")]
    network: PathBuf,
    /// A folder for the new account's data.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where the pictures go.
    #[arg(long, value_name = "DIR")]
    pictures: PathBuf,
    /// The Account ID of a contact that answers.
    #[arg(long, value_name = "ID")]
    echo: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    std::fs::create_dir_all(&arguments.data)?;
    std::fs::create_dir_all(&arguments.pictures)?;
    let passphrase = arguments.data.join("passphrase");
    std::fs::write(&passphrase, "only for the tour\n")?;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let flags = [
        "--data".to_owned(),
        text(&arguments.data.join("data")),
        "--network".to_owned(),
        text(&arguments.network),
        "--passphrase-file".to_owned(),
        text(&passphrase),
    ];
    let app = App::start(&flags, &[]).await?;
    let album = Album {
        folder: arguments.pictures,
        app: &app,
    };
    play(&album, arguments.echo.as_deref()).await?;
    app.close().await
}

/// Takes pictures of one window.
struct Album<'a> {
    folder: PathBuf,
    app: &'a App,
}

impl Album<'_> {
    /// A picture in each theme, ending in light.
    async fn take(&self, name: &str) -> anyhow::Result<()> {
        for theme in ["dark", "light"] {
            self.app.show_theme(theme).await?;
            let path = self.folder.join(format!("{name}-{theme}.png"));
            self.app.picture(&path).await?;
            println!("tour: {}", path.display());
        }
        Ok(())
    }
}

async fn play(album: &Album<'_>, echo: Option<&str>) -> anyhow::Result<()> {
    let app = album.app;
    app.wait("landing-create", Patience::SCREEN).await?;
    album.take("1-landing").await?;
    app.click("landing-create").await?;
    app.fill("name-input", "Alice").await?;
    album.take("2-name").await?;
    app.click("name-continue").await?;
    app.wait("notif-continue", Patience::SCREEN).await?;
    album.take("3-notifications").await?;
    app.click("notif-continue").await?;
    app.wait("phrase-later", Patience::SCREEN).await?;
    album.take("4-phrase").await?;
    app.click("phrase-later").await?;
    app.wait("home-empty-new", Patience::SCREEN).await?;
    album.take("5-home").await?;
    if let Some(echo) = echo {
        write_to(album, echo).await?;
    }
    app.click("home-avatar").await?;
    app.wait("settings", Patience::SCREEN).await?;
    album.take("8-settings").await?;
    app.click("set-path").await?;
    app.wait_count("path-relay", 3, Patience::NETWORK).await?;
    album.take("9-path").await
}

async fn write_to(album: &Album<'_>, echo: &str) -> anyhow::Result<()> {
    let app = album.app;
    app.click("home-new").await?;
    app.click("new-message").await?;
    app.fill("newmsg-input", echo).await?;
    app.click("newmsg-next").await?;
    app.fill("comp-input", "Hello! Does this arrive?").await?;
    app.click("comp-send").await?;
    app.wait_count("msg", 2, Patience::NETWORK).await?;
    app.wait_text("msg-status", "Sent", Patience::NETWORK).await?;
    album.take("6-conversation").await?;
    app.click("back").await?;
    app.wait("home-row", Patience::SCREEN).await?;
    album.take("7-home-with-messages").await
}
