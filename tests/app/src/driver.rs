//! The driver that speaks to the app, and the processes behind it.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::process::{Child, Command};

use crate::Patience;
use crate::app::LOOK;
use crate::display::Display;

/// The app: `TERN_APP`, or the one built beside this program.
pub(crate) fn binary() -> anyhow::Result<PathBuf> {
    if let Some(path) = std::env::var_os("TERN_APP") {
        return Ok(path.into());
    }
    let here = std::env::current_exe()?;
    here.ancestors()
        .map(|folder| folder.join("tern-app"))
        .find(|path| path.is_file())
        .context("the app is not built: `cargo build -p tern-app`, or set TERN_APP")
}

/// Starts a driver on a free port. Another process may take the port in between: then the next one is tried.
pub(crate) async fn start_driver(
    display: &Display,
    env: &[(String, String)],
) -> anyhow::Result<(Child, u16)> {
    for _ in 0..5 {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("DISPLAY", display.name())
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("NO_AT_BRIDGE", "1")
            .env("GDK_BACKEND", "x11")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .envs(env.iter().cloned())
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("WebKitWebDriver could not be started; `cargo xtask setup` installs it")?;
        let deadline = Instant::now() + Patience::SCREEN.0;
        while driver.try_wait()?.is_none() && Instant::now() < deadline {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Ok((driver, port));
            }
            tokio::time::sleep(LOOK).await;
        }
    }
    bail!("WebKitWebDriver did not listen")
}

/// The app's process: the direct child of the driver that is not a helper of the web view.
pub(crate) fn child_of(parent: u32) -> Option<u32> {
    let entries = std::fs::read_dir("/proc").ok()?;
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .find(|pid: &u32| {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let is_child = status.lines().any(|line| line == format!("PPid:\t{parent}"));
            is_child && status.starts_with("Name:\ttern-app")
        })
}

/// How long ago a process was started, from the kernel's hundredths of a second since boot.
pub(crate) fn age_of(pid: u32) -> anyhow::Result<Duration> {
    let uptime = std::fs::read_to_string("/proc/uptime")?;
    let uptime: f64 = uptime.split_whitespace().next().context("no uptime")?.parse()?;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name, in parentheses, may hold blanks; the start is the twentieth field after it.
    let fields = stat.rsplit(')').next().context("no fields")?;
    let start: f64 = fields.split_whitespace().nth(19).context("no start")?.parse()?;
    Ok(Duration::from_secs_f64((uptime - start / 100.0).max(0.0)))
}
