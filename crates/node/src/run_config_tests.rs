use super::*;

/// A configuration for the node whose keys are in `folder`, changed.
fn config(
    folder: &Path,
    change: impl FnOnce(&mut serde_json::Value),
) -> Result<RunConfig, serde_json::Error> {
    config_at(folder, 1, change)
}

fn config_at(
    folder: &Path,
    port: u16,
    change: impl FnOnce(&mut serde_json::Value),
) -> Result<RunConfig, serde_json::Error> {
    let keys: serde_json::Value = serde_json::from_str(&public_keys_json(folder).unwrap()).unwrap();
    let mut json = json!({
        "data": folder,
        "listen": "127.0.0.1",
        "nodes": [{
            "ed25519": keys["ed25519"], "legacy": keys["legacy"],
            "ip": "127.0.0.1", "https_port": port, "swarm": "7fffffffffffffff",
        }],
    });
    change(&mut json);
    serde_json::from_value(json)
}

#[tokio::test]
async fn one_node_runs_from_a_file_and_what_identity_prints() {
    let folder = tempfile::tempdir().unwrap();
    // Keeps the number ours; a socket that does not listen is in nobody's way.
    let reserved = Port::bind(Ipv4Addr::LOCALHOST, 0).unwrap();
    let config = config_at(folder.path(), reserved.number(), |_| {}).unwrap();
    let node = config.start().await.unwrap();
    let record = node.record().unwrap();
    assert_eq!(
        (record.swarm, record.https_port),
        (SwarmId(0x7fff_ffff_ffff_ffff), node.port())
    );
    assert!(node.is_running());
    node.stop().await;
    assert!(!node.is_running());
}

#[tokio::test]
async fn each_mistake_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let form = |change: fn(&mut serde_json::Value)| config(folder.path(), change).unwrap_err().to_string();
    assert!(form(|json| json["peers"] = json!([])).contains("unknown field `peers`"));
    assert!(form(|json| json["nodes"][0]["https_port"] = json!(70000)).contains("u16"));
    assert!(
        form(|json| drop(json.as_object_mut().unwrap().remove("nodes"))).contains("missing field `nodes`")
    );

    let other = folder.path().join("other");
    type Change = fn(&mut serde_json::Value);
    let changes: [(Change, &str); 5] = [
        (|json| json["nodes"][0]["ed25519"] = json!("00"), "node number 0"),
        (|json| json["nodes"][0]["legacy"] = json!("zz"), "node number 0"),
        (|json| json["nodes"][0]["swarm"] = json!("x"), "node number 0"),
        (|json| json["nodes"][0]["https_port"] = json!(0), "node number 0"),
        (|json| json["nodes"] = json!([]), "does not have this node"),
    ];
    for (change, expected) in changes {
        let error = config(folder.path(), change)
            .unwrap()
            .start()
            .await
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains(expected), "{error}");
    }
    let stranger = config(folder.path(), |json| json["data"] = json!(other)).unwrap();
    assert!(matches!(
        stranger.start().await,
        Err(RunConfigError::NotListed(_))
    ));
}

#[test]
fn private_servers_are_all_none_or_those_that_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let servers = |value: serde_json::Value| {
        config(folder.path(), |json| json["private_servers"] = value).map(|config| config.private_servers)
    };
    assert_eq!(servers(json!(true)).unwrap(), PrivateServers::Any(true));
    let named = PrivateServers::Listed(vec!["192.168.1.5:8080".parse().unwrap()]);
    assert_eq!(servers(json!(["192.168.1.5:8080"])).unwrap(), named);
    assert!(servers(json!(["192.168.1.5"])).is_err(), "without a port");
    let by_default = config(folder.path(), |_| {}).unwrap();
    assert_eq!(by_default.private_servers, PrivateServers::Any(false));
    assert_eq!(
        (by_default.connections_per_address, by_default.memory_mib),
        (200, 256)
    );
}
