//! Reading what must not stand on a command line.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::exit::Stop;

/// More than any passphrase or recovery phrase has.
const MOST_BYTES: u64 = 64 * 1024;

/// The text of a file, or of standard input for `-`.
///
/// # Errors
/// [`Stop::BadFile`] when it cannot be read, is no text, or is too long.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, Stop> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_cannot_be_secrets_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        assert!(matches!(read(&path), Err(Stop::BadFile(_))));
        std::fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(matches!(read(&path), Err(Stop::BadFile(_))));
        std::fs::write(&path, vec![b'a'; 70_000]).unwrap();
        assert!(matches!(read(&path), Err(Stop::BadFile(_))));
        std::fs::write(&path, "correct horse\n").unwrap();
        assert_eq!(read(&path).unwrap().as_str(), "correct horse\n");
    }
}
