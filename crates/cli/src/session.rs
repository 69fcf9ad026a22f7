//! One run's engine: opened from the arguments, asked through the contract, closed at the end.

use std::path::{Path, PathBuf};

use contract::{Command, ErrorCode, Event, Failure, KeyCustody, Request};
use engine::{Activity, EventStream, Missing, OpenEngine, Opening};
use serde_json::Value;
use store::keychain::Passphrase;

use crate::args::{self, Arguments};
use crate::exit::Stop;
use crate::output::Output;
use crate::secret_file;

/// An open account.
pub(crate) struct Session(OpenEngine);

/// Events of the engine.
pub(crate) struct Events(EventStream);

impl Session {
    /// Opens the data folder and, for the commands that need it, the network.
    ///
    /// # Errors
    /// [`Stop::NotOpened`] for the folder, the passphrase and the network profile; [`Stop::BadFile`].
    pub(crate) async fn open(arguments: &Arguments, output: &Output) -> Result<Self, Stop> {
        let passphrase = match &arguments.passphrase_file {
            Some(file) => Some(passphrase(file, output)?),
            None => None,
        };
        let opening = Opening {
            data: data_folder(arguments.data.as_deref())?,
            missing: Missing::Make,
            network: arguments.network.clone(),
            passphrase,
            activity: activity(&arguments.command),
            push_provider: None,
        };
        let opened = opening.open().await;
        opened.map(Self).map_err(|error| Stop::NotOpened(error.into()))
    }

    /// Carries out a command whose answer has a known type.
    ///
    /// # Errors
    /// What the engine refuses.
    pub(crate) async fn call<R: Request>(&self, request: R) -> Result<R::Reply, Failure> {
        self.0.engine().request(request).await
    }

    /// Carries out any command; the answer as JSON.
    ///
    /// # Errors
    /// What the engine refuses.
    pub(crate) async fn command(&self, command: Command) -> Result<Value, Failure> {
        let reply = self.0.engine().handle(command).await?;
        serde_json::to_value(reply).map_err(|_| Failure::new(ErrorCode::Unknown).with("code", "reply"))
    }

    /// Events from now on.
    pub(crate) fn events(&self) -> Events {
        Events(self.0.engine().events())
    }

    /// What keeps the key of the data folder.
    pub(crate) fn custody(&self) -> KeyCustody {
        self.0.key_custody()
    }

    /// Ends all tasks and waits for them; everything is on disk already.
    pub(crate) async fn close(self) {
        self.0.close().await;
    }
}

impl Events {
    /// The next event; waits for ever once the engine is closed. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Event {
        match self.0.next().await {
            Some(event) => event,
            None => std::future::pending().await,
        }
    }
}

/// Commands that only look at or change what is here do not touch the network.
fn activity(command: &args::Command) -> Activity {
    match command {
        args::Command::Account(
            args::AccountCommand::SetPicture { .. } | args::AccountCommand::Clear { everywhere: true, .. },
        ) => Activity::Constant,
        args::Command::Account(_)
        | args::Command::Messages { .. }
        | args::Command::Backup(_)
        | args::Command::Export { .. }
        | args::Command::History(_)
        | args::Command::Conversations => Activity::Offline,
        args::Command::Send { .. }
        | args::Command::Save { .. }
        | args::Command::Listen { .. }
        | args::Command::Echo { .. }
        | args::Command::Rpc => Activity::Constant,
    }
}

fn passphrase(file: &Path, output: &Output) -> Result<Passphrase, Stop> {
    let text = secret_file::read(file, output)?;
    Passphrase::new(text.as_str().to_owned())
        .ok_or_else(|| Stop::BadFile(format!("{}: the passphrase is empty", file.display())))
}

/// The folder given, else the usual place for a program's data.
fn data_folder(given: Option<&Path>) -> Result<PathBuf, Stop> {
    let usual = || {
        let data_home = std::env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute());
        let home = || std::env::home_dir().map(|home| home.join(".local").join("share"));
        data_home.or_else(home).map(|folder| folder.join("tern"))
    };
    given
        .map(Path::to_owned)
        .or_else(usual)
        .ok_or_else(|| Stop::BadFile("there is no home folder; name a data folder with --data".to_owned()))
}
