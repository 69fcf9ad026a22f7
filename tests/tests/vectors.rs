//! Every vector file of the repository passes, and none is passed over.

use std::path::Path;

use tests::vectors::{CaseResult, FileResult, run_file};

#[test]
fn every_vector_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let mut failures = Vec::new();
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let FileResult::Cases(cases) = run_file(&stem, &text) else {
            failures.push(format!("{stem}: not covered"));
            continue;
        };
        if cases.is_empty() {
            failures.push(format!("{stem}: no cases"));
        }
        files += 1;
        let failed = |CaseResult { name, outcome }: CaseResult| {
            outcome.err().map(|error| format!("{stem}/{name}: {error}"))
        };
        failures.extend(cases.into_iter().filter_map(failed));
    }
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(files >= 31, "only {files} files were run");
}
