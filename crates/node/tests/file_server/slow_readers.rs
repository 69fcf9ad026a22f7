//! Clients that ask for files and do not take them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use node::{FileHost, FileHostConfig};
use protocol::file_server::FileId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::client::{content, host, uploaded};

/// Transfers of one address.
const OF_ADDRESS: usize = 16;
/// More than sockets hold, so that the server has to wait.
const LARGE: usize = 9_000_000;

/// A server with a large file.
async fn host_with_file(folder: &Path, change: impl FnOnce(&mut FileHostConfig)) -> (FileHost, FileId) {
    let host = host(folder, change).await;
    let id = uploaded(&host, &content(LARGE)).await;
    (host, id)
}

/// Asks from one of this machine's loopback addresses and reads no further than the status.
async fn begin(host: &FileHost, from: [u8; 4], id: &FileId) -> (TcpStream, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((Ipv4Addr::from(from), 0))).unwrap();
    let mut stream = socket.connect(host.address()).await.unwrap();
    let request = format!("GET /file/{id} HTTP/1.1\r\nHost: files\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    (stream, String::from_utf8_lossy(&status).into_owned())
}

#[tokio::test]
async fn fil_42_one_address_cannot_take_all_transfers() {
    let folder = tempfile::tempdir().unwrap();
    let (host, id) = host_with_file(folder.path(), |_| {}).await;
    let mut held = Vec::new();
    for _ in 0..OF_ADDRESS {
        let (stream, status) = begin(&host, [127, 0, 0, 1], &id).await;
        assert_eq!(status, "HTTP/1.1 200");
        held.push(stream);
    }
    let (_, status) = begin(&host, [127, 0, 0, 1], &id).await;
    assert_eq!(status, "HTTP/1.1 503");
    let (mut other, status) = begin(&host, [127, 0, 0, 2], &id).await;
    assert_eq!(status, "HTTP/1.1 200");
    let mut rest = Vec::new();
    other.read_to_end(&mut rest).await.unwrap();
    assert!(rest.ends_with(&content(LARGE)));
    // Whoever takes the file makes room.
    let mut first = held.remove(0);
    first.read_to_end(&mut rest).await.unwrap();
    while begin(&host, [127, 0, 0, 1], &id).await.1 != "HTTP/1.1 200" {}
}

#[tokio::test]
async fn fil_40_who_does_not_take_a_file_loses_its_transfer() {
    let folder = tempfile::tempdir().unwrap();
    let (host, id) = host_with_file(folder.path(), |config| {
        config.limits.stall_timeout = Duration::from_millis(150);
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..OF_ADDRESS {
        held.push(begin(&host, [127, 0, 0, 1], &id).await);
    }
    while begin(&host, [127, 0, 0, 1], &id).await.1 != "HTTP/1.1 200" {}
    let mut broken_off = 0;
    for (mut stream, _) in held {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        broken_off += usize::from(rest.len() < LARGE);
    }
    assert!(broken_off > 0, "the answer that made room broke off");
}
