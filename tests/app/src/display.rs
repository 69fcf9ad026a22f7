//! A virtual display.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};

/// An X server of our own on a display number it chose itself; ends with the value.
pub(crate) struct Display {
    name: String,
    server: Child,
}

impl Display {
    /// Starts a virtual display of 1280 by 1024.
    ///
    /// # Errors
    /// When `Xvfb` cannot be started.
    pub(crate) fn open_virtual() -> anyhow::Result<Self> {
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
            server,
        })
    }

    /// The value for `DISPLAY`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
