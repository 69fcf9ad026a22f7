//! Room on the disk for a whole test run: a build that fills it fails halfway, and may name everything but the cause.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;

use crate::places;

const GIGABYTE: u64 = 1_000_000_000;
/// What a run from nothing writes, as measured, and a third more.
const WHOLE_RUN: u64 = 14 * GIGABYTE;
/// What a run beside a full target folder writes: the workspace anew, since cargo keeps what it replaced.
const REBUILD: u64 = 7 * GIGABYTE;

/// Throws away what earlier host builds left when too little room is left beside it; cargo itself never does. Says so
/// where even that may not be enough.
///
/// # Errors
/// The disk cannot be asked, or the folder not removed.
pub(crate) fn make() -> anyhow::Result<()> {
    let target = places::target()?;
    fs::create_dir_all(&target)?;
    let builds = target.join("debug");
    let free = free_bytes(&target)?;
    if builds.exists() && free < REBUILD {
        println!(
            "setup: {} free, so what was compiled before is thrown away",
            in_words(free)
        );
        remove(&builds)?;
    }
    let free = free_bytes(&target)?;
    if !builds.exists() && free < WHOLE_RUN {
        println!(
            "setup: only {} free in {}; a whole run may need {}",
            in_words(free),
            target.display(),
            in_words(WHOLE_RUN)
        );
    }
    Ok(())
}

fn free_bytes(folder: &Path) -> anyhow::Result<u64> {
    let disk =
        rustix::fs::statvfs(folder).with_context(|| format!("no room known for {}", folder.display()))?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// A folder that is moved aside first is never found half removed.
fn remove(folder: &Path) -> anyhow::Result<()> {
    let aside = folder.with_extension("old");
    match fs::remove_dir_all(&aside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    fs::rename(folder, &aside)?;
    Ok(fs::remove_dir_all(&aside)?)
}

fn in_words(bytes: u64) -> String {
    format!("{} GB", bytes / GIGABYTE)
}
