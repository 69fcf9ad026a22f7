//! `check-mobile`: types and `cfg`s of what runs on phones, checked for Android without its development kit.
//!
//! C libraries are compiled by the cross compiler for ARM Linux: close enough for a check, which links nothing.

use std::process::Command;
use std::time::Instant;

use crate::toolchain::{self, Wish};
use crate::ui::{self, UiArguments};
use crate::{places, program, setup};

const ANDROID: &str = "aarch64-linux-android";
const PACKAGES: &[&str] = &[
    "protocol", "network", "store", "contract", "engine", "tern-app", "ffi",
];

/// Checks core, shell and phone library for Android.
pub(crate) fn check() -> anyhow::Result<()> {
    setup::install_packages(&["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"])?;
    let started = Instant::now();
    if !places::root().join("ui/dist/index.html").exists() {
        // The shell embeds it, on phones as elsewhere.
        ui::build(&UiArguments::shipping())?;
    }
    let toolchain = toolchain::choose(ANDROID, Wish::Auto)?;
    println!("check-mobile: {ANDROID}, {}", toolchain.describe());
    let mut check = toolchain.cargo("check")?;
    check
        .env("CC_aarch64_linux_android", "aarch64-linux-gnu-gcc")
        .env("AR_aarch64_linux_android", "ar");
    // SQLCipher wants OpenSSL's headers. Those of this machine will do; behind all others, so that nothing else of
    // its headers is taken.
    let multiarch = program::output(Command::new("cc").arg("-print-multiarch"))?;
    check.env(
        "CFLAGS_aarch64_linux_android",
        format!("-idirafter /usr/include/{multiarch}"),
    );
    for package in PACKAGES {
        check.args(["--package", package]);
    }
    program::run(check.arg("--lib"))?;
    println!("check-mobile: done in {:.0} s", started.elapsed().as_secs_f32());
    Ok(())
}
