//! Nodes that fail on purpose, as clients see them.

use std::time::{Duration, Instant};

use node::Fault;

use crate::client::{Connection, connect, echo_node, post, said};

#[tokio::test]
async fn a_refusing_node_hangs_up_and_serves_again_when_told() {
    let node = echo_node(|_, _| {}).await;
    let mut open = Connection::open(node.address()).await.unwrap();
    assert_eq!(
        said(&open.post("/storage_rpc/v1", "x").await.unwrap()),
        (200, "x")
    );
    node.faults().set(Fault::Refuse);
    assert!(open.post("/storage_rpc/v1", "x").await.is_err());
    assert!(connect(node.address()).await.is_err());
    node.faults().set(Fault::None);
    assert_eq!(
        said(&post(node.address(), "/storage_rpc/v1", "x").await),
        (200, "x")
    );
}

#[tokio::test]
async fn a_silent_node_answers_neither_requests_nor_handshakes() {
    let node = echo_node(|_, _| {}).await;
    let mut open = Connection::open(node.address()).await.unwrap();
    assert_eq!(
        said(&open.post("/storage_rpc/v1", "x").await.unwrap()),
        (200, "x")
    );
    node.faults().set(Fault::Silence);
    let short = Duration::from_millis(100);
    {
        let asked = open.post("/storage_rpc/v1", "x");
        let mut asked = std::pin::pin!(asked);
        let mut handshake = std::pin::pin!(connect(node.address()));
        assert!(tokio::time::timeout(short, asked.as_mut()).await.is_err());
        assert!(tokio::time::timeout(short, handshake.as_mut()).await.is_err());
        node.faults().set(Fault::None);
        assert!(
            asked.await.is_err() && handshake.await.is_err(),
            "what was silent hangs up"
        );
    }
    assert_eq!(
        said(&post(node.address(), "/storage_rpc/v1", "x").await),
        (200, "x")
    );
}

#[tokio::test]
async fn a_slow_node_answers_late_and_lying_ones_answer_nonsense() {
    let node = echo_node(|_, _| {}).await;
    let delay = Duration::from_millis(80);
    node.faults().set(Fault::Delay(delay));
    let begin = Instant::now();
    assert_eq!(
        said(&post(node.address(), "/storage_rpc/v1", "x").await),
        (200, "x")
    );
    assert!(begin.elapsed() >= delay);
    node.faults().set(Fault::WrongBytes);
    let answer = post(node.address(), "/storage_rpc/v1", "x").await;
    assert!(answer.status() == 200 && std::str::from_utf8(answer.body()).is_err());
    node.faults().set(Fault::HugeReply(32 * 1024 * 1024));
    let answer = post(node.address(), "/json_rpc", "x").await;
    assert_eq!(
        (answer.status().as_u16(), answer.body().len()),
        (200, 32 * 1024 * 1024)
    );
}
