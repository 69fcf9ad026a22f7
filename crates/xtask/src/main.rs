//! `cargo xtask`: sets the machine up, builds, runs and checks Tern.
//!
//! Owns the chores that a newcomer would otherwise have to read about. Never depends on another crate of the
//! project: it starts them as programs.

mod places;
mod program;
mod tidy;
mod toolchain;
mod ui;

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
    /// Builds the web view's UI into ui/dist.
    Ui(ui::UiArguments),
    /// Checks the rules of the house that no compiler checks.
    Tidy,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().chore {
        Chore::Ui(arguments) => ui::build(&arguments),
        Chore::Tidy => tidy::run(),
    }
}
