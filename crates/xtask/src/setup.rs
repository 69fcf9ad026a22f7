//! Makes sure that the machine has what builds and tests need.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::bail;

use crate::program;

/// What is about to be done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Build the app and open its window.
    Window,
    /// Build the app and drive it through WebDriver on a virtual display.
    Driven,
    /// As `Driven`, and everything else that the tests use.
    Tests,
}

/// Debian packages that builds need: the web view, the C compiler for SQLite, ring and LAME, the cryptography under
/// SQLCipher, the way to the microphone, and the decoders with which the web view plays what phones record.
const FOR_BUILDS: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "libasound2-dev",
    "gstreamer1.0-libav",
];
/// A virtual display, the driver of the web view, and a font for its pictures.
const FOR_DRIVING: &[&str] = &["xvfb", "webkit2gtk-driver", "fonts-dejavu-core"];
/// Calls the phones' library through its Python bindings.
const FOR_TESTS: &[&str] = &["python3"];

/// Installs what is missing, where it may; else says the one command to type.
pub(crate) fn ensure(purpose: Purpose) -> anyhow::Result<()> {
    let mut packages = FOR_BUILDS.to_vec();
    if purpose != Purpose::Window {
        packages.extend(FOR_DRIVING);
    }
    if purpose == Purpose::Tests {
        packages.extend(FOR_TESTS);
    }
    install_packages(&packages)?;
    if purpose == Purpose::Tests && !program::exists("cargo-nextest") {
        println!("setup: compiling cargo-nextest, which runs the tests");
        program::run(Command::new("cargo").args(["install", "--locked", "cargo-nextest"]))?;
    }
    Ok(())
}

/// Installs Debian packages that are missing.
pub(crate) fn install_packages(packages: &[&str]) -> anyhow::Result<()> {
    if !Path::new("/usr/bin/dpkg-query").exists() {
        return elsewhere(packages);
    }
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !is_root() {
        bail!(
            "some system packages are missing; type:\n    sudo apt-get install --no-install-recommends {list}"
        );
    }
    println!("setup: installing {list}");
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-qq", "-o", "Dpkg::Use-Pty=0", "--yes"])
            .args(arguments)
            .stdout(Stdio::null());
        program::run(&mut apt)
    };
    apt(&["update"])?;
    let mut install = vec!["install", "--no-install-recommends"];
    install.extend(missing);
    apt(&install)
}

/// On systems without Debian's packages: looks for the things themselves.
fn elsewhere(packages: &[&str]) -> anyhow::Result<()> {
    let mut webkit = Command::new("pkg-config");
    webkit
        .args(["--exists", "webkit2gtk-4.1", "libcrypto", "alsa"])
        .stderr(Stdio::null());
    if cfg!(target_os = "linux") && !webkit.status().is_ok_and(|status| status.success()) {
        bail!(
            "some system libraries are missing: install what Debian calls {}",
            packages.join(" ")
        );
    }
    Ok(())
}

fn is_installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .stderr(Stdio::null());
    query.output().is_ok_and(|output| output.stdout == b"installed")
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
