//! Which addresses there are: those of local networks, and no other.

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};

use if_addrs::IfAddr;

/// Where announcements go in a local network (UDP).
const ANNOUNCEMENTS: u16 = 43_717;

/// How far devices look for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Over the local networks that the device is in.
    LocalNetwork,
    /// Not beyond this machine: for tests.
    ThisMachine,
}

/// Where devices look for each other. IPv4 only: every local network that people have at home speaks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// How far.
    pub scope: Scope,
    /// The UDP port of announcements; without one nobody is found who is not named.
    pub announcements: Option<u16>,
}

/// One of the device's own addresses, and where all devices of its network hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interface {
    pub(crate) address: Ipv4Addr,
    pub(crate) broadcast: Ipv4Addr,
}

impl Reach {
    /// What devices of people use.
    pub const LOCAL_NETWORK: Self = Self {
        scope: Scope::LocalNetwork,
        announcements: Some(ANNOUNCEMENTS),
    };

    /// Whether a connection to or from this address is allowed: private (RFC 1918), link-local (RFC 3927), or this machine
    /// itself. Spec: history-transfer, Finding each other (MOV-07).
    pub const fn allows(self, address: Ipv4Addr) -> bool {
        match self.scope {
            Scope::LocalNetwork => address.is_private() || address.is_link_local() || address.is_loopback(),
            Scope::ThisMachine => address.is_loopback(),
        }
    }

    /// Where this device can be reached and heard.
    pub(crate) fn interfaces(self) -> io::Result<Vec<Interface>> {
        if self.scope == Scope::ThisMachine {
            return Ok(vec![Interface {
                address: Ipv4Addr::LOCALHOST,
                broadcast: Ipv4Addr::LOCALHOST,
            }]);
        }
        let mut interfaces = Vec::new();
        for found in if_addrs::get_if_addrs()? {
            let IfAddr::V4(found) = found.addr else { continue };
            if found.ip.is_loopback() || !self.allows(found.ip) {
                continue;
            }
            interfaces.push(Interface {
                address: found.ip,
                broadcast: found.broadcast.unwrap_or(Ipv4Addr::BROADCAST),
            });
        }
        Ok(interfaces)
    }

    /// Where to listen.
    pub(crate) const fn listen(self, port: u16) -> SocketAddrV4 {
        match self.scope {
            Scope::LocalNetwork => SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port),
            Scope::ThisMachine => SocketAddrV4::new(Ipv4Addr::LOCALHOST, port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mov_07_only_local_addresses_are_allowed() {
        let at = |text: &str| text.parse::<Ipv4Addr>().unwrap();
        for near in [
            "10.0.0.1",
            "172.16.0.9",
            "172.31.255.1",
            "192.168.1.2",
            "169.254.3.4",
            "127.0.0.1",
        ] {
            assert!(Reach::LOCAL_NETWORK.allows(at(near)), "{near}");
        }
        for far in [
            "1.1.1.1",
            "172.32.0.1",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
        ] {
            assert!(!Reach::LOCAL_NETWORK.allows(at(far)), "{far}");
        }
        let here = Reach {
            scope: Scope::ThisMachine,
            announcements: None,
        };
        assert!(here.allows(at("127.0.0.1")) && !here.allows(at("192.168.1.2")));
    }
}
