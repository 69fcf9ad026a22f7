//! `cargo xtask`: sets the machine up, builds, runs and checks Tern.
//!
//! Owns the chores that a newcomer would otherwise have to read about. Never depends on another crate of the
//! project: it starts them as programs.

mod check;
mod licences;
mod local_network;
mod mobile;
mod places;
mod program;
mod room;
mod run;
mod setup;
mod tidy;
mod toolchain;
mod ui;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

/// Chores of the Tern workspace.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Installs what builds and tests need, where it may; else says what to type.
    Setup,
    /// Builds everything, starts a local network and opens the app; without a display, plays a tour of it.
    Run(run::RunArguments),
    /// Runs everything that CI runs.
    Test(check::TestArguments),
    /// Builds the web view's UI into ui/dist.
    Ui(ui::UiArguments),
    /// Runs every vector file of a folder against the implementation.
    Vectors {
        /// The folder; files that are not covered are named.
        folder: PathBuf,
    },
    /// Measures against raw primitives and bare servers, and prints ratios; then what much history costs.
    Bench,
    /// Checks the core, the shell and the phones' library for Android.
    CheckMobile,
    /// Checks the rules of the house that no compiler checks.
    Tidy,
}

fn main() -> ExitCode {
    match run_chore() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run_chore() -> anyhow::Result<()> {
    match Arguments::parse().chore {
        Chore::Setup => setup::ensure(setup::Purpose::Tests),
        Chore::Run(arguments) => run::run(&arguments),
        Chore::Test(arguments) => check::run(&arguments),
        Chore::Ui(arguments) => ui::build(&arguments),
        Chore::Vectors { folder } => vectors(&folder),
        Chore::Bench => bench(),
        Chore::CheckMobile => mobile::check(),
        Chore::Tidy => tidy::run(),
    }
}

fn vectors(folder: &Path) -> anyhow::Result<()> {
    // The program runs in the checkout, the folder was named from where the user is.
    let folder = folder
        .canonicalize()
        .with_context(|| format!("no folder {}", folder.display()))?;
    let mut cargo = program::cargo()?;
    cargo.args(["run", "--quiet", "--package", "tests", "--bin", "vectors", "--"]);
    program::run(cargo.arg(folder))
}

/// Builds what is measured as it ships, the UI's size included.
fn bench() -> anyhow::Result<()> {
    ui::build(&ui::UiArguments::shipping())?;
    let measured = [
        "build",
        "--release",
        "--package",
        "tests",
        "--package",
        "cli",
        "--bin",
        "bench",
        "--bin",
        "tern",
    ];
    program::run(program::cargo()?.args(measured))?;
    let mut bench = std::process::Command::new(places::target()?.join("release/bench"));
    program::run(bench.arg("--ui").arg(places::root().join("ui/dist")))?;
    setup::ensure(setup::Purpose::Driven)?;
    let app = [
        "build",
        "--release",
        "--bins",
        "--package",
        "tern-app",
        "--package",
        "app-tests",
    ];
    program::run(program::cargo()?.args(app))?;
    program::run(&mut std::process::Command::new(
        places::target()?.join("release/first_paint"),
    ))
}
