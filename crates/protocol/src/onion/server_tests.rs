//! Lists of version 4.

use super::*;

#[test]
fn oni_16_a_request_head_has_sorted_keys() {
    let request = ServerRequest {
        method: "GET".into(),
        endpoint: "/capabilities".into(),
        headers: Default::default(),
        body: None,
    };
    let list = request.encode();
    assert_eq!(
        list,
        br#"l56:{"endpoint":"/capabilities","headers":{},"method":"GET"}e"#
    );
    assert_eq!(ServerRequest::parse(&list), Ok(request));
}

#[test]
fn oni_16_parse_rejects_each_malformed_list() {
    let cases: [(&[u8], ListError); 9] = [
        (b"", ListError::NotAList),
        (b"3:abc", ListError::NotAList),
        (b"l3:abc", ListError::NotAList),
        (b"l4:abce", ListError::NotAList),
        (b"l1:a1:bex", ListError::NotAList),
        (b"l1:ai1ee", ListError::NotAList),
        (b"l1:alee", ListError::NotAList),
        (b"le", ListError::PartCount),
        (b"l1:a1:b1:ce", ListError::PartCount),
    ];
    for (list, error) in cases {
        assert_eq!(parse_list(list), Err(error), "{}", String::from_utf8_lossy(list));
    }
}

#[test]
fn oni_16_requests_need_method_and_endpoint() {
    let parse = |head: &str| ServerRequest::parse(&encode_list(head.as_bytes(), None));
    assert!(
        parse(r#"{"method":"GET","endpoint":"/"}"#).is_ok(),
        "headers may be missing"
    );
    assert_eq!(parse(r#"{"method":"GET"}"#), Err(ListError::Head));
    assert_eq!(parse(r#"{"endpoint":"/"}"#), Err(ListError::Head));
    assert_eq!(parse("GET /"), Err(ListError::Head));
    assert_eq!(
        parse(r#"{"method":"GET","endpoint":"x"}"#),
        Err(ListError::Endpoint)
    );
}

#[test]
fn oni_16_replies_need_a_code_and_a_body() {
    let head = br#"{"code":200,"headers":{"Content-Type":"text/plain"}}"#;
    let reply = ServerReply::parse(&encode_list(head, Some(b"x"))).unwrap();
    assert_eq!(reply.headers.keys().collect::<Vec<_>>(), ["content-type"]);
    assert_eq!(
        ServerReply::parse(&encode_list(head, None)),
        Err(ListError::PartCount)
    );
    assert_eq!(
        ServerReply::parse(&encode_list(b"{}", Some(b""))),
        Err(ListError::Head)
    );
    assert_eq!(
        ServerReply::parse(&encode_list(br#"{"code":70000}"#, Some(b""))),
        Err(ListError::Head)
    );
}
