//! Reading what must not stand on a command line.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::exit::Stop;
use crate::output::Output;

/// More than any passphrase or recovery phrase has.
const MOST_BYTES: u64 = 64 * 1024;

/// The text of a file, or of standard input for `-`. Says so when other users of the machine can read the file.
///
/// # Errors
/// [`Stop::BadFile`] when it cannot be read, is no text, or is too long.
pub(crate) fn read(path: &Path, output: &Output) -> Result<Zeroizing<String>, Stop> {
    if let Some(words) = warning(path) {
        output.problem(&serde_json::json!({ "warning": { "message": words } }), || {
            format!("Warning: {words}")
        });
    }
    let bad = |reason: &dyn std::fmt::Display| Stop::BadFile(format!("{}: {reason}", path.display()));
    let source: Box<dyn Read> = match path.as_os_str() == "-" {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(path).map_err(|error| bad(&error))?),
    };
    let mut text = Zeroizing::new(String::new());
    source
        .take(MOST_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(|error| bad(&error))?;
    match text.len() as u64 > MOST_BYTES {
        true => Err(bad(&"the file is too long")),
        false => Ok(text),
    }
}

fn warning(path: &Path) -> Option<String> {
    let open = path.as_os_str() != "-" && store::is_open_to_others(path);
    open.then(|| {
        format!(
            "other users of this machine can read {0}. `chmod 600 {0}` keeps it yours.",
            path.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_cannot_be_secrets_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        assert!(matches!(read(&path, &Output::new(false)), Err(Stop::BadFile(_))));
        std::fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(matches!(read(&path, &Output::new(false)), Err(Stop::BadFile(_))));
        std::fs::write(&path, vec![b'a'; 70_000]).unwrap();
        assert!(matches!(read(&path, &Output::new(false)), Err(Stop::BadFile(_))));
        std::fs::write(&path, "correct horse\n").unwrap();
        assert_eq!(
            read(&path, &Output::new(false)).unwrap().as_str(),
            "correct horse\n"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_told() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "x").unwrap();
        for (folder_mode, file_mode, told) in
            [(0o755, 0o644, true), (0o755, 0o600, false), (0o700, 0o644, false)]
        {
            for (path, mode) in [(folder.path(), folder_mode), (path.as_path(), file_mode)] {
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
            }
            assert_eq!(
                warning(&path).is_some(),
                told,
                "{file_mode:o} below {folder_mode:o}"
            );
        }
        assert_eq!(warning(Path::new("-")), None);
    }
}
