//! A virtual display for machines without one.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};

/// An X server of our own on a display number it chose itself; ends with the value.
pub struct Display {
    name: String,
    server: Option<Child>,
}

impl Display {
    /// Uses the machine's display, or starts a virtual one of 1280 by 1024.
    ///
    /// # Errors
    /// When there is none and `Xvfb` cannot be started.
    pub fn open() -> anyhow::Result<Self> {
        match std::env::var("DISPLAY") {
            Ok(name) if !name.is_empty() => Ok(Self { name, server: None }),
            _ => Self::open_virtual(),
        }
    }

    /// Starts a virtual display even where the machine has one.
    ///
    /// # Errors
    /// When `Xvfb` cannot be started.
    pub fn open_virtual() -> anyhow::Result<Self> {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1280x1024x24",
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb could not be started; `cargo xtask setup` installs it")?;
        let mut number = String::new();
        let stdout = server.stdout.take().context("Xvfb without output")?;
        BufReader::new(stdout).read_line(&mut number)?;
        ensure!(!number.trim().is_empty(), "Xvfb ended without naming a display");
        Ok(Self {
            name: format!(":{}", number.trim()),
            server: Some(server),
        })
    }

    /// The value for `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}
