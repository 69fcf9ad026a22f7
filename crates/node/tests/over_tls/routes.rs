//! Routes, words, headers and the limit on requests.

use std::time::Instant;

use bytes::Bytes;
use data_encoding::BASE64;
use http_body_util::Full;
use hyper::Request;
use node::{NodeConfig, RateLimit};
use protocol::storage::SwarmId;
use serde_json::{Value, json};

use crate::client::{Connection, echo_node, post, said};

fn nothing(_: &mut NodeConfig, _: &mut SwarmId) {}

#[tokio::test]
async fn nde_01_unknown_paths_and_methods_are_named_in_the_answer() {
    let node = echo_node(nothing).await;
    let mut connection = Connection::open(node.address()).await.unwrap();
    let cases = [
        ("GET", "/", "get / Not Found"),
        ("GET", "/storage_rpc/v1", "get /storage_rpc/v1 Not Found"),
        ("POST", "/storage_rpc/v1/", "post /storage_rpc/v1/ Not Found"),
        ("POST", "/get_stats/v1", "post /get_stats/v1 Not Found"),
        ("DELETE", "/onion_req/v2?x=1", "delete /onion_req/v2 Not Found"),
    ];
    for (method, path, text) in cases {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Full::default())
            .unwrap();
        let answer = connection.send(request).await.unwrap();
        assert_eq!(said(&answer), (404, text));
        assert_eq!(answer.headers()["server"], "Oxen Storage Server/2.11.0");
        assert_eq!(answer.headers()["content-type"], "text/plain");
    }
}

#[tokio::test]
async fn nde_02_a_reachability_test_is_answered_with_the_legacy_key() {
    let node = echo_node(nothing).await;
    let answer = post(node.address(), "/ping_test/v1", "").await;
    assert_eq!(said(&answer), (200, ""));
    let legacy = BASE64.encode(&node.record().unwrap().legacy);
    assert_eq!(answer.headers()["x-oxen-snode-pubkey"], legacy.as_str());
}

#[tokio::test]
async fn nde_03_json_is_called_json_and_all_else_text() {
    let node = echo_node(nothing).await;
    let mut connection = Connection::open(node.address()).await.unwrap();
    let stats = connection
        .send(Request::get("/get_stats/v1").body(Full::default()).unwrap())
        .await
        .unwrap();
    assert_eq!(said(&stats), (200, r#"{"version":"2.11.0"}"#));
    assert_eq!(stats.headers()["content-type"], "application/json");
    let echoed = connection.post("/storage_rpc/v1", "\u{1}bytes").await.unwrap();
    assert_eq!(said(&echoed), (200, "\u{1}bytes"));
    assert_eq!(echoed.headers()["content-type"], "text/plain");
    let list = json!({ "method": "get_n_service_nodes", "params": { "fields": ["public_ip"] } });
    let list = connection.post("/json_rpc", list.to_string()).await.unwrap();
    assert_eq!(list.headers()["content-type"], "application/json");
    let list: Value = serde_json::from_slice(list.body()).unwrap();
    assert_eq!(
        list["result"]["service_node_states"],
        json!([{ "public_ip": "127.0.0.1" }])
    );
}

#[tokio::test]
async fn nde_05_waiting_for_messages_is_over() {
    let node = echo_node(nothing).await;
    let mut connection = Connection::open(node.address()).await.unwrap();
    let request = Request::post("/storage_rpc/v1").header("X-Loki-Long-Poll", "");
    let answer = connection
        .send(request.body(Full::default()).unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), 410);
}

#[tokio::test]
async fn nde_06_a_node_without_a_swarm_is_not_ready() {
    let node = echo_node(|_, swarm| *swarm = SwarmId::NONE).await;
    let mut connection = Connection::open(node.address()).await.unwrap();
    for path in ["/storage_rpc/v1", "/onion_req/v2"] {
        let answer = connection.post(path, "").await.unwrap();
        assert_eq!(
            said(&answer),
            (503, "Service node is not ready: not in any swarm\n")
        );
    }
    assert_eq!(connection.post("/ping_test/v1", "").await.unwrap().status(), 200);
    assert_eq!(
        connection
            .post("/json_rpc", r#"{"method":"get_service_nodes"}"#)
            .await
            .unwrap()
            .status(),
        200
    );
}

#[tokio::test]
async fn nde_07_600_requests_of_one_address_pass_at_once_and_onions_are_not_counted() {
    let node = echo_node(|config, _| config.rate_limit = RateLimit::Network).await;
    let begin = Instant::now();
    let mut passed = 0;
    // Over two connections: the address counts.
    for _ in 0..2 {
        let mut connection = Connection::open(node.address()).await.unwrap();
        for _ in 0..600 {
            let answer = connection
                .post("/storage_rpc/v1", Bytes::from_static(b"{}"))
                .await
                .unwrap();
            match answer.status().as_u16() {
                200 => passed += 1,
                _ => assert_eq!(said(&answer), (429, "Too Many Requests\n")),
            }
        }
        assert_eq!(
            connection.post("/onion_req/v2", "").await.unwrap().status(),
            400,
            "not counted"
        );
    }
    let most = 601.0 + 300.0 * begin.elapsed().as_secs_f64();
    assert!(
        passed >= 600 && f64::from(passed) <= most,
        "{passed} of 1200 passed, {most} may"
    );
}
