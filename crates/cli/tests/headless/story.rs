//! The vocabulary: a network, people with a data folder each, and their runs of `tern`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use node::LocalNetwork;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// How long anything may take before a test gives up on it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
const NODES: usize = 9;
const SWARMS: usize = 3;

/// A running network, its profile, and the folder of everybody in the test.
pub(crate) struct Net {
    network: LocalNetwork,
    folder: TempDir,
}

impl Net {
    pub(crate) async fn start() -> Self {
        let network = LocalNetwork::start(NODES, SWARMS).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        set_mode(folder.path(), 0o700);
        std::fs::write(folder.path().join("network.json"), network.profile_json()).unwrap();
        std::fs::write(folder.path().join("passphrase"), "correct horse battery staple\n").unwrap();
        Self { network, folder }
    }

    /// Somebody without an account.
    pub(crate) fn nobody(&self, name: &str) -> Person {
        Person {
            folder: self.folder.path().to_owned(),
            data: self.folder.path().join(name),
            id: String::new(),
        }
    }

    /// Somebody with an account of that name.
    pub(crate) async fn person(&self, name: &str) -> Person {
        let mut person = self.nobody(name);
        let created = person.tern(&["account", "create", "--name", name]).await.object();
        person.id = created["account_id"].as_str().unwrap().to_owned();
        person
    }

    pub(crate) async fn goes_down(&self) {
        self.network.stop_all().await;
    }

    /// Whoever is asked by runs that start from now on takes connections and says nothing, as long as the value lives.
    pub(crate) fn falls_silent(&self) -> TcpListener {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut profile: Value = serde_json::from_str(&self.network.profile_json()).unwrap();
        profile["relays"] = Value::Array(Vec::new());
        for seed in profile["seeds"].as_array_mut().unwrap() {
            seed["url"] = format!("https://{}", silent.local_addr().unwrap()).into();
        }
        std::fs::write(self.folder.path().join("network.json"), profile.to_string()).unwrap();
        silent
    }

    pub(crate) async fn comes_back(&self) {
        self.network.restart_all().await.unwrap();
    }
}

/// Somebody with a data folder.
pub(crate) struct Person {
    folder: PathBuf,
    data: PathBuf,
    pub(crate) id: String,
}

impl Person {
    /// Runs `tern --json` to its end.
    pub(crate) async fn tern(&self, arguments: &[&str]) -> Ended {
        self.run(self.command(arguments)).await
    }

    /// Runs `tern` for people to its end.
    pub(crate) async fn tern_in_words(&self, arguments: &[&str]) -> Ended {
        let mut command = self.bare();
        command
            .arg("--passphrase-file")
            .arg(self.passphrase_file())
            .arg("--network")
            .arg(self.network_file());
        command.args(arguments);
        self.run(command).await
    }

    /// Starts `tern --json` and leaves it running.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        Running { child, stdin, stdout }
    }

    pub(crate) async fn run(&self, mut command: Command) -> Ended {
        let output = tokio::time::timeout(PATIENCE, command.stdin(Stdio::null()).output()).await;
        let output = output.expect("it ends in time").unwrap();
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// `tern` with this person's folder and no network, passphrase or output form yet.
    pub(crate) fn bare(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tern"));
        // The machine that runs the tests may have a keychain; the tests are about the passphrase.
        command
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            // Other devices are met on this machine only, where they are told the address.
            .env("TERN_NEARBY_PORT", "none")
            .env_remove("TERN_LOG");
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command.arg("--data").arg(&self.data);
        command
    }

    pub(crate) fn network_file(&self) -> PathBuf {
        self.folder.join("network.json")
    }

    pub(crate) fn passphrase_file(&self) -> PathBuf {
        self.folder.join("passphrase")
    }

    /// Writes a file beside the data folders.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare();
        command.arg("--network").arg(self.network_file());
        command.arg("--passphrase-file").arg(self.passphrase_file());
        command.arg("--json").args(arguments);
        command
    }
}

/// A run that is over.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// What it printed, one object a line, of a run that went well.
    #[track_caller]
    pub(crate) fn objects(&self) -> Vec<Value> {
        assert_eq!(
            (self.code, self.stderr.as_str()),
            (Some(0), ""),
            "{}",
            self.stdout
        );
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The only object it printed.
    #[track_caller]
    pub(crate) fn object(&self) -> Value {
        let objects = self.objects();
        let [object] = objects.as_slice() else {
            panic!("{objects:?}")
        };
        object.clone()
    }

    /// Its exit code and the code of its error, of a run that printed no result.
    #[track_caller]
    pub(crate) fn refused(&self) -> (i32, String) {
        assert_eq!(self.stdout, "");
        let error: Value = serde_json::from_str(&self.stderr).unwrap_or_else(|_| panic!("{}", self.stderr));
        (
            self.code.unwrap(),
            error["error"]["code"].as_str().unwrap().to_owned(),
        )
    }
}

/// A run under way.
pub(crate) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// The next line that it prints.
    pub(crate) async fn line(&mut self) -> Option<Value> {
        let line = tokio::time::timeout(PATIENCE, self.stdout.next_line()).await;
        let line = line.expect("a line in time").unwrap()?;
        Some(serde_json::from_str(&line).unwrap())
    }

    /// The next line that satisfies `wanted`.
    pub(crate) async fn line_with(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let line = self.line().await.expect("it still runs");
            if wanted(&line) {
                return line;
            }
        }
    }

    pub(crate) async fn write(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(line.as_bytes()).await.unwrap();
        stdin.write_all(b"\n").await.unwrap();
        stdin.flush().await.unwrap();
    }

    pub(crate) fn close_input(&mut self) {
        self.stdin = None;
    }

    /// Ends its input and waits for its end.
    pub(crate) async fn end_of_input(mut self) -> Option<i32> {
        self.close_input();
        while self.line().await.is_some() {}
        self.wait().await
    }

    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Interrupts it as Ctrl-C does and waits for its end.
    pub(crate) async fn interrupt(mut self) -> Option<i32> {
        let pid = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().await.unwrap();
        assert!(sent.success());
        self.wait().await
    }

    async fn wait(&mut self) -> Option<i32> {
        tokio::time::timeout(PATIENCE, self.child.wait())
            .await
            .expect("it ends in time")
            .unwrap()
            .code()
    }
}

/// The names of an object's fields.
pub(crate) fn fields(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Changes who may read a file or a folder, where that is known.
pub(crate) fn set_mode(path: &Path, mode: u32) {
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    #[cfg(not(unix))]
    let _ = (path, mode);
}
