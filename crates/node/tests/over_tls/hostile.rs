//! Clients that mean harm: broken, endless, huge, slow and many.

use std::time::Duration;

use node::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{Connection, connect, echo_node, post, said};

const SHORT: Duration = Duration::from_millis(150);

/// Writes bytes over TLS and returns everything that comes until the node hangs up.
async fn exchange(node: &node::Node, bytes: &[u8]) -> String {
    let mut stream = connect(node.address()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream.flush().await.unwrap();
    let mut answer = Vec::new();
    // A node that hangs up on unread bytes may reset the connection after its answer.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn nde_04_a_body_that_says_that_it_is_too_large_is_refused_unread() {
    let node = echo_node(|_, _| {}).await;
    let head = "POST /storage_rpc/v1 HTTP/1.1\r\nhost: x\r\ncontent-length: 10485761\r\n\r\n";
    let answer = exchange(&node, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(
        answer.contains("connection: close") && answer.ends_with("Request body too large"),
        "{answer}"
    );

    let largest = vec![b' '; 10 * 1024 * 1024];
    let answer = post(node.address(), "/storage_rpc/v1", largest.clone()).await;
    assert!(answer.status() == 200 && answer.body() == &largest);
}

#[tokio::test]
async fn nde_04_a_body_that_does_not_say_its_length_ends_at_the_limit() {
    let node = echo_node(|_, _| {}).await;
    let mut stream = connect(node.address()).await.unwrap();
    stream
        .write_all(b"POST /onion_req/v2 HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        .await
        .unwrap();
    let chunk = [b"100000\r\n".as_slice(), &[b'x'; 0x10_0000], b"\r\n"].concat();
    let mut answer = Vec::new();
    let (mut reader, mut writer) = tokio::io::split(stream);
    let write = async {
        // Eleven chunks of 1 MiB; the node may hang up before the last.
        for _ in 0..11 {
            if writer.write_all(&chunk).await.is_err() {
                break;
            }
        }
        let _ = writer.flush().await;
    };
    let _ = tokio::join!(write, reader.read_to_end(&mut answer));
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.starts_with("HTTP/1.1 413 ") && answer.ends_with("Request body too large"),
        "{answer}"
    );
}

#[tokio::test]
async fn slow_heads_slow_bodies_silent_and_idle_connections_end() {
    let limits = Limits {
        handshake_timeout: SHORT,
        head_timeout: SHORT,
        body_timeout: SHORT,
        ..Limits::default()
    };
    let node = echo_node(|config, _| config.limits = limits).await;
    let mut silent = TcpStream::connect(node.address()).await.unwrap();
    assert_eq!(
        silent.read_to_end(&mut Vec::new()).await.unwrap_or(0),
        0,
        "no handshake"
    );
    let half_a_head = exchange(&node, b"POST /storage_rpc/v1 HTTP/1.1\r\nhost: x\r\ncontent-le").await;
    assert!(
        half_a_head.is_empty() || half_a_head.starts_with("HTTP/1.1 4"),
        "{half_a_head}"
    );
    let half_a_body = exchange(
        &node,
        b"POST /storage_rpc/v1 HTTP/1.1\r\ncontent-length: 10\r\n\r\nfive!",
    )
    .await;
    assert_eq!(half_a_body, "");
    let idle = exchange(
        &node,
        b"POST /storage_rpc/v1 HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\nx",
    )
    .await;
    assert!(
        idle.starts_with("HTTP/1.1 200 ") && idle.ends_with("\r\nx"),
        "{idle}"
    );
}

#[tokio::test]
async fn connections_beyond_the_limit_end_and_those_within_it_go_on() {
    let node = echo_node(|config, _| config.limits.max_connections = 2).await;
    let mut first = Connection::open(node.address()).await.unwrap();
    let second = Connection::open(node.address()).await.unwrap();
    assert!(Connection::open(node.address()).await.is_err());
    assert_eq!(
        said(&first.post("/storage_rpc/v1", "x").await.unwrap()),
        (200, "x")
    );
    drop(second);
    // The node notices the end of a connection in its own time.
    while Connection::open(node.address()).await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn bodies_beyond_the_memory_for_them_are_told_to_come_later() {
    let node = echo_node(|config, _| config.limits.max_body_bytes_in_memory = 8192).await;
    assert_eq!(
        post(node.address(), "/storage_rpc/v1", vec![b'x'; 4096])
            .await
            .status(),
        200
    );
    // One that is taken and has no room for its answer, and one that is not taken.
    for len in [4097, 8193] {
        let answer = post(node.address(), "/storage_rpc/v1", vec![b'x'; len]).await;
        assert_eq!(said(&answer), (503, "Server busy, try again later"), "{len}");
    }
}

#[tokio::test]
async fn nde_09_answers_count_until_their_clients_have_taken_them() {
    const MIB: usize = 1024 * 1024;
    let node = echo_node(|config, _| config.limits.max_body_bytes_in_memory = 20 * MIB).await;
    let body = vec![b'x'; 8 * MIB];
    let head = format!(
        "POST /storage_rpc/v1 HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    // More than sockets hold, so most of it stays with the node while nobody reads.
    let mut unread = connect(node.address()).await.unwrap();
    unread.write_all(head.as_bytes()).await.unwrap();
    unread.write_all(&body).await.unwrap();
    unread.flush().await.unwrap();
    unread.read_exact(&mut [0; 12]).await.unwrap();
    let answer = post(node.address(), "/storage_rpc/v1", body.clone()).await;
    assert_eq!(said(&answer), (503, "Server busy, try again later"));
    assert_eq!(
        said(&post(node.address(), "/storage_rpc/v1", "x").await),
        (200, "x")
    );
    drop(unread);
    // The node notices the end of a connection in its own time.
    while post(node.address(), "/storage_rpc/v1", body.clone())
        .await
        .status()
        != 200
    {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_node_outlives_what_is_no_tls_and_what_is_no_http() {
    let node = echo_node(|_, _| {}).await;
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    for len in [1, 5, 100, 5000] {
        let bytes: Vec<u8> = (0..len).map(|_| noise()).collect();
        let mut stream = TcpStream::connect(node.address()).await.unwrap();
        let _ = stream.write_all(&bytes).await;
        stream.shutdown().await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
        let mut stream = connect(node.address()).await.unwrap();
        let _ = stream.write_all(&[&bytes[..], b"\r\n\r\n"].concat()).await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
        let answer = post(node.address(), "/onion_req/v2", bytes).await;
        assert_eq!(answer.status(), 400);
    }
    let pipelined = "POST /storage_rpc/v1 HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\na".repeat(20);
    let last = "POST /ping_test/v1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let answers = exchange(&node, format!("{pipelined}{last}").as_bytes()).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 21);
}
