//! The command line on a person's device, for those whose screen does not matter.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, ensure};
use serde_json::Value as Json;
use tokio::process::Command;

use crate::Person;

impl Person {
    /// Runs `tern` on this person's device; its answers, one JSON value a line.
    ///
    /// # Errors
    /// When it is not built, fails, or answers with something else.
    pub async fn tern(&self, arguments: &[&str]) -> anyhow::Result<Vec<Json>> {
        let output = Command::new(program()?)
            .arg("--data")
            .arg(self.data())
            .arg("--network")
            .arg(self.profile())
            .arg("--passphrase-file")
            .arg(self.passphrase_file())
            .arg("--json")
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .await?;
        ensure!(
            output.status.success(),
            "tern {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let lines = String::from_utf8(output.stdout)?;
        Ok(lines
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()?)
    }

    /// Creates an account with a name by `tern`. Answers with its Account ID.
    ///
    /// # Errors
    /// As [`Person::tern`].
    pub async fn create_account(&self, name: &str) -> anyhow::Result<String> {
        let account = self.tern(&["account", "create", "--name", name]).await?;
        let id = account.first().and_then(|account| account["account_id"].as_str());
        Ok(id.context("an Account ID")?.to_owned())
    }

    /// Sends a text by `tern`, which waits until the network has it.
    ///
    /// # Errors
    /// As [`Person::tern`].
    pub async fn send(&self, account_id: &str, text: &str) -> anyhow::Result<()> {
        let sent = self.tern(&["send", "--to", account_id, "--text", text]).await?;
        let status = sent.first().map(|sent| &sent["status"]);
        ensure!(status == Some(&Json::from("sent")), "{status:?}");
        Ok(())
    }
}

/// `tern`: beside the app that `TERN_APP` names, or built beside this program.
fn program() -> anyhow::Result<PathBuf> {
    let app = std::env::var_os("TERN_APP").map(PathBuf::from);
    let here = std::env::current_exe()?;
    app.iter()
        .map(PathBuf::as_path)
        .chain(here.ancestors())
        .map(|path| path.with_file_name("tern"))
        .find(|path| path.is_file())
        .context("`tern` is not built: `cargo build -p cli`")
}
