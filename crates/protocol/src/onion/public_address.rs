//! Which addresses belong to the public network.
//!
//! Relays stand at such addresses, and an exit posts only to servers at such: neither a list of nodes nor a request may
//! lead a machine to a service of its own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one that anybody can reach, rather than of this machine or of the network around it.
///
/// Private, loopback, link-local, shared, documentation, benchmark, multicast and reserved ranges are not public, nor are
/// IPv6 addresses that only wrap an IPv4 address which would have to be judged in turn.
/// Spec: onion §5 (ONI-20)
pub fn is_public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_public_v4(address),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let shared_by_carriers = first == 100 && (64..128).contains(&second);
    let assigned_to_protocols = (first, second, third) == (192, 0, 0);
    let benchmarks = first == 198 && (18..20).contains(&second);
    !(first == 0
        || first >= 224
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || shared_by_carriers
        || assigned_to_protocols
        || benchmarks)
}

/// Global unicast, without what carries an IPv4 address that would have to be judged in turn (6to4, NAT64, Teredo).
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let global_unicast = first & 0xe000 == 0x2000;
    let special = first == 0x2002 || (first == 0x2001 && (second < 0x0200 || second == 0x0db8));
    global_unicast && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oni_20_no_address_of_this_machine_or_its_network_is_public_address() {
        let private = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.168.1.1",
            "198.18.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
            "2001:db8::1",
            "2001::1",
        ];
        for address in private {
            assert!(!is_public_address(address.parse().unwrap()), "{address}");
        }
        for address in [
            "9.9.9.9",
            "100.128.0.1",
            "172.32.0.1",
            "2620:fe::fe",
            "2a00::1",
            "::ffff:9.9.9.9",
        ] {
            assert!(is_public_address(address.parse().unwrap()), "{address}");
        }
    }
}
