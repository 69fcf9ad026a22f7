use super::*;

fn id(text: &str) -> FileId {
    FileId::parse(text).unwrap()
}

fn every_request() -> Vec<FileRequest> {
    vec![
        FileRequest::Upload {
            file: vec![0, 1, 255],
            ttl_s: Some(3_600),
        },
        FileRequest::Upload {
            file: Vec::new(),
            ttl_s: None,
        },
        FileRequest::Download(id("abc")),
        FileRequest::Info(id("77")),
        FileRequest::Extend {
            id: id("abc"),
            ttl_s: Some(60),
        },
        FileRequest::Extend {
            id: id("abc"),
            ttl_s: None,
        },
        FileRequest::Version {
            platform: Platform::Android,
            channel: Some(ReleaseChannel::Alpha),
        },
        FileRequest::Version {
            platform: Platform::Desktop,
            channel: None,
        },
        FileRequest::LegacyUpload(vec![9; 100]),
        FileRequest::LegacyDownload(id("77")),
    ]
}

fn request(method: &str, endpoint: &str, headers: &[(&str, &str)], body: &[u8]) -> ServerRequest {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    ServerRequest {
        method: method.to_owned(),
        endpoint: endpoint.to_owned(),
        headers: headers.iter().map(own).collect(),
        body: (method == "POST").then(|| body.to_vec()),
    }
}

#[test]
fn att_09_a_server_reads_what_a_client_writes() {
    for request in every_request() {
        let written = request.clone().into_server_request();
        let list = written.encode();
        assert_eq!(ServerRequest::parse(&list).as_ref(), Ok(&written));
        assert_eq!(FileRequest::parse(written), Ok(request));
    }
}

#[test]
fn att_13_an_upload_is_written_as_other_clients_write_it() {
    let upload = FileRequest::Upload {
        file: vec![1, 2, 3],
        ttl_s: Some(60),
    };
    let headers = [
        ("Content-Disposition", "attachment"),
        ("Content-Type", "application/octet-stream"),
        ("X-FS-TTL", "60"),
    ];
    assert_eq!(
        upload.into_server_request(),
        request("POST", "/file", &headers, &[1, 2, 3])
    );
}

#[test]
fn att_14_a_body_sent_as_a_form_counts_as_empty() {
    let form = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
    let empty = FileRequest::Upload {
        file: Vec::new(),
        ttl_s: None,
    };
    assert_eq!(
        FileRequest::parse(request("POST", "/file", &form, b"bytes")),
        Ok(empty)
    );
}

#[test]
fn att_14_header_names_are_read_in_any_case() {
    let ttl = [("x-fs-ttl", "86400")];
    let expected = FileRequest::Upload {
        file: b"x".to_vec(),
        ttl_s: Some(86_400),
    };
    assert_eq!(
        FileRequest::parse(request("POST", "/file", &ttl, b"x")),
        Ok(expected)
    );
}

#[test]
fn att_14_every_other_request_is_refused() {
    use FileRequestError::{Body, Method, NotFound, Ttl};
    let cases = [
        ("GET", "/", NotFound),
        ("GET", "/file/", NotFound),
        ("GET", "/file/a.b", NotFound),
        ("GET", "/file/../x", NotFound),
        ("GET", "/file/a/b", NotFound),
        ("GET", "/file/a/info/x", NotFound),
        ("GET", "/room/r/file/1", NotFound),
        ("GET", "/session_version", NotFound),
        ("GET", "/session_version?platform=x", NotFound),
        ("GET", "/session_version?platform=ios&release_channel=x", NotFound),
        ("GET", "/file", Method),
        ("POST", "/file/a", Method),
        ("PUT", "/file", Method),
        ("post", "/file", Method),
        ("POST", "/files", Body),
    ];
    for (method, endpoint, error) in cases {
        let parsed = FileRequest::parse(request(method, endpoint, &[], b"{}"));
        assert_eq!(parsed, Err(error), "{method} {endpoint}");
    }
    for ttl in ["abc", "-1", "+1", "1.5", "", "99999999999999999999"] {
        let headers = [("X-FS-TTL", ttl)];
        for endpoint in ["/file", "/file/a/extend"] {
            let parsed = FileRequest::parse(request("POST", endpoint, &headers, b"x"));
            assert_eq!(parsed, Err(Ttl), "{ttl} {endpoint}");
        }
    }
    let no_base64 = request("POST", "/files", &[], br#"{"file":"***"}"#);
    assert_eq!(FileRequest::parse(no_base64), Err(Body));
    assert_eq!(
        [NotFound, Method, Ttl, Body].map(FileRequestError::status),
        [404, 405, 400, 400]
    );
}
