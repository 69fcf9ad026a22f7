//! `run`: builds everything, starts a local network with a contact that answers, and opens the app beside it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use clap::Args;

use crate::local_network::{self, LocalNetwork};
use crate::setup::{self, Purpose};
use crate::ui::{self, UiArguments};
use crate::{places, program};

/// What to run.
#[derive(Args)]
pub(crate) struct RunArguments {
    /// Opens the app of this device or person, with data of its own; a second one joins the local network.
    #[arg(long = "as", value_name = "NAME", default_value = "me", value_parser = parse_name)]
    name: String,
    /// `local`, `mainnet`, `testnet`, or a file with a network profile.
    #[arg(long, value_name = "NETWORK", default_value = LOCAL)]
    network: String,
    /// Throws away what this person had, and begins with an empty device.
    #[arg(long)]
    fresh: bool,
}

const LOCAL: &str = "local";

/// Builds, starts, and returns when the window was closed or the tour is over.
pub(crate) fn run(arguments: &RunArguments) -> anyhow::Result<()> {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()));
    setup::ensure(if has_display {
        Purpose::Window
    } else {
        Purpose::Driven
    })?;
    ui::build(&UiArguments::shipping())?;
    build(has_display)?;

    let network = if arguments.network == LOCAL {
        Some(local_network::join_or_start()?)
    } else {
        None
    };
    if has_display {
        open_window(arguments, network.as_ref())
    } else {
        play_tour(arguments, network.as_ref())
    }
}

fn build(has_display: bool) -> anyhow::Result<()> {
    println!("run: compiling app, node and command line");
    let mut build = program::cargo()?;
    build.args([
        "build",
        "--bins",
        "--package",
        "node",
        "--package",
        "cli",
        "--package",
        "tern-app",
    ]);
    if !has_display {
        build.args(["--package", "app-tests"]);
    }
    program::run(&mut build)
}

fn open_window(arguments: &RunArguments, network: Option<&LocalNetwork>) -> anyhow::Result<()> {
    let person = person(arguments)?;
    let mut app = Command::new(built("tern-app")?);
    app.arg("--data").arg(person.join("data"));
    match network {
        Some(network) => {
            println!(
                "run: {}'s window is open; the local network runs until the first window is closed",
                arguments.name
            );
            if let Some(id) = network.echo_id() {
                println!("run: write to the echo contact, it answers:\n\n    {id}\n");
            }
            app.arg("--network").arg(network.profile());
            app.arg("--passphrase-file")
                .arg(local_network::passphrase_file(&person)?);
        }
        None => {
            app.args(["--network", &arguments.network]);
        }
    }
    program::run(&mut app)
}

fn play_tour(arguments: &RunArguments, network: Option<&LocalNetwork>) -> anyhow::Result<()> {
    let Some(network) = network else {
        bail!("there is no display: only the local network's tour can be played (`cargo xtask run`)");
    };
    let pictures = places::cache()?.join("pictures");
    std::fs::create_dir_all(&pictures)?;
    let folder = network.folder().join("tour");
    begin_anew(&folder)?;
    println!("run: no display here, so the tour is played on a virtual one");
    let mut tour = Command::new(built("tour")?);
    tour.env("TERN_APP", built("tern-app")?);
    tour.arg("--network")
        .arg(network.profile())
        .arg("--data")
        .arg(&folder)
        .arg("--pictures")
        .arg(&pictures);
    if let Some(id) = network.echo_id() {
        tour.args(["--echo", id]);
    }
    program::run(&mut tour)?;
    println!("run: pictures of the tour are in {}", pictures.display());
    if arguments.name != "me" {
        println!("run: `--as` needs a display; the tour has its own person");
    }
    Ok(())
}

/// The folder of a person's device: in the cache for the local network, among the user's data for a real one.
fn person(arguments: &RunArguments) -> anyhow::Result<PathBuf> {
    let folder = if arguments.network == LOCAL {
        local_network::folder()?.join("people").join(&arguments.name)
    } else {
        let network = Path::new(&arguments.network)
            .file_stem()
            .context("a network without a name")?;
        places::user_data()?.join(network).join(&arguments.name)
    };
    if arguments.fresh {
        begin_anew(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn begin_anew(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    Ok(())
}

/// A program that was just built.
pub(crate) fn built(name: &str) -> anyhow::Result<PathBuf> {
    Ok(places::target()?.join("debug").join(name))
}

/// A name becomes a folder: letters, digits and hyphens only.
fn parse_name(text: &str) -> Result<String, String> {
    let fits = !text.is_empty()
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '-');
    if fits {
        Ok(text.to_owned())
    } else {
        Err("a name has letters, digits and hyphens".to_owned())
    }
}
