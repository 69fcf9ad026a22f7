//! Rules of the house that no compiler checks.
//!
//! [`layers`] keeps the arrows between crates pointing one way; [`files`] looks at each source file.

mod files;
mod layers;

use std::process::Command;

use anyhow::bail;

use crate::{places, program};

/// Fails when the tree breaks a rule, naming each place.
pub(crate) fn run() -> anyhow::Result<()> {
    let problems = problems()?;
    for problem in &problems {
        eprintln!("tidy: {problem}");
    }
    if !problems.is_empty() {
        bail!("{} untidy places", problems.len());
    }
    Ok(())
}

/// Everything in the tree that breaks a rule, as `path:line: what`.
fn problems() -> anyhow::Result<Vec<String>> {
    let mut problems = layers::problems(&layers::metadata()?);
    let mut paths = source_paths()?;
    paths.sort();
    let mut sources = Vec::new();
    for path in paths {
        // A file that was deleted but is still in the index, or one that is not text.
        if let Ok(text) = std::fs::read_to_string(places::root().join(&path)) {
            sources.push((path, text));
        }
    }
    problems.extend(files::problems(&sources));
    Ok(problems)
}

/// Files of the tree, committed or about to be, with `/` between folders.
fn source_paths() -> anyhow::Result<Vec<String>> {
    let mut list = Command::new("git");
    list.current_dir(places::root())
        .args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    Ok(program::output(&mut list)?.lines().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tree_keeps_the_rules_of_the_house() {
        let problems = super::problems().expect("git and cargo answer");
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }
}
