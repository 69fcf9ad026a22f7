//! Meanings of plain-text errors.

use super::*;

const PATH: [[u8; 32]; 3] = [[1; 32], [2; 32], [3; 32]];
const DESTINATION: [u8; 32] = [4; 32];

fn classify(status: u16, text: &str, key: Option<u8>) -> PathFault {
    let hex = key
        .map(|key| data_encoding::HEXLOWER.encode(&[key; 32]))
        .unwrap_or_default();
    PathFault::classify(status, &format!("{text}{hex}"), &PATH, Some(&DESTINATION))
}

#[test]
fn oni_18_a_named_node_is_a_relay_or_the_destination() {
    for text in ["Next node not found: ", "Next node is currently unreachable: "] {
        assert_eq!(
            classify(502, text, Some(2)),
            PathFault::IntermediateNodeUnreachable([2; 32])
        );
        assert_eq!(
            classify(502, text, Some(4)),
            PathFault::DestinationUnreachable([4; 32])
        );
    }
    assert_eq!(
        classify(503, "Snode not ready: ", Some(3)),
        PathFault::NodeNotReady([3; 32])
    );
    assert_eq!(
        classify(503, "Snode not ready: ", Some(4)),
        PathFault::NodeNotReady([4; 32])
    );
}

#[test]
fn oni_18_a_key_that_is_not_involved_blames_nobody() {
    assert_eq!(
        classify(502, "Next node not found: ", Some(9)),
        PathFault::Unknown
    );
    assert_eq!(classify(503, "Snode not ready: ", Some(9)), PathFault::Unknown);
    assert_eq!(
        classify(502, "Next node not found: xyz", None),
        PathFault::Unknown
    );
}

#[test]
fn oni_18_status_and_text_must_agree() {
    assert_eq!(
        classify(503, "Service node is not ready: not in any swarm\n", None),
        PathFault::GuardNotReady
    );
    assert_eq!(
        classify(503, "Server busy, try again later", None),
        PathFault::GuardNotReady
    );
    assert_eq!(classify(504, "Request time out", None), PathFault::PathTimedOut);
    assert_eq!(
        classify(500, "Invalid response from snode", None),
        PathFault::InvalidHopResponse
    );
    assert_eq!(
        classify(400, "Invalid ciphertext", None),
        PathFault::RefusedByRelay
    );
    assert_eq!(
        classify(400, "Error parsing onion request: x", None),
        PathFault::RefusedByRelay
    );
    assert_eq!(
        classify(400, "onion request max path length exceeded", None),
        PathFault::RefusedByRelay
    );
    assert_eq!(
        classify(500, "Next node not found: ", Some(2)),
        PathFault::Unknown
    );
    assert_eq!(
        classify(502, "Could not resolve host: h", None),
        PathFault::Unknown
    );
    assert_eq!(classify(503, "Next hop congested", None), PathFault::Unknown);
}
