//! Starting other programs.

use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::places;

/// Cargo of the active toolchain, in the checkout, building into the shared target folder.
pub(crate) fn cargo() -> anyhow::Result<Command> {
    let mut command = Command::new("cargo");
    command
        .current_dir(places::root())
        .env("CARGO_TARGET_DIR", places::target()?);
    Ok(command)
}

/// Runs a program to its end.
///
/// # Errors
/// It could not be started, or ended with another status than 0.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    if !status.success() {
        bail!("{} ended with {status}", line_of(command));
    }
    Ok(())
}

/// Runs a program and returns what it printed, without the blank end.
///
/// # Errors
/// As [`run`].
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!("{} ended with {}", line_of(command), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// Whether a program can be started at all.
pub(crate) fn exists(name: &str) -> bool {
    Command::new(name)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

fn line_of(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}
