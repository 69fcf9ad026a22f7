//! Builds the UI: compiles it to wasm, writes its JavaScript side and gathers everything in `ui/dist`.
//!
//! `ui/dist` holds: all of `ui/public` as it is, `tern.css` (every `*.css` under `ui/style`, in the order of their
//! paths), `licences.txt`, `ui.js` and `ui_bg.wasm`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Context;
use clap::Args;

use crate::toolchain::{self, Wish};
use crate::{licences, places, program};

const WASM: &str = "wasm32-unknown-unknown";

/// How to build the UI.
#[derive(Args)]
pub(crate) struct UiArguments {
    /// Compiles quickly and without optimising, for work on the UI.
    #[arg(long)]
    dev: bool,
    /// Which compiler to use.
    #[arg(long, value_enum, default_value_t = Wish::Auto)]
    toolchain: Wish,
}

impl UiArguments {
    /// What ships: small and optimised, with any compiler that works.
    pub(crate) fn shipping() -> Self {
        Self {
            dev: false,
            toolchain: Wish::Auto,
        }
    }
}

/// Builds `ui/dist`.
pub(crate) fn build(arguments: &UiArguments) -> anyhow::Result<()> {
    let started = Instant::now();
    let toolchain = toolchain::choose(WASM, arguments.toolchain)?;
    let (profile, folder) = if arguments.dev {
        ("dev", "debug")
    } else {
        ("wasm-release", "wasm-release")
    };
    println!("ui: compiling ({profile}, {})", toolchain.describe());
    let mut compile = toolchain.cargo("build")?;
    program::run(compile.args(["--package", "ui", "--bin", "ui", "--profile", profile]))?;

    let ui = places::root().join("ui");
    let wasm = places::target()?.join(WASM).join(folder).join("ui.wasm");
    let lock = places::root().join("Cargo.lock");
    let stamp = stamp(&[&wasm, &lock, &ui.join("public"), &ui.join("style")])?;
    let stamp_file = ui.join("dist.stamp");
    if std::fs::read_to_string(&stamp_file).is_ok_and(|earlier| earlier == stamp) && ui.join("dist").is_dir()
    {
        println!("ui: nothing has changed");
        return Ok(());
    }
    let fresh = ui.join("dist.part");
    remove(&fresh)?;
    copy(&ui.join("public"), &fresh)?;
    std::fs::write(fresh.join("tern.css"), style_sheet(&ui.join("style"))?)?;
    std::fs::write(fresh.join("licences.txt"), licences::list()?)?;

    let mut bindgen = program::cargo()?;
    bindgen.args([
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--features",
        "bindgen",
        "--bin",
        "ui-bindgen",
        "--",
    ]);
    program::run(bindgen.arg(&wasm).arg(&fresh))?;

    let dist = ui.join("dist");
    remove(&dist)?;
    std::fs::rename(&fresh, &dist).context("cannot put ui/dist in place")?;
    println!(
        "ui: wasm {}, in {:.0} s",
        sizes(&dist.join("ui_bg.wasm"))?,
        started.elapsed().as_secs_f32()
    );
    Ok(())
}

/// Size of a file, plain and compressed.
pub(crate) fn sizes(file: &Path) -> anyhow::Result<String> {
    let plain = std::fs::metadata(file)?.len();
    let packed = Command::new("gzip")
        .args(["-9", "-c"])
        .arg(file)
        .output()
        .context("cannot start gzip")?;
    Ok(format!(
        "{} kB, {} kB gzip",
        plain / 1000,
        packed.stdout.len() / 1000
    ))
}

/// Names, sizes and times of all that `ui/dist` is made of. A `dist` written again for nothing would have the app
/// compiled again for nothing.
fn stamp(parts: &[&Path]) -> anyhow::Result<String> {
    let mut files = Vec::new();
    for part in parts {
        if part.is_dir() {
            gather(part, &mut files)?
        } else {
            files.push(part.to_path_buf())
        }
    }
    files.sort();
    let mut stamp = String::new();
    for file in files {
        let facts = std::fs::metadata(&file).with_context(|| format!("cannot read {}", file.display()))?;
        writeln!(
            stamp,
            "{} {} {:?}",
            file.display(),
            facts.len(),
            facts.modified()?
        )?;
    }
    Ok(stamp)
}

fn style_sheet(folder: &Path) -> anyhow::Result<String> {
    let mut sheets = Vec::new();
    if folder.is_dir() {
        gather(folder, &mut sheets)?;
    }
    sheets.retain(|path| path.extension().is_some_and(|extension| extension == "css"));
    sheets.sort();
    let mut whole = String::new();
    for sheet in sheets {
        let text = std::fs::read_to_string(&sheet)?;
        let name = sheet.strip_prefix(folder).unwrap_or(&sheet).display();
        writeln!(whole, "/* {name} */\n{text}")?;
    }
    Ok(whole)
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let path = entry?.path();
        let name = path.file_name().context("a path without a name")?;
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            std::fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}
