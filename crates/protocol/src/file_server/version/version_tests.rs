use super::*;
use crate::account::{AccountKeys, Seed};
use crate::file_server::FileRequest;

const NOW: TimestampMs = TimestampMs(1_775_000_000_000);

fn request() -> ServerRequest {
    FileRequest::Version {
        platform: Platform::Desktop,
        channel: None,
    }
    .into_server_request()
}

fn signed() -> VersionAuth {
    let keys = AccountKeys::from_seed(&Seed::from_bytes(&[7; 32]).unwrap());
    VersionAuth {
        key: keys.ed25519_public(),
        timestamp_s: 1_775_000_000,
        signature: keys.sign(b"1775000000GET/session_version?platform=desktop"),
    }
}

#[test]
fn att_19_headers_are_read_as_they_are_written() {
    assert_eq!(VersionAuth::parse(&signed().to_headers()), Ok(Some(signed())));
    assert_eq!(VersionAuth::parse(&BTreeMap::new()), Ok(None));
}

#[test]
fn att_19_the_signature_covers_time_method_and_endpoint() {
    let auth = signed();
    assert_eq!(auth.verify(NOW, &request()), Ok(()));
    let other_time = VersionAuth {
        timestamp_s: 1_775_000_001,
        ..auth.clone()
    };
    assert_eq!(
        other_time.verify(NOW, &request()),
        Err(VersionAuthError::Signature)
    );
    for change in [
        |request: &mut ServerRequest| request.method = "POST".to_owned(),
        |request: &mut ServerRequest| request.endpoint.push('x'),
        |request: &mut ServerRequest| request.body = Some(vec![1]),
    ] {
        let mut request = request();
        change(&mut request);
        assert_eq!(auth.verify(NOW, &request), Err(VersionAuthError::Signature));
    }
}

#[test]
fn att_19_a_day_of_difference_is_tolerated() {
    let day = 86_400_000;
    for (difference, outcome) in [
        (day, Ok(())),
        (-day, Ok(())),
        (day + 1, Err(VersionAuthError::Timestamp)),
        (-day - 1, Err(VersionAuthError::Timestamp)),
    ] {
        assert_eq!(
            signed().verify(NOW.plus_ms(difference), &request()),
            outcome,
            "{difference}"
        );
    }
    let far = VersionAuth {
        timestamp_s: u64::MAX,
        ..signed()
    };
    assert_eq!(far.verify(NOW, &request()), Err(VersionAuthError::Timestamp));
}

#[test]
fn att_19_incomplete_or_malformed_headers_are_refused() {
    for name in [KEY_HEADER, TIME_HEADER, SIGNATURE_HEADER] {
        let mut headers = signed().to_headers();
        headers.remove(name);
        assert_eq!(
            VersionAuth::parse(&headers),
            Err(VersionAuthError::Missing),
            "{name}"
        );
    }
    let cases = [
        (KEY_HEADER, "05".repeat(33), VersionAuthError::KeyPrefix),
        (KEY_HEADER, String::new(), VersionAuthError::KeyPrefix),
        (KEY_HEADER, "07".repeat(32), VersionAuthError::Malformed),
        (KEY_HEADER, "zz".repeat(33), VersionAuthError::Malformed),
        (TIME_HEADER, "soon".to_owned(), VersionAuthError::Malformed),
        (SIGNATURE_HEADER, "AA==".to_owned(), VersionAuthError::Malformed),
        (SIGNATURE_HEADER, "***".to_owned(), VersionAuthError::Malformed),
    ];
    for (name, value, error) in cases {
        let mut headers = signed().to_headers();
        headers.insert(name.to_owned(), value.clone());
        assert_eq!(VersionAuth::parse(&headers), Err(error), "{name}: {value}");
    }
}

#[test]
fn att_19_a_release_is_read_as_it_is_written() {
    let reply = VersionReply {
        updated: NOW,
        version: "1.2.3".to_owned(),
    };
    assert_eq!(VersionReply::parse(&reply.to_reply()), Ok(reply));
}
