//! The deployed networks. Spec: network §1 (NET-01, NET-02)

use std::net::{IpAddr, Ipv4Addr};

use data_encoding::{BASE64, HEXLOWER};
use url::Url;

use super::{NetworkProfile, Relay, Seed, ServiceAddress, default_min_relays};

/// Address and pin of each seed of the deployed network; the certificates are its own.
const SEEDS: [(&str, &str); 3] = [
    (
        "https://seed1.getsession.org:4443",
        "mlYTXvkmIEYcpswANTpnBwlz9Cswi0py/RQKkbdQOZQ=",
    ),
    (
        "https://seed2.getsession.org:4443",
        "ZuUxe4wopBR83Yy5fePPNX0c00BnkQCu/49oapFpB0k=",
    ),
    (
        "https://seed3.getsession.org:4443",
        "4xe+8k1NjxerVTjUsWlZJNKt3PA7Y31pUls2tHYippA=",
    ),
];

/// Key, address, HTTPS and QUIC port of the nodes that clients of the deployed network start from.
const RELAYS: [(&str, [u8; 4], u16, u16); 5] = [
    (
        "1f000f09a7b07828dcb72af7cd16857050c10c02bd58afb0e38111fb6cda1fef",
        [95, 216, 33, 113],
        22100,
        20200,
    ),
    (
        "1f101f0acee4db6f31aaa8b4df134e85ca8a4878efaef7f971e88ab144c1a7ce",
        [37, 27, 236, 229],
        22101,
        20201,
    ),
    (
        "1f202f00f4d2d4acc01e20773999a291cf3e3136c325474d159814e06199919f",
        [172, 96, 140, 124],
        22102,
        20202,
    ),
    (
        "1f303f1d7523c46fa5398826740d13282d26b5de90fbae5749442f66afb6d78b",
        [208, 73, 207, 54],
        22103,
        20203,
    ),
    (
        "1f604f1c858a121a681d8f9b470ef72e6946ee1b9c5ad15a35e16b50c28db7b0",
        [104, 194, 8, 115],
        22104,
        20204,
    ),
];

const TEST_RELAY: (&str, [u8; 4], u16, u16) = (
    "decaf20025ca6389d8225bda6a32d7fc4ee5176d21e3b2e9e08c3505a48a811a",
    [23, 88, 6, 250],
    35520,
    35420,
);

pub(super) fn mainnet() -> NetworkProfile {
    NetworkProfile {
        name: "mainnet".into(),
        seeds: SEEDS.iter().map(|(url, pin)| seed(url, Some(pin))).collect(),
        relays: RELAYS.iter().map(relay).collect(),
        path_diversity: true,
        private_addresses: false,
        min_relays: default_min_relays(),
        file_server: Some(ServiceAddress {
            url: address("http://filev2.getsession.org"),
            x25519: key("09324794aa9c11948189762d198c618148e9136ac9582068180661208927ef34"),
            ed25519: Some(key(
                "b8eef9821445ae16e2e97ef8aa6fe782fd11ad5253cd6723b281341dba22e371",
            )),
        }),
        push_server: Some(ServiceAddress {
            url: address("https://push.getsession.org"),
            x25519: key("d7557fe563e2610de876c0ac7341b62f3c82d5eea4b62c702392ea4368f51b3b"),
            ed25519: None,
        }),
        community_list: Some(ServiceAddress {
            url: address("https://open.getsession.org"),
            x25519: key("a03c383cf63c3c4efe67acc52112a6dd734b3a946b9545f488aaa93da7991238"),
            ed25519: None,
        }),
        names: None,
    }
}

pub(super) fn testnet() -> NetworkProfile {
    NetworkProfile {
        name: "testnet".into(),
        seeds: [
            "http://public.loki.foundation:38157",
            "http://seed2.getsession.org:38157",
        ]
        .map(|url| seed(url, None))
        .into(),
        relays: vec![relay(&TEST_RELAY)],
        path_diversity: false,
        private_addresses: false,
        min_relays: default_min_relays(),
        file_server: None,
        push_server: None,
        community_list: None,
        names: None,
    }
}

fn seed(url: &str, pin: Option<&str>) -> Seed {
    let decode = |text: &str| {
        let bytes = BASE64.decode(text.as_bytes()).expect("the pins above are base64");
        bytes.try_into().expect("the pins above have 32 bytes")
    };
    Seed {
        url: address(url),
        spki_sha256: pin.map(decode).into_iter().collect(),
    }
}

fn relay((ed25519, ip, https_port, quic_port): &(&str, [u8; 4], u16, u16)) -> Relay {
    Relay {
        ed25519: key(ed25519),
        x25519: None,
        ip: IpAddr::V4(Ipv4Addr::from(*ip)),
        https_port: *https_port,
        quic_port: Some(*quic_port),
        swarm: None,
    }
}

fn address(url: &str) -> Url {
    Url::parse(url).expect("the addresses above are URLs")
}

fn key(hex: &str) -> [u8; 32] {
    let bytes = HEXLOWER.decode(hex.as_bytes()).expect("the keys above are hex");
    bytes.try_into().expect("the keys above have 32 bytes")
}
