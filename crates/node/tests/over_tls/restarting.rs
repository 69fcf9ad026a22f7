//! Stopping, killing and starting nodes again.

use std::sync::Arc;
use std::time::Duration;

use node::{Fault, LocalNetwork, LocalNetworkError, LocalNetworkOptions, NodeError};
use tokio::net::TcpStream;

use crate::client::{Connection, echo_node, post, said};

#[tokio::test]
async fn a_stopped_node_lets_requests_finish_and_keeps_its_port() {
    let node = Arc::new(echo_node(|_, _| {}).await);
    node.faults().set(Fault::Delay(Duration::from_millis(100)));
    let mut connection = Connection::open(node.address()).await.unwrap();
    let asked = connection.post("/storage_rpc/v1", "x");
    let mut asked = std::pin::pin!(asked);
    // Long enough for the request to be on its way, and shorter than the answer takes.
    assert!(
        tokio::time::timeout(Duration::from_millis(50), asked.as_mut())
            .await
            .is_err()
    );
    let (answer, ()) = tokio::join!(asked, node.stop());
    assert_eq!(said(&answer.unwrap()), (200, "x"));
    let refused = TcpStream::connect(node.address()).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    node.faults().set(Fault::None);
    node.restart().await.unwrap();
    assert_eq!(
        said(&post(node.address(), "/storage_rpc/v1", "y").await),
        (200, "y")
    );
    assert!(matches!(node.restart().await, Err(NodeError::Running)));
}

#[tokio::test]
async fn a_killed_node_drops_what_it_does() {
    let node = echo_node(|_, _| {}).await;
    let mut connection = Connection::open(node.address()).await.unwrap();
    node.faults().set(Fault::Delay(Duration::from_secs(3600)));
    let asked = connection.post("/storage_rpc/v1", "x");
    let mut asked = std::pin::pin!(asked);
    assert!(futures::poll!(asked.as_mut()).is_pending());
    let (asked, ()) = tokio::join!(asked, node.kill());
    assert!(asked.is_err() && !node.is_running());
}

#[tokio::test]
async fn a_network_keeps_ports_and_keys_over_restarts() {
    let network = LocalNetwork::start(6, 2).await.unwrap();
    let profile = network.profile_json();
    network.stop_all().await;
    for index in 0..6 {
        assert!(
            TcpStream::connect(network.node(index).unwrap().address())
                .await
                .is_err()
        );
    }
    network.restart_all().await.unwrap();
    assert_eq!(network.profile_json(), profile);
    for index in 0..6 {
        assert_eq!(
            post(network.node(index).unwrap().address(), "/ping_test/v1", "")
                .await
                .status(),
            200
        );
    }
    network.stop_node(2).await.unwrap();
    assert!(!network.node(2).unwrap().is_running());
    network.restart_node(2).await.unwrap();
    assert!(matches!(
        network.stop_node(6).await,
        Err(LocalNetworkError::NoNode(6))
    ));
}

#[tokio::test]
async fn a_network_with_a_folder_is_the_same_in_the_next_process() {
    let folder = tempfile::tempdir().unwrap();
    let options = LocalNetworkOptions {
        nodes: 3,
        swarms: 1,
        data: Some(folder.path().to_owned()),
    };
    let network = LocalNetwork::start_with(options.clone()).await.unwrap();
    let keys = |network: &LocalNetwork| {
        let record = |index| network.node(index).unwrap().record().unwrap().clone();
        let spki = |index| network.node(index).unwrap().certificate().spki();
        (0..3)
            .map(|index| (record(index).ed25519, record(index).legacy, spki(index)))
            .collect::<Vec<_>>()
    };
    let before = keys(&network);
    drop(network);
    let network = LocalNetwork::start_with(options).await.unwrap();
    assert_eq!(keys(&network), before);
}

#[tokio::test]
async fn a_profile_names_all_nodes_in_swarms_of_even_size() {
    let network = LocalNetwork::start(9, 3).await.unwrap();
    assert_eq!(network.node_count(), 9);
    let profile: serde_json::Value = serde_json::from_str(&network.profile_json()).unwrap();
    let relays = profile["relays"].as_array().unwrap();
    let in_swarm = |swarm: &str| relays.iter().filter(|relay| relay["swarm"] == swarm).count();
    assert_eq!(
        ["0", "7fffffffffffffff", "bfffffffffffffff"].map(in_swarm),
        [3, 3, 3],
        "{profile:#}"
    );
    assert_eq!(profile["path_diversity"], false);
    assert_eq!(profile["seeds"].as_array().unwrap().len(), 3);
    for (nodes, swarms) in [(0, 0), (1, 0), (2, 3)] {
        let refused = LocalNetwork::start(nodes, swarms).await;
        assert!(matches!(refused, Err(LocalNetworkError::Sizes { .. })));
    }
}
