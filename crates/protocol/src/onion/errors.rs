//! What an unencrypted error from the path means.
//!
//! A relay that cannot hand a request on says so in plain text. Texts are free to be forged by any relay of the path, so
//! a fault only ever costs strikes; it never proves anything about the destination. Spec: onion §9 (ONI-18)

use data_encoding::HEXLOWER;

/// Who or what failed between the client and the destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathFault {
    /// A relay of the path, named by its Ed25519 key, is unknown to or unreachable for the one before it.
    IntermediateNodeUnreachable([u8; 32]),
    /// The destination node is unknown to or unreachable for the exit relay.
    DestinationUnreachable([u8; 32]),
    /// A relay of the path or the destination does not serve yet.
    NodeNotReady([u8; 32]),
    /// The guard does not serve yet, or is overloaded.
    GuardNotReady,
    /// A hop did not answer in time.
    PathTimedOut,
    /// A hop answered with something that is no reply.
    InvalidHopResponse,
    /// A relay could not read its layer: a wrong key in the node list, or a path that is too long.
    RefusedByRelay,
    /// Anything else, a server's own error among it: the path's failure, and nobody's in particular.
    Unknown,
}

impl PathFault {
    /// Reads an error.
    ///
    /// `status`, `body`: as the guard answered; `path`: the relays' Ed25519 keys, guard first; `destination`: a node
    /// destination's key.
    pub fn classify(status: u16, body: &str, path: &[[u8; 32]], destination: Option<&[u8; 32]>) -> Self {
        let key_after = |prefix: &str| body.strip_prefix(prefix).and_then(parse_key);
        match status {
            502 => {
                let key = key_after("Next node not found: ")
                    .or_else(|| key_after("Next node is currently unreachable: "));
                match key {
                    Some(key) if Some(&key) == destination => Self::DestinationUnreachable(key),
                    Some(key) if path.contains(&key) => Self::IntermediateNodeUnreachable(key),
                    _ => Self::Unknown,
                }
            }
            503 => match key_after("Snode not ready: ") {
                Some(key) if Some(&key) == destination || path.contains(&key) => Self::NodeNotReady(key),
                Some(_) => Self::Unknown,
                None if body.starts_with("Service node is not ready: ") => Self::GuardNotReady,
                None if body.starts_with("Server busy, try again later") => Self::GuardNotReady,
                None => Self::Unknown,
            },
            504 if body.trim_end() == "Request time out" => Self::PathTimedOut,
            500 if body.trim_end() == "Invalid response from snode" => Self::InvalidHopResponse,
            400 if is_relay_refusal(body.trim_end()) => Self::RefusedByRelay,
            _ => Self::Unknown,
        }
    }
}

fn is_relay_refusal(body: &str) -> bool {
    body == "Invalid ciphertext"
        || body == "onion request max path length exceeded"
        || body.starts_with("Error parsing onion request: ")
}

fn parse_key(hex: &str) -> Option<[u8; 32]> {
    HEXLOWER.decode(hex.trim().as_bytes()).ok()?.try_into().ok()
}
