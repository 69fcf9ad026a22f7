use proptest::prelude::*;

use super::*;

const OTHER: &str = "ff86dcd4b26d1bfec944c59859494248626d6428efc12168749d65a1b92f5e28";
const DEFAULT: &str = "b8eef9821445ae16e2e97ef8aa6fe782fd11ad5253cd6723b281341dba22e371";

fn parse(text: &str) -> FileUrl {
    FileUrl::parse(text).unwrap()
}

fn key(hex: &str) -> [u8; 32] {
    HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()
}

#[test]
fn att_01_parts_of_a_url() {
    let url = parse(&format!(
        "http://files.example.org:8080/file/ab_1#x=1&p={OTHER}&d"
    ));
    assert_eq!(url.protocol(), Protocol::Http);
    assert_eq!((url.host(), url.port()), ("files.example.org", 8080));
    assert_eq!(url.id().as_str(), "ab_1");
    assert_eq!(url.server_key(), Some(&key(OTHER)));
    assert_eq!(url.encryption(), FileEncryption::Stream);
    assert_eq!(
        url.to_string(),
        format!("http://files.example.org:8080/file/ab_1#p={OTHER}&d")
    );
}

#[test]
fn att_02_variants_that_clients_write_are_read() {
    for text in [
        "https://example.com/file/77/",
        "https://example.com/files/77",
        "HTTPS://Example.COM:443/file/77",
        "https://example.com/file/77#",
        "https://example.com/file/77#sr=abc.sesh:11235&&=",
    ] {
        assert_eq!(parse(text).to_string(), "https://example.com/file/77", "{text}");
    }
}

#[test]
fn att_03_the_flag_d_says_how_a_file_is_encrypted() {
    for (flags, encryption) in [
        ("", FileEncryption::Legacy),
        ("#d", FileEncryption::Stream),
        ("#d=", FileEncryption::Stream),
        ("#d=1&x", FileEncryption::Stream),
        ("#D", FileEncryption::Legacy),
        ("#e=d", FileEncryption::Legacy),
    ] {
        let url = parse(&format!("http://filev2.getsession.org/file/1{flags}"));
        assert_eq!(url.encryption(), encryption, "{flags}");
    }
}

#[test]
fn att_04_the_default_key_is_never_written() {
    let url = parse(&format!("http://filev2.getsession.org/file/1#p={DEFAULT}"));
    assert_eq!(url.server_key(), None);
    assert_eq!(url.to_string(), "http://filev2.getsession.org/file/1");
    let id = FileId::parse("1").unwrap();
    assert_eq!(FileServer::main().url(id, FileEncryption::Legacy), url);
    assert_eq!(url.server(), Ok(FileServer::main()));
}

#[test]
fn att_05_a_server_without_a_key_must_be_below_the_official_domain() {
    let server = |text: &str| parse(text).server();
    let old = server("http://old.getsession.org/file/1").unwrap();
    assert_eq!(old.ed25519(), &DEFAULT_SERVER_ED25519);
    for stranger in [
        "http://files.example.org/file/1",
        "http://getsession.org.example.org/file/1",
        "http://evilgetsession.org/file/1",
        "http://getsession.org/file/1",
        &format!("http://files.example.org/file/1#p={DEFAULT}"),
    ] {
        assert_eq!(server(stranger), Err(UnknownServer::NoKey), "{stranger}");
    }
    let zero = format!("http://files.example.org/file/1#p={}", "00".repeat(32));
    assert!(matches!(server(&zero), Err(UnknownServer::Key(_))));
}

#[test]
fn att_06_the_onion_layer_uses_the_x25519_form_of_the_key() {
    let destination = FileServer::main().destination();
    assert_eq!(
        HEXLOWER.encode(&destination.x25519),
        "09324794aa9c11948189762d198c618148e9136ac9582068180661208927ef34"
    );
    assert_eq!(
        (destination.host.as_str(), destination.port),
        (DEFAULT_SERVER_HOST, 80)
    );
}

