//! What strangers try.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use node::{Limits, RateLimit};
use protocol::file_server::FileRequest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{ask, ask_as, content, files_in, host, send, upload, uploaded};

/// What a server says to raw bytes until it ends the connection.
async fn said_to(host: &node::FileHost, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(host.address()).await.unwrap();
    // The server may have ended the connection before it took all of it.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn fil_17_paths_and_methods_that_are_none_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |_| {}).await;
    let id = uploaded(&host, b"hello").await;
    for (method, path, status) in [
        ("GET", "/".to_owned(), 404),
        ("GET", "/file/../identity".to_owned(), 404),
        ("GET", "/file/..%2fidentity".to_owned(), 404),
        ("GET", "/file/%2e%2e/identity".to_owned(), 404),
        ("GET", format!("/file/{id}/../{id}"), 404),
        ("GET", "/loki/v4/lsrpc".to_owned(), 404),
        ("POST", "/loki/v4/lsrpc".to_owned(), 404),
        ("POST", "/oxen/v3/lsrpc".to_owned(), 404),
        ("PUT", "/file".to_owned(), 405),
        ("DELETE", format!("/file/{id}"), 405),
        ("POST", format!("/file/{id}/info"), 405),
    ] {
        let mut request = FileRequest::Download(id.clone()).into_server_request();
        (request.method, request.endpoint) = (method.to_owned(), path.clone());
        let reply = ask_as(&host, request).await.unwrap();
        assert_eq!(reply.code, status, "{method} {path}");
    }
}

#[tokio::test]
async fn fil_02_what_is_no_onion_request_is_refused_in_plain_text() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |_| {}).await;
    for (body, text) in [
        (Vec::new(), "Invalid onion request"),
        (vec![0xff; 100], "Invalid onion request"),
        (
            [
                &[3, 0, 0, 0, 1, 2, 3][..],
                format!(
                    r#"{{"ephemeral_key":"{}","enc_type":"xchacha20"}}"#,
                    "09".repeat(32)
                )
                .as_bytes(),
            ]
            .concat(),
            "Invalid ciphertext",
        ),
    ] {
        let request = Request::post("/oxen/v4/lsrpc").body(Full::new(Bytes::from(body)));
        let reply = send(host.address(), request.unwrap()).await.unwrap();
        assert_eq!(
            (reply.status().as_u16(), &reply.body()[..]),
            (400, text.as_bytes())
        );
    }
    let huge = Request::post("/oxen/v4/lsrpc").body(Full::new(Bytes::from(vec![0; 10_485_761])));
    let answer = send(host.address(), huge.unwrap()).await;
    // The answer may be lost where the connection ends before all of the body is taken.
    assert!(answer.is_err() || answer.unwrap().status().as_u16() == 413);
}

#[tokio::test]
async fn fil_10_a_body_without_a_length_is_judged_as_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |config| config.files.max_file_len = 10_000).await;
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(4096));
    let head = "POST /file HTTP/1.1\r\nHost: files\r\nTransfer-Encoding: chunked\r\n\r\n";
    let end = "0\r\n\r\n";
    let answer = said_to(&host, format!("{head}{chunk}{chunk}{chunk}{end}").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let last = "Connection: close\r\nTransfer";
    let kept = format!("{}{chunk}{chunk}{end}", head.replace("Transfer", last));
    let answer = said_to(&host, kept.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let empty = said_to(&host, format!("{head}{end}").as_bytes()).await;
    assert!(empty.starts_with("HTTP/1.1 413 "), "{empty}");
    assert_eq!(files_in(folder.path()), 1);
}

#[tokio::test]
async fn fil_10_an_upload_that_breaks_off_or_stalls_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |config| {
        config.limits.body_timeout = Duration::from_millis(300);
    })
    .await;
    let begun = b"POST /file HTTP/1.1\r\nHost: files\r\nContent-Length: 100000\r\n\r\nbegun";
    let mut broken = TcpStream::connect(host.address()).await.unwrap();
    broken.write_all(begun).await.unwrap();
    drop(broken);
    assert_eq!(
        said_to(&host, begun).await,
        "",
        "it stalls, and the server hangs up"
    );
    // Stopping waits for what was in progress.
    host.stop().await;
    assert_eq!(files_in(folder.path()), 0);
}

#[tokio::test]
async fn fil_40_connections_and_requests_of_one_address_are_limited() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |config| {
        config.rate_limit = RateLimit::Network;
        config.limits = Limits {
            max_connections_per_address: 1,
            ..Limits::NETWORK
        };
    })
    .await;
    // It is counted once it was answered on.
    let mut first = TcpStream::connect(host.address()).await.unwrap();
    first
        .write_all(b"GET /file HTTP/1.1\r\nHost: files\r\n\r\n")
        .await
        .unwrap();
    first.read_exact(&mut [0; 12]).await.unwrap();
    assert_eq!(
        said_to(&host, b"GET /file HTTP/1.1\r\nHost: files\r\n\r\n").await,
        ""
    );
}

#[tokio::test]
async fn fil_40_an_address_that_asks_too_often_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |config| config.rate_limit = RateLimit::Network).await;
    let many = "GET /session_version HTTP/1.1\r\nHost: files\r\n\r\n".repeat(4_000);
    let last = "GET /session_version HTTP/1.1\r\nHost: files\r\nConnection: close\r\n\r\n";
    let mut stream = TcpStream::connect(host.address()).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let sent = format!("{many}{last}");
    let mut answers = String::new();
    let (written, read) = tokio::join!(
        writing.write_all(sent.as_bytes()),
        reading.read_to_string(&mut answers)
    );
    written.unwrap();
    read.unwrap();
    let count = |status: &str| answers.matches(&format!("HTTP/1.1 {status} ")).count();
    assert!(count("404") >= 600, "{} were answered", count("404"));
    assert!(count("429") > 0, "none was refused");
    assert_eq!(count("404") + count("429"), 4_001);
}

#[tokio::test]
async fn fil_21_a_full_server_refuses_and_serves_on() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |config| config.files.max_total_len = 100_000).await;
    let id = uploaded(&host, &content(90_000)).await;
    assert_eq!(ask(&host, upload(&content(20_000))).await.unwrap().code, 507);
    assert_eq!(ask(&host, FileRequest::Download(id)).await.unwrap().code, 200);
    assert_eq!(files_in(folder.path()), 1);
}
