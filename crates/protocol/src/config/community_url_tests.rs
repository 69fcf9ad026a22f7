use super::*;
use crate::account::{AccountKeys, Seed};
use crate::config::ConfigType;
use crate::config::user_groups::{Membership, communities, erase_community, set_community};

const KEY_HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn with_key(place: &str) -> Result<CommunityRoom, CommunityUrlError> {
    CommunityRoom::parse(&format!("{place}?public_key={KEY_HEX}"))
}

#[test]
fn cfg_65_addresses_have_one_form() {
    for (url, base, token) in [
        ("HTTP://Example.ORG:80/Room", "http://example.org", "room"),
        ("https://example.org:443/r/room", "https://example.org", "room"),
        ("https://example.org:80/room", "https://example.org:80", "room"),
        ("http://a.bc:22021/r/a_b-C9", "http://a.bc:22021", "a_b-c9"),
        ("http://example.org:0080/room", "http://example.org", "room"),
    ] {
        let room = with_key(url).unwrap();
        assert_eq!((room.base_url(), room.token()), (base, token), "{url}");
    }
}

#[test]
fn cfg_66_what_is_no_address_is_refused() {
    use CommunityUrlError::{Host, Key, Port, Room, Scheme, Trailing};
    for (url, error) in [
        ("ftp://example.org/room", Scheme),
        ("example.org/room", Scheme),
        ("http://example/room", Host),
        ("http://.example.org/room", Host),
        ("http://example.org./room", Host),
        ("http://a..b/room", Host),
        ("http://a.b/room", Host),
        ("http://пример.рф/room", Host),
        ("http://user@example.org/room", Host),
        ("http://example.org:/room", Port),
        ("http://example.org:99999/room", Port),
        ("http://example.org:+80/room", Port),
        ("http://example.org/path/room", Trailing),
        ("http://example.org/", Room),
        ("http://example.org/ro om", Room),
        ("http://example.org/röm", Room),
    ] {
        assert_eq!(with_key(url), Err(error), "{url}");
    }
    assert_eq!(
        with_key(&format!("http://example.org/{}", "a".repeat(65))),
        Err(Room)
    );
    assert_eq!(CommunityRoom::parse("http://example.org/room"), Err(Key));
    for key in ["", "00", &"g".repeat(64), &"l".repeat(52), &"=".repeat(44)] {
        let url = format!("http://example.org/room?public_key={key}");
        assert_eq!(CommunityRoom::parse(&url), Err(Key), "{key}");
    }
}

#[test]
fn cfg_65_keys_come_in_four_encodings() {
    let key: [u8; 32] = std::array::from_fn(|index| u8::try_from(index * 7).unwrap());
    let alphabet: Vec<char> = "ybndrfg8ejkmcpqxot1uwisza345h769".chars().collect();
    let bits: String = key.iter().map(|byte| format!("{byte:08b}")).collect::<String>() + "0000";
    let z_base_32: String = (0..52)
        .map(|index| alphabet[usize::from_str_radix(&bits[index * 5..index * 5 + 5], 2).unwrap()])
        .collect();
    for text in [
        data_encoding::HEXUPPER.encode(&key),
        BASE64.encode(&key),
        BASE64_NOPAD.encode(&key),
        z_base_32,
    ] {
        let room = CommunityRoom::parse(&format!("https://example.org/r/x?public_key={text}")).unwrap();
        assert_eq!(*room.key(), key, "{text}");
    }
}

#[test]
fn cfg_67_the_last_room_takes_its_server_along() {
    let keys = AccountKeys::from_seed(&Seed::from_hex("0123456789abcdef0123456789abcdef").unwrap());
    let mut config = Config::new(ConfigType::UserGroups, &keys);
    let rooms = ["One", "two"].map(|name| CommunityRoom::new("https://example.org", name, [7; 32]).unwrap());
    for room in &rooms {
        set_community(&mut config, room, &Membership::default());
    }
    let names: Vec<_> = communities(&config)
        .map(|(room, _)| room.name().to_owned())
        .collect();
    assert_eq!(names, ["One", "two"]);
    assert!(erase_community(&mut config, &rooms[0]));
    assert!(!erase_community(&mut config, &rooms[0]));
    assert_eq!(communities(&config).count(), 1);
    assert!(erase_community(&mut config, &rooms[1]));
    config.dump();
    assert!(config.data().is_empty(), "what is empty goes when it is written");
}