#[test]
fn att_07_old_messages_name_a_file_by_its_number() {
    assert_eq!(
        FileUrl::of_number(1_234_567_890).to_string(),
        "http://filev2.getsession.org/file/1234567890"
    );
}

#[test]
fn att_08_every_other_form_is_refused() {
    let long = format!("http://example.org/file/1#{}", "x".repeat(2_048));
    let cases = [
        ("", FileUrlError::Protocol),
        ("example.org/file/1", FileUrlError::Protocol),
        ("ftp://example.org/file/1", FileUrlError::Protocol),
        ("file:///file/1", FileUrlError::Protocol),
        ("javascript://example.org/file/1", FileUrlError::Protocol),
        ("http:///file/1", FileUrlError::Host),
        ("http://user@example.org/file/1", FileUrlError::Host),
        ("http://user:pass@example.org/file/1", FileUrlError::Port),
        ("http://exa mple.org/file/1", FileUrlError::Host),
        ("http://example.org\\@x/file/1", FileUrlError::Host),
        ("http://.example.org/file/1", FileUrlError::Host),
        ("http://bücher.example/file/1", FileUrlError::Host),
        ("http://[::1/file/1", FileUrlError::Host),
        ("http://[::g]/file/1", FileUrlError::Host),
        ("http://[::1]x/file/1", FileUrlError::Host),
        ("http://example.org:/file/1", FileUrlError::Port),
        ("http://example.org:0/file/1", FileUrlError::Port),
        ("http://example.org:+80/file/1", FileUrlError::Port),
        ("http://example.org:65536/file/1", FileUrlError::Port),
        ("http://example.org", FileUrlError::Path),
        ("http://example.org/", FileUrlError::Path),
        ("http://example.org/file/", FileUrlError::Path),
        ("http://example.org/file//", FileUrlError::Path),
        ("http://example.org/file/../1", FileUrlError::Path),
        ("http://example.org/file/1?x=1", FileUrlError::Path),
        ("http://example.org/room/r/file/1", FileUrlError::Path),
        ("http://example.org/file/1#p=", FileUrlError::ServerKey),
        ("http://example.org/file/1#p=12", FileUrlError::ServerKey),
        (long.as_str(), FileUrlError::TooLong),
    ];
    for (text, error) in cases {
        assert_eq!(FileUrl::parse(text), Err(error), "{text}");
    }
    let twice = format!("http://example.org/file/1#p={OTHER}&p={DEFAULT}");
    assert_eq!(FileUrl::parse(&twice), Err(FileUrlError::ServerKey));
}

#[test]
fn a_server_is_configured_by_its_base_url() {
    let server = FileServer::parse("http://127.0.0.1:8080/", key(OTHER)).unwrap();
    let url = server.url(FileId::from(7), FileEncryption::Stream);
    assert_eq!(
        url.to_string(),
        format!("http://127.0.0.1:8080/file/7#p={OTHER}&d")
    );
    assert_eq!(parse(&url.to_string()).server(), Ok(server));
    assert_eq!(
        FileServer::parse("http://127.0.0.1:8080/x", key(OTHER)),
        Err(FileUrlError::Port)
    );
    assert_eq!(
        FileServer::parse("http://127.0.0.1", [0; 32]),
        Err(FileUrlError::ServerKey)
    );
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        https: bool,
        host in "[a-z0-9][a-z0-9.-]{0,30}",
        port in 1_u16..,
        id in "[A-Za-z0-9_-]{1,44}",
        server_key: Option<[u8; 32]>,
        stream: bool,
    ) {
        let url = FileUrl {
            protocol: if https { Protocol::Https } else { Protocol::Http },
            host,
            port,
            id: FileId::parse(&id).unwrap(),
            server_key,
            encryption: if stream { FileEncryption::Stream } else { FileEncryption::Legacy },
        };
        prop_assert_eq!(FileUrl::parse(&url.to_string()), Ok(url));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(http://[a-z:.\\[\\]]{0,8}/files?/)?.{0,40}") {
        if let Ok(url) = FileUrl::parse(&text) {
            prop_assert_eq!(FileUrl::parse(&url.to_string()), Ok(url));
        }
    }
}
