//! `tern-node files` as whoever runs it meets it, killed like any process.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use protocol::file_server::{FileRequest, Uploaded, downloaded};
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::client::{ask_at, content, files_in, upload};

struct Program {
    child: Child,
    address: SocketAddr,
    /// What it says that a network profile should say.
    entry: Value,
}

impl Program {
    fn start(folder: &Path, listen: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tern-node"))
            .args(["files", "--listen", listen, "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let profile = read_json(child.stdout.take().unwrap());
        // It says so once it listens.
        let mut ready = String::new();
        BufReader::new(child.stderr.take().unwrap())
            .read_line(&mut ready)
            .unwrap();
        let address = ready.trim().strip_prefix("serving files on ").unwrap();
        Self {
            child,
            address: address.parse().unwrap(),
            entry: profile["file_server"].clone(),
        }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn read_json(output: ChildStdout) -> Value {
    let mut values = serde_json::Deserializer::from_reader(output).into_iter::<Value>();
    values.next().unwrap().unwrap()
}

#[tokio::test]
async fn fil_23_a_killed_process_keeps_what_it_promised_and_nothing_of_what_it_was_told_half() {
    let folder = tempfile::tempdir().unwrap();
    let first = Program::start(folder.path(), "127.0.0.1:0");
    let (address, entry) = (first.address, first.entry.clone());
    assert_eq!(entry["url"], format!("http://{address}"));
    let file = content(300_000);
    let reply = ask_at(address, upload(&file).into_server_request())
        .await
        .unwrap();
    let id = Uploaded::parse(&reply).unwrap().id;
    let mut half = TcpStream::connect(address).await.unwrap();
    half.write_all(b"POST /file HTTP/1.1\r\nHost: files\r\nContent-Length: 100000\r\n\r\nhalf")
        .await
        .unwrap();
    first.kill();

    let second = Program::start(folder.path(), &address.to_string());
    assert_eq!(second.entry, entry, "same port, same keys");
    let download = FileRequest::Download(id).into_server_request();
    assert!(downloaded(ask_at(address, download).await.unwrap()).unwrap() == file);
    assert_eq!(files_in(folder.path()), 1);
    second.kill();
}
