use super::*;

fn minimal() -> serde_json::Value {
    let key = |number: u8| data_encoding::HEXLOWER.encode(&[number; 32]);
    let relay = |number: u8| {
        serde_json::json!({
            "ed25519": key(number), "x25519": key(number), "ip": "127.0.0.1", "https_port": 22021, "swarm": "0",
        })
    };
    serde_json::json!({
        "name": "mine", "path_diversity": false, "private_addresses": true, "min_relays": 4,
        "relays": (1..=4).map(relay).collect::<Vec<_>>(),
    })
}

/// The message of the error that a changed minimal profile gives.
#[track_caller]
fn refusal(change: impl FnOnce(&mut serde_json::Value)) -> String {
    let mut json = minimal();
    change(&mut json);
    NetworkProfile::from_json(&json.to_string())
        .unwrap_err()
        .to_string()
}

#[test]
fn the_deployed_networks_pass_their_own_check_and_the_round_trip() {
    for profile in [NetworkProfile::mainnet(), NetworkProfile::testnet()] {
        assert_eq!(NetworkProfile::from_json(&profile.to_json()).unwrap(), profile);
    }
}

#[test]
fn net_01_mainnet_seeds_are_pinned_and_its_file_server_key_is_the_converted_one() {
    let mainnet = NetworkProfile::mainnet();
    assert!(
        mainnet
            .seeds
            .iter()
            .all(|seed| seed.spki_sha256.len() == 1 && seed.url.scheme() == "https")
    );
    let files = mainnet.file_server.unwrap();
    assert_eq!(
        Hop::from_ed25519(files.ed25519.unwrap()).unwrap().x25519,
        files.x25519
    );
}

#[test]
fn a_hand_written_list_of_relays_is_enough() {
    let profile = NetworkProfile::from_json(&minimal().to_string()).unwrap();
    assert_eq!(profile.relays.len(), 4);
    assert_eq!(profile.relays[0].swarm, Some(SwarmId(0)));
}

#[test]
fn net_08_private_addresses_are_refused_unless_they_are_asked_for() {
    for address in [
        "127.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "240.0.0.1",
        "::1",
        "fd00::1",
    ] {
        let mut json = minimal();
        json["relays"][3]["ip"] = address.into();
        assert!(NetworkProfile::from_json(&json.to_string()).is_ok(), "{address}");
        for relay in 0..3 {
            json["relays"][relay]["ip"] = "9.9.9.9".into();
        }
        json.as_object_mut().unwrap().remove("private_addresses");
        let error = NetworkProfile::from_json(&json.to_string()).unwrap_err();
        assert!(
            matches!(error, ProfileError::PrivateAddress(3)),
            "{address}: {error}"
        );
    }
    assert!(!NetworkProfile::mainnet().private_addresses && !NetworkProfile::testnet().private_addresses);
}

#[test]
fn each_mistake_is_named() {
    assert!(refusal(|json| json["relays"] = serde_json::json!([])).contains("neither seeds nor relays"));
    assert!(refusal(|json| json["relays"][0]["ed25519"] = "zz".into()).contains("64 hex digits"));
    assert!(refusal(|json| json["relays"][1]["https_port"] = 0.into()).contains("relay number 1"));
    assert!(refusal(|json| json["relays"][1]["https_port"] = 70000.into()).contains("malformed"));
    assert!(refusal(|json| json["relays"][0]["swarm"] = "+1".into()).contains("a swarm is hex"));
    assert!(refusal(|json| json["relay"] = 1.into()).contains("unknown field `relay`"));
    assert!(
        refusal(|json| json["min_relays"] = 12.into()).contains("at least 12 relays are needed, 4 are given")
    );
    assert!(
        refusal(|json| json["seeds"] = serde_json::json!([{ "url": "ftp://seed" }])).contains("not an http")
    );
    assert!(
        refusal(|json| {
            let pin = data_encoding::BASE64.encode(&[1; 32]);
            json["seeds"] = serde_json::json!([{ "url": "http://seed", "spki_sha256": [pin] }]);
        })
        .contains("no TLS")
    );
    assert!(
        refusal(|json| {
            json["seeds"] = serde_json::json!([{ "url": "https://seed", "spki_sha256": ["abc"] }]);
        })
        .contains("base64 of 32 bytes")
    );
    let mut off_curve = minimal();
    off_curve["relays"][2].as_object_mut().unwrap().remove("x25519");
    off_curve["relays"][2]["ed25519"] = data_encoding::HEXLOWER.encode(&[2; 32]).into();
    let error = NetworkProfile::from_json(&off_curve.to_string()).unwrap_err();
    assert!(matches!(error, ProfileError::Key(2)), "{error}");
}

#[test]
fn a_missing_file_is_named() {
    let error = NetworkProfile::load(Path::new("/nonexistent/profile.json")).unwrap_err();
    assert!(error.to_string().contains("/nonexistent/profile.json"));
}
