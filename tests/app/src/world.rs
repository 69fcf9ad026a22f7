//! The world a flow plays in: a local network, people with phones.

use std::net::{Ipv4Addr, UdpSocket};
use std::path::{Path, PathBuf};

use anyhow::Context;
use node::LocalNetwork;

use crate::{App, Microphone, Patience};

/// Nodes and swarms of a flow's network: three relays and a swarm never need to share a node.
const NODES: usize = 9;
const SWARMS: usize = 3;

/// A local network and a folder for everybody's data; all of it ends with the value.
pub struct World {
    /// The network everybody is on.
    pub network: LocalNetwork,
    folder: tempfile::TempDir,
    /// The UDP port at which devices that move history announce themselves, on this machine.
    nearby: u16,
}

/// Somebody with one phone. Opening the app again finds the same data.
#[derive(Clone, Debug)]
pub struct Person {
    folder: PathBuf,
    profile: PathBuf,
    nearby: u16,
    /// Whether the passphrase file stands in for the keychain.
    has_passphrase_file: bool,
}

impl World {
    /// Starts a network of nine nodes in three swarms.
    ///
    /// # Errors
    /// When the network cannot be started.
    pub async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let network = LocalNetwork::start(NODES, SWARMS)
            .await
            .context("local network")?;
        std::fs::write(folder.path().join("network.json"), network.profile_json())?;
        // Free a moment ago; a device that finds it taken is told the address in place of hearing it.
        let nearby = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        Ok(Self {
            network,
            folder,
            nearby,
        })
    }

    /// Somebody new, with an empty phone.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn person(&self, name: &str) -> anyhow::Result<Person> {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("passphrase"), format!("the passphrase of {name}\n"))?;
        // No microphone.
        std::fs::write(folder.join("alsa.conf"), "")?;
        let person = Person {
            folder,
            profile: self.folder.path().join("network.json"),
            nearby: self.nearby,
            has_passphrase_file: true,
        };
        let (config, downloads) = (person.folder.join("config"), person.downloads());
        for folder in [&config, &downloads] {
            std::fs::create_dir_all(folder)?;
        }
        let named = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", downloads.display());
        std::fs::write(config.join("user-dirs.dirs"), named)?;
        Ok(person)
    }

    /// Opens a person's app.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn open(&self, person: &Person) -> anyhow::Result<App> {
        App::start(&person.arguments(), &person.environment()).await
    }

    /// Opens a person's app and creates an account with a name, ending at home.
    ///
    /// # Errors
    /// When a step does not appear. Returns the window and the Account ID.
    pub async fn create_account(&self, person: &Person, name: &str) -> anyhow::Result<(App, String)> {
        let app = self.open(person).await?;
        let account_id = self.onboard(&app, name).await?;
        Ok((app, account_id))
    }

    /// From the first screen to home, with a new account. Answers with its Account ID.
    ///
    /// # Errors
    /// When a step does not appear.
    pub async fn onboard(&self, app: &App, name: &str) -> anyhow::Result<String> {
        app.click("landing-create").await?;
        let account_id = compact(&app.text("name-account-id").await?);
        app.fill("name-input", name).await?;
        app.click("name-continue").await?;
        app.click("notif-continue").await?;
        app.click("phrase-later").await?;
        app.wait("home-new", Patience::SCREEN).await?;
        Ok(account_id)
    }

    /// Opens a person's app with files that are shared into it.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn share(&self, person: &Person, files: &[&str]) -> anyhow::Result<App> {
        let mut arguments = person.arguments();
        arguments.push("--share".to_owned());
        arguments.extend(files.iter().map(|file| (*file).to_owned()));
        App::start(&arguments, &person.environment()).await
    }
}

impl Person {
    /// The folder of their data, the passphrase file in it.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The folder that they save into.
    pub fn downloads(&self) -> PathBuf {
        self.folder.join("downloads")
    }

    /// The file that stands in for the keychain.
    pub fn passphrase_file(&self) -> PathBuf {
        self.folder.join("passphrase")
    }

    /// The same person on a device where neither a keychain nor a passphrase file opens the store.
    #[must_use]
    pub fn without_keychain(self) -> Self {
        Self {
            has_passphrase_file: false,
            ..self
        }
    }

    /// The network profile they use.
    pub fn profile(&self) -> &Path {
        &self.profile
    }

    /// Moves this person's device clock, in milliseconds from the true time.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set_clock_offset(&self, offset_ms: i64) -> anyhow::Result<()> {
        let next = self.folder.join("clock.next");
        std::fs::write(&next, offset_ms.to_string())?;
        Ok(std::fs::rename(next, self.folder.join("clock"))?)
    }

    /// Has this person choose a folder or a file when the system's dialog would ask.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn choose_place(&self, place: &Path) -> anyhow::Result<()> {
        let place = place.to_string_lossy();
        Ok(std::fs::write(
            self.folder.join("chosen-place"),
            place.as_bytes(),
        )?)
    }

    /// Has this person's app trust a website of a test.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn trust_website(&self, certificate: &[u8]) -> anyhow::Result<()> {
        Ok(std::fs::write(self.folder.join("web-root"), certificate)?)
    }

    /// Gives this person's device a microphone that hears a tone. It has none otherwise.
    ///
    /// # Errors
    /// When the microphone cannot be made.
    pub fn plug_in_microphone(&self) -> anyhow::Result<Microphone> {
        Microphone::plug_in(&self.folder, &self.folder.join("alsa.conf"))
    }

    fn arguments(&self) -> Vec<String> {
        let path = |path: PathBuf| path.to_string_lossy().into_owned();
        let mut arguments = vec![
            "--data".into(),
            path(self.data()),
            "--network".into(),
            path(self.profile.clone()),
        ];
        if self.has_passphrase_file {
            arguments.extend(["--passphrase-file".into(), path(self.passphrase_file())]);
        }
        arguments
    }

    fn environment(&self) -> Vec<(String, String)> {
        let path = |name: &str| self.folder.join(name).to_string_lossy().into_owned();
        let mut environment = vec![
            ("TERN_CLOCK_OFFSET_FILE".into(), path("clock")),
            ("TERN_WEB_ROOT".into(), path("web-root")),
            ("TERN_CHOSEN_PLACE".into(), path("chosen-place")),
            ("TERN_NEARBY_PORT".into(), self.nearby.to_string()),
            // Nobody's app hears the room in which the tests run.
            ("ALSA_CONFIG_PATH".into(), path("alsa.conf")),
            // Where this person's downloads are.
            ("XDG_CONFIG_HOME".into(), path("config")),
        ];
        if !self.has_passphrase_file {
            // Keychain services are found through the session bus: nobody listens there.
            let nobody = format!("unix:path={}", path("no-bus"));
            environment.push(("DBUS_SESSION_BUS_ADDRESS".into(), nobody));
        }
        environment
    }
}

/// A text without the blanks that group an Account ID.
pub fn compact(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_ascii_hexdigit())
        .collect()
}
