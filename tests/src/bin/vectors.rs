//! `vectors DIR`: runs every vector file of a folder and says what failed and what is not covered.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use tests::vectors::{CaseResult, FileResult, run_file};

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: vectors DIR");
        return ExitCode::from(2);
    };
    match run_folder(&folder) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}

/// Runs a folder; whether everything passed.
fn run_folder(folder: &Path) -> Result<bool> {
    let (mut passed, mut failed, mut not_covered) = (0_usize, 0_usize, Vec::new());
    for path in json_files(folder)? {
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        match run_file(&stem, &text) {
            FileResult::NotCovered => not_covered.push(stem),
            FileResult::Cases(cases) => {
                if cases.is_empty() {
                    println!("FAIL {stem}: the file has no cases");
                    failed += 1;
                }
                for CaseResult { name, outcome } in cases {
                    match outcome {
                        Ok(()) => passed += 1,
                        Err(reason) => {
                            println!("FAIL {stem}/{name}: {reason}");
                            failed += 1;
                        }
                    }
                }
            }
        }
    }
    for stem in &not_covered {
        println!("not covered yet: {stem}.json");
    }
    println!("{passed} passed, {failed} failed");
    Ok(failed == 0)
}

fn json_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    ensure!(!files.is_empty(), "{} holds no .json files", folder.display());
    files.sort();
    Ok(files)
}
