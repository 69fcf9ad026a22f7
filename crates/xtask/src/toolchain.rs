//! Compilers for targets other than this machine.
//!
//! Two ways lead to a standard library for such a target: rustup downloads it, or Debian's `rustc-web`,
//! `cargo-web` and `rust-web-src` compile it from source. [`choose`] takes the first that works.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::bail;
use clap::ValueEnum;

use crate::{places, program};

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_STD_SOURCE: &str = "/usr/lib/rustlib/src/rust/library";
/// The packages of the Debian way.
pub(crate) const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];

/// Which way to take.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Wish {
    /// The first that works.
    Auto,
    /// The active rustup toolchain.
    Rustup,
    /// Debian's packages.
    Debian,
}

/// A compiler that can build for one target.
pub(crate) struct Toolchain {
    target: &'static str,
    kind: Kind,
}

enum Kind {
    Rustup,
    Debian { linker: Option<PathBuf> },
}

impl Toolchain {
    /// `cargo <verb> --target …` with what this toolchain needs around it.
    pub(crate) fn cargo(&self, verb: &str) -> anyhow::Result<Command> {
        let mut command = program::cargo()?;
        if let Kind::Debian { linker } = &self.kind {
            let mut debian = Command::new(DEBIAN_CARGO);
            debian
                .current_dir(places::root())
                .env("CARGO_TARGET_DIR", places::target()?);
            debian
                .env("RUSTC", DEBIAN_RUSTC)
                .env("RUSTC_BOOTSTRAP", "1")
                .env_remove("RUSTUP_TOOLCHAIN");
            if let Some(linker) = linker {
                let name = self.target.to_uppercase().replace('-', "_");
                debian.env(format!("CARGO_TARGET_{name}_LINKER"), linker);
            }
            debian.arg(verb).arg("-Zbuild-std=std,panic_abort");
            command = debian;
        } else {
            command.arg(verb);
        }
        command.args(["--target", self.target]);
        Ok(command)
    }

    /// One line for people.
    pub(crate) fn describe(&self) -> &'static str {
        match self.kind {
            Kind::Rustup => "rustup's standard library",
            Kind::Debian { .. } => "Debian's compiler, standard library from source",
        }
    }
}

/// Finds or installs a toolchain for `target`.
///
/// # Errors
/// Neither way works; the message says what to install.
pub(crate) fn choose(target: &'static str, wish: Wish) -> anyhow::Result<Toolchain> {
    let rustup = || has_std(target) || (add_target(target) && has_std(target));
    if wish != Wish::Debian && rustup() {
        return Ok(Toolchain {
            target,
            kind: Kind::Rustup,
        });
    }
    if wish != Wish::Rustup && Path::new(DEBIAN_RUSTC).exists() && Path::new(DEBIAN_STD_SOURCE).exists() {
        let linker = if target.starts_with("wasm") {
            Some(wasm_linker()?)
        } else {
            None
        };
        return Ok(Toolchain {
            target,
            kind: Kind::Debian { linker },
        });
    }
    bail!(
        "no standard library for {target}: run `rustup target add {target}`, or on Debian `apt-get install {}`",
        DEBIAN_PACKAGES.join(" ")
    )
}

/// Whether the active compiler has the target's standard library.
fn has_std(target: &str) -> bool {
    program::output(Command::new("rustc").args(["--print", "target-libdir", "--target", target]))
        .is_ok_and(|folder| Path::new(&folder).is_dir())
}

fn add_target(target: &str) -> bool {
    Command::new("rustup")
        .args(["target", "add", target])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The wasm linker: the one that comes with the active compiler, else a recent LLVM's.
fn wasm_linker() -> anyhow::Result<PathBuf> {
    let sysroot = program::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let host = program::output(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let own = Path::new(&sysroot)
        .join("lib/rustlib")
        .join(host)
        .join("bin/rust-lld");
    if own.exists() {
        return Ok(own);
    }
    // Older linkers do not know the object files of current compilers.
    for version in (19..=30).rev() {
        let installed = PathBuf::from(format!("/usr/bin/wasm-ld-{version}"));
        if installed.exists() {
            return Ok(installed);
        }
    }
    bail!("no linker for wasm: on Debian `apt-get install lld-19` or newer")
}
