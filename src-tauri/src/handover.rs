//! A second start on the same data hands its files to the window that is open.
//!
//! The first start listens on a socket in the account's folder, which only its user can enter. What comes over it are
//! paths, read with no more rights than whoever names them has already. Without such a window, or where there are no such
//! sockets, the second start opens a window of its own.

use std::io::{Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The socket's name in the account's folder.
const SOCKET: &str = "share.sock";

/// Longest list of paths, in bytes.
const LONGEST: u64 = 256 * 1024;

/// Neither side waits longer for the other.
const PATIENCE: Duration = Duration::from_secs(3);

/// Said by a window that has taken the files.
const TAKEN: u8 = 1;

/// Hands files to the window that is open on the data in `folder`. Answers whether there was one that took them.
pub(crate) fn hand_over(folder: &Path, files: &[PathBuf]) -> bool {
    let Ok(mut stream) = UnixStream::connect(folder.join(SOCKET)) else {
        return false;
    };
    let mut answer = [0];
    let handed = stream
        .set_write_timeout(Some(PATIENCE))
        .and_then(|()| stream.set_read_timeout(Some(PATIENCE)))
        .and_then(|()| stream.write_all(&to_bytes(files)))
        .and_then(|()| stream.shutdown(std::net::Shutdown::Write))
        .and_then(|()| stream.read_exact(&mut answer));
    handed.is_ok() && answer == [TAKEN]
}

/// Takes what later starts hand over, for as long as the process lives. A window that cannot listen works all the same.
pub(crate) fn listen(folder: &Path, take: impl Fn(Vec<PathBuf>) + Send + 'static) {
    let listener = match bind(folder) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::debug!(kind = ?error.kind(), "nothing can be handed over to this window");
            return;
        }
    };
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Ok(files) = receive(&stream) {
                take(files);
                let _ = (&stream).write_all(&[TAKEN]);
            }
        }
    });
}

fn bind(folder: &Path) -> std::io::Result<UnixListener> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let socket = folder.join(SOCKET);
    // Of a window that is there the socket is kept; what a killed one has left is in the way.
    if UnixStream::connect(&socket).is_err() && socket.exists() {
        std::fs::remove_file(&socket)?;
    }
    UnixListener::bind(socket)
}

fn receive(stream: &UnixStream) -> std::io::Result<Vec<PathBuf>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut bytes = Vec::new();
    stream.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(from_bytes(&bytes))
}

/// Each path, ended by the one byte that no path holds.
fn to_bytes(files: &[PathBuf]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for file in files {
        bytes.extend_from_slice(file.as_os_str().as_bytes());
        bytes.push(0);
    }
    bytes
}

fn from_bytes(bytes: &[u8]) -> Vec<PathBuf> {
    let paths = bytes.split(|byte| *byte == 0).filter(|path| !path.is_empty());
    paths
        .map(|path| std::ffi::OsString::from_vec(path.to_vec()).into())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_second_start_hands_its_files_to_the_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let files = vec![PathBuf::from("/tmp/a photo.jpg"), PathBuf::from("/tmp/ü\n.pdf")];
        assert!(!hand_over(&data, &files), "there is no window");

        let (sender, taken) = mpsc::channel();
        listen(&data, move |files| sender.send(files).expect("the test listens"));
        assert!(hand_over(&data, &files));
        assert_eq!(taken.recv_timeout(PATIENCE).expect("they come"), files);
        assert!(hand_over(&data, &[]));
        assert_eq!(
            taken.recv_timeout(PATIENCE).expect("it comes"),
            Vec::<PathBuf>::new()
        );
    }

    #[test]
    fn what_a_killed_window_has_left_is_not_in_the_way() {
        let folder = tempfile::tempdir().expect("a folder");
        drop(UnixListener::bind(folder.path().join(SOCKET)).expect("a socket"));
        assert!(!hand_over(folder.path(), &[]));
        let (sender, taken) = mpsc::channel();
        listen(folder.path(), move |files| {
            sender.send(files).expect("the test listens")
        });
        assert!(hand_over(folder.path(), &[PathBuf::from("/x")]));
        assert_eq!(taken.recv_timeout(PATIENCE).expect("it comes").len(), 1);
    }

    #[test]
    fn a_window_that_is_there_keeps_its_socket() {
        let folder = tempfile::tempdir().expect("a folder");
        let (first, taken) = mpsc::channel();
        listen(folder.path(), move |files| {
            first.send(files).expect("the test listens")
        });
        listen(folder.path(), |_| panic!("the second must not be asked"));
        assert!(hand_over(folder.path(), &[PathBuf::from("/x")]));
        // The second asked whether somebody is there, which hands nothing over.
        let files = || taken.recv_timeout(PATIENCE).expect("they come");
        assert_eq!(files().len() + files().len(), 1);
    }
}
