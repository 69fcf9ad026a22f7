//! Where things are: the checkout, the cache outside it, and cargo's target folder.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// What outlives a checkout: `$TERN_CACHE`, else `$XDG_CACHE_HOME/tern`, else `~/.cache/tern`.
pub(crate) fn cache() -> anyhow::Result<PathBuf> {
    if let Some(folder) = folder_from("TERN_CACHE") {
        return Ok(folder);
    }
    if let Some(folder) = folder_from("XDG_CACHE_HOME") {
        return Ok(folder.join("tern"));
    }
    let home = folder_from("HOME").context("neither TERN_CACHE, XDG_CACHE_HOME nor HOME is set")?;
    Ok(home.join(".cache/tern"))
}

/// The user's data of real networks: `$XDG_DATA_HOME/tern`, else `~/.local/share/tern`.
pub(crate) fn user_data() -> anyhow::Result<PathBuf> {
    if let Some(folder) = folder_from("XDG_DATA_HOME") {
        return Ok(folder.join("tern"));
    }
    Ok(folder_from("HOME")
        .context("neither XDG_DATA_HOME nor HOME is set")?
        .join(".local/share/tern"))
}

/// Cargo's target folder for all that xtask builds: `$CARGO_TARGET_DIR`, else `target` in the cache, so that a
/// fresh checkout finds the libraries compiled.
pub(crate) fn target() -> anyhow::Result<PathBuf> {
    match folder_from("CARGO_TARGET_DIR") {
        Some(folder) if folder.is_absolute() => Ok(folder),
        Some(folder) => Ok(root().join(folder)),
        None => Ok(cache()?.join("target")),
    }
}

fn folder_from(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
