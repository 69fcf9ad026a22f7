//! The local network behind `run`: nine nodes in three swarms on loopback, and a contact that answers.
//!
//! The first `run` starts it and holds the lock file; others find it by that lock and use its profile. When the
//! first ends, so does the network.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::run::built;
use crate::{places, program};

/// How long nodes and the echo contact may take to be ready.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A running local network, ours or another run's.
pub(crate) struct LocalNetwork {
    folder: PathBuf,
    echo_id: Option<String>,
    /// Ours: ended with the value. The lock is let go last.
    programs: Vec<Child>,
    _lock: Option<File>,
}

/// Where the local network keeps its things.
pub(crate) fn folder() -> anyhow::Result<PathBuf> {
    Ok(places::cache()?.join("local"))
}

/// Joins the network that runs on this machine, or starts one.
pub(crate) fn join_or_start() -> anyhow::Result<LocalNetwork> {
    let folder = folder()?;
    std::fs::create_dir_all(&folder)?;
    let lock = File::options()
        .create(true)
        .append(true)
        .open(folder.join("lock"))?;
    match lock.try_lock() {
        Ok(()) => start(folder, lock),
        Err(TryLockError::WouldBlock) => join(folder),
        Err(TryLockError::Error(error)) => Err(error).context("cannot lock the local network's folder"),
    }
}

impl LocalNetwork {
    /// The profile that tells a client how to reach it.
    pub(crate) fn profile(&self) -> PathBuf {
        profile_in(&self.folder)
    }

    /// Account ID of the contact that answers.
    pub(crate) fn echo_id(&self) -> Option<&str> {
        self.echo_id.as_deref()
    }

    /// Where its people's devices are kept.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for LocalNetwork {
    fn drop(&mut self) {
        for program in &mut self.programs {
            // It may have ended by itself.
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

/// A passphrase file for a device of the local network: nothing on it is worth a keychain.
pub(crate) fn passphrase_file(person: &Path) -> anyhow::Result<PathBuf> {
    let file = person.join("passphrase");
    if !file.exists() {
        std::fs::write(&file, "only for the local network\n")?;
        #[cfg(unix)]
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    Ok(file)
}

fn join(folder: PathBuf) -> anyhow::Result<LocalNetwork> {
    println!("run: joining the local network of another window");
    let ready = echo_id_in(&folder);
    let deadline = Instant::now() + PATIENCE;
    while !ready.exists() {
        if Instant::now() > deadline {
            bail!("the local network of another `cargo xtask run` does not become ready");
        }
        std::thread::sleep(LOOK_AGAIN);
    }
    let echo_id = Some(std::fs::read_to_string(ready)?);
    Ok(LocalNetwork {
        folder,
        echo_id,
        programs: Vec::new(),
        _lock: None,
    })
}

fn start(folder: PathBuf, lock: File) -> anyhow::Result<LocalNetwork> {
    println!("run: starting 9 nodes in 3 swarms and an echo contact");
    remove(&profile_in(&folder))?;
    remove(&echo_id_in(&folder))?;
    let mut network = LocalNetwork {
        folder,
        echo_id: None,
        programs: Vec::new(),
        _lock: Some(lock),
    };

    let mut nodes = Command::new(built("tern-node")?);
    nodes
        .args(["local", "--nodes", "9", "--swarms", "3", "--profile"])
        .arg(network.profile());
    nodes
        .stdin(Stdio::null())
        .stdout(log(&network.folder, "nodes.log")?);
    network
        .programs
        .push(nodes.spawn().context("cannot start tern-node")?);
    wait_for(&network.profile(), &mut network.programs)?;

    let person = network.folder.join("people").join("echo");
    std::fs::create_dir_all(&person)?;
    let tern = |arguments: &[&str]| -> anyhow::Result<Command> {
        let mut tern = Command::new(built("tern")?);
        tern.arg("--data")
            .arg(person.join("data"))
            .arg("--network")
            .arg(network.profile());
        tern.arg("--passphrase-file")
            .arg(passphrase_file(&person)?)
            .args(arguments)
            .stdin(Stdio::null());
        Ok(tern)
    };
    // The contact keeps its account from one network to the next.
    let shown = tern(&["--json", "account", "show"])?
        .output()
        .context("cannot start tern")?;
    let account = match shown.status.success() {
        true => shown.stdout,
        false => {
            program::output(&mut tern(&["--json", "account", "create", "--name", "Echo"])?)?.into_bytes()
        }
    };
    let account: serde_json::Value =
        serde_json::from_slice(&account).context("`tern account` printed no JSON")?;
    let id = account["account_id"]
        .as_str()
        .context("`tern account` printed no account_id")?
        .to_owned();
    let mut echo = tern(&["echo"])?;
    echo.stdout(log(&network.folder, "echo.log")?);
    network
        .programs
        .push(echo.spawn().context("cannot start the echo contact")?);

    std::fs::write(echo_id_in(&network.folder), &id)?;
    network.echo_id = Some(id);
    Ok(network)
}

/// Waits for a file that one of the programs writes when it is ready.
fn wait_for(file: &Path, programs: &mut [Child]) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !file.exists() {
        for program in programs.iter_mut() {
            if let Some(status) = program.try_wait()? {
                bail!("the local network ended with {status}");
            }
        }
        if Instant::now() > deadline {
            bail!("the local network does not become ready");
        }
        std::thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

fn profile_in(folder: &Path) -> PathBuf {
    folder.join("network.json")
}

fn echo_id_in(folder: &Path) -> PathBuf {
    folder.join("echo-id")
}

fn log(folder: &Path, name: &str) -> anyhow::Result<Stdio> {
    Ok(File::create(folder.join(name))?.into())
}

fn remove(file: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
