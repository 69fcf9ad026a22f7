//! The binary list of active nodes.

use std::net::Ipv4Addr;

use super::SwarmId;

/// Bytes per record.
const RECORD_LEN: usize = 51;

/// One record of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveNode {
    /// The node's Ed25519 key; its X25519 key is the conversion of it.
    pub ed25519: [u8; 32],
    /// Its swarm.
    pub swarm: SwarmId,
    /// Its address.
    pub ip: Ipv4Addr,
    /// Port of its HTTPS server.
    pub https_port: u16,
    /// Port of its QUIC (UDP) and OMQ (TCP) servers.
    pub quic_port: u16,
    /// Version of its storage server.
    pub version: [u8; 3],
}

/// The list's length is not a multiple of a record's; all of it is refused. NOD-02.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a list of {0} bytes is not made of {RECORD_LEN}-byte records")]
pub struct MalformedNodeList(pub usize);

impl ActiveNode {
    /// Whether a client can use the record: it has an address and ports. NOD-03.
    pub fn is_usable(&self) -> bool {
        !self.ip.is_unspecified() && self.https_port != 0 && self.quic_port != 0
    }
}

/// Encodes records, in the order given.
///
/// ```text
/// ed25519 (32) || swarm (8, big-endian) || IPv4 (4) || https port (2, big-endian) || quic port (2, big-endian)
/// || version (3)
/// ```
///
/// Spec: storage §7 (NOD-01).
pub fn encode_node_list(nodes: &[ActiveNode]) -> Vec<u8> {
    let mut out = Vec::with_capacity(nodes.len().saturating_mul(RECORD_LEN));
    for node in nodes {
        out.extend_from_slice(&node.ed25519);
        out.extend_from_slice(&node.swarm.0.to_be_bytes());
        out.extend_from_slice(&node.ip.octets());
        out.extend_from_slice(&node.https_port.to_be_bytes());
        out.extend_from_slice(&node.quic_port.to_be_bytes());
        out.extend_from_slice(&node.version);
    }
    out
}

/// Parses all records, also those that are not usable.
///
/// # Errors
/// [`MalformedNodeList`] when the length is not a multiple of 51. Spec: storage §7 (NOD-01, NOD-02).
pub fn parse_node_list(bytes: &[u8]) -> Result<Vec<ActiveNode>, MalformedNodeList> {
    let (records, rest) = bytes.as_chunks::<RECORD_LEN>();
    if !rest.is_empty() {
        return Err(MalformedNodeList(bytes.len()));
    }
    Ok(records.iter().map(parse_record).collect())
}

fn parse_record(record: &[u8; RECORD_LEN]) -> ActiveNode {
    let (ed25519, rest) = split_array::<32>(record);
    let (swarm, rest) = split_array::<8>(rest);
    let (ip, rest) = split_array::<4>(rest);
    let (https_port, rest) = split_array::<2>(rest);
    let (quic_port, rest) = split_array::<2>(rest);
    let (version, _) = split_array::<3>(rest);
    ActiveNode {
        ed25519,
        swarm: SwarmId(u64::from_be_bytes(swarm)),
        ip: Ipv4Addr::from(ip),
        https_port: u16::from_be_bytes(https_port),
        quic_port: u16::from_be_bytes(quic_port),
        version,
    }
}

/// Takes the first `N` bytes off; a record is long enough for all its fields.
fn split_array<const N: usize>(bytes: &[u8]) -> ([u8; N], &[u8]) {
    bytes
        .split_first_chunk::<N>()
        .map_or(([0; N], &[]), |(head, rest)| (*head, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nod_01_lists_survive_the_round_trip(bytes in proptest::collection::vec(any::<u8>(), 0..4)
            .prop_flat_map(|seed| proptest::collection::vec(any::<u8>(), seed.len() * RECORD_LEN))) {
            let nodes = parse_node_list(&bytes).unwrap();
            prop_assert_eq!(nodes.len() * RECORD_LEN, bytes.len());
            prop_assert_eq!(encode_node_list(&nodes), bytes);
        }
    }

    #[test]
    fn nod_02_a_broken_record_spoils_the_list() {
        assert_eq!(parse_node_list(&[1; 52]), Err(MalformedNodeList(52)));
        assert_eq!(parse_node_list(&[1; 50]), Err(MalformedNodeList(50)));
        assert_eq!(parse_node_list(&[]), Ok(Vec::new()));
    }

    #[test]
    fn nod_03_records_without_address_or_port_are_not_usable() {
        let node = parse_node_list(&[1; 51]).unwrap()[0];
        assert!(node.is_usable());
        assert!(
            !ActiveNode {
                ip: Ipv4Addr::UNSPECIFIED,
                ..node
            }
            .is_usable()
        );
        assert!(!ActiveNode { quic_port: 0, ..node }.is_usable());
        assert!(
            !ActiveNode {
                https_port: 0,
                ..node
            }
            .is_usable()
        );
    }
}
