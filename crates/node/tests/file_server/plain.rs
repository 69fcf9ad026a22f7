//! Plain HTTP: what is streamed to and from the disk, and restarts.

use protocol::file_server::{FileInfo, FileRequest, Uploaded};
use serde_json::json;

use crate::client::{ask, ask_as, content, files_in, host, upload, uploaded};

#[tokio::test]
async fn fil_10_files_up_to_the_largest_are_streamed_and_one_byte_more_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |_| {}).await;
    for (len, status) in [
        (0, 413),
        (1, 200),
        (10_000_000, 200),
        (10_000_001, 200),
        (10_223_616, 200),
        (10_223_617, 413),
        (10_485_761, 413),
    ] {
        let file = content(len);
        let reply = ask(&host, upload(&file)).await.unwrap();
        assert_eq!(reply.code, status, "{len} bytes");
        if status != 200 {
            assert_eq!(reply.body, json!({ "status_code": 413 }).to_string().as_bytes());
            continue;
        }
        let id = Uploaded::parse(&reply).unwrap().id;
        let reply = ask(&host, FileRequest::Download(id)).await.unwrap();
        assert!(reply.body == file, "{len} bytes");
        assert_eq!(reply.headers["content-type"], "application/octet-stream");
        assert_eq!(reply.headers["content-length"], len.to_string());
        assert!(reply.headers["expires"].ends_with(" GMT"));
    }
    assert_eq!(files_in(folder.path()), 4);
}

#[tokio::test]
async fn fil_11_the_same_file_twice_is_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |_| {}).await;
    let first = uploaded(&host, &content(5000)).await;
    let other = uploaded(&host, &content(5001)).await;
    let again = uploaded(&host, &content(5000)).await;
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert_eq!(files_in(folder.path()), 2);
}

#[tokio::test]
async fn fil_22_files_and_keys_survive_restarts_on_the_same_port() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |_| {}).await;
    let profile = host.profile_json();
    let id = uploaded(&host, &content(70_000)).await;
    let info = FileInfo::parse(&ask(&host, FileRequest::Info(id.clone())).await.unwrap()).unwrap();
    for round in 0..2 {
        if round == 0 {
            host.stop().await;
        } else {
            host.kill().await;
        }
        assert!(
            ask(&host, FileRequest::Info(id.clone())).await.is_err(),
            "it is gone"
        );
        host.restart().await.unwrap();
        assert!(host.restart().await.is_err(), "it runs");
        assert_eq!(host.profile_json(), profile);
        let reply = ask(&host, FileRequest::Download(id.clone())).await.unwrap();
        assert!(reply.body == content(70_000));
        let reply = ask(&host, FileRequest::Info(id.clone())).await.unwrap();
        assert_eq!(FileInfo::parse(&reply), Ok(info));
    }
}

#[tokio::test]
async fn fil_20_a_file_without_a_lifetime_is_gone_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |_| {}).await;
    let request = FileRequest::Upload {
        file: content(10),
        ttl_s: Some(0),
    };
    let id = Uploaded::parse(&ask(&host, request).await.unwrap()).unwrap().id;
    for request in [
        FileRequest::Download(id.clone()),
        FileRequest::Info(id.clone()),
        FileRequest::LegacyDownload(id.clone()),
        FileRequest::Extend { id, ttl_s: None },
    ] {
        assert_eq!(ask(&host, request).await.unwrap().code, 404);
    }
}

#[tokio::test]
async fn the_other_requests_are_answered_as_through_relays() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |_| {}).await;
    let id = uploaded(&host, b"hello").await;
    let extend = FileRequest::Extend {
        id: id.clone(),
        ttl_s: Some(60),
    };
    let extended = FileInfo::parse(&ask(&host, extend).await.unwrap()).unwrap();
    let info = FileInfo::parse(&ask(&host, FileRequest::Info(id.clone())).await.unwrap()).unwrap();
    assert_eq!((info, info.size), (extended, 5));
    let reply = ask(&host, FileRequest::LegacyUpload(b"hello".to_vec()))
        .await
        .unwrap();
    let expected = json!({ "status_code": 200, "result": id.as_str() });
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&reply.body).unwrap(),
        expected
    );
    let reply = ask(&host, FileRequest::LegacyDownload(id)).await.unwrap();
    assert_eq!(reply.body, br#"{"status_code":200,"result":"aGVsbG8="}"#);
    let mut form = upload(b"a=b").into_server_request();
    form.headers
        .insert("Content-Type".into(), "application/x-www-form-urlencoded".into());
    assert_eq!(ask_as(&host, form).await.unwrap().code, 413);
    let mut version = upload(b"").into_server_request();
    version.method = "GET".into();
    version.endpoint = "/session_version?platform=android".into();
    assert_eq!(ask_as(&host, version).await.unwrap().code, 502);
}
