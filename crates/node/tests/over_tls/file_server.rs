//! Files as private clients move them: through three relays, of which the last posts to the server.

use node::{Cut, Fault, LocalNetwork};
use protocol::file_server::{FileInfo, FileRequest, FileServer, Uploaded, downloaded};
use protocol::onion::{Cipher, Destination, ServerReply};
use serde_json::Value;

use crate::onion::{hop, send};

/// The server as a client reads it from the profile.
fn file_server(network: &LocalNetwork) -> FileServer {
    let profile: Value = serde_json::from_str(&network.profile_json()).unwrap();
    let server = &profile["file_server"];
    let key = |name: &str| data_encoding::HEXLOWER.decode(server[name].as_str().unwrap().as_bytes());
    let ed25519 = key("ed25519").unwrap().try_into().unwrap();
    let parsed = FileServer::parse(server["url"].as_str().unwrap(), ed25519).unwrap();
    assert_eq!(parsed.x25519().as_slice(), key("x25519").unwrap());
    parsed
}

/// The server's answer, or the status and text that came in its place.
async fn ask(network: &LocalNetwork, request: FileRequest) -> Result<ServerReply, (u16, String)> {
    let path = [0, 1, 2].map(|index| hop(network, index));
    let to = Destination::Server(file_server(network).destination());
    let payload = request.into_server_request().encode();
    let (status, body, key) = send(network, &path, &to, &payload, (Cipher::XChaCha20, None)).await;
    match status {
        200 => Ok(key.open_server_reply(&body).unwrap()),
        status => Err((status, String::from_utf8_lossy(&body).into_owned())),
    }
}

fn upload(file: &[u8]) -> FileRequest {
    FileRequest::Upload {
        file: file.to_vec(),
        ttl_s: None,
    }
}

#[tokio::test]
async fn fil_02_the_largest_file_travels_through_relays_and_a_larger_one_is_refused() {
    let network = LocalNetwork::start(4, 1).await.unwrap();
    let file: Vec<u8> = (0..10_223_617_usize).map(|index| (index % 251) as u8).collect();
    let (_, largest) = file.split_first().unwrap();
    let uploaded = Uploaded::parse(&ask(&network, upload(largest)).await.unwrap()).unwrap();
    let again = ask(&network, FileRequest::Download(uploaded.id.clone()))
        .await
        .unwrap();
    assert!(downloaded(again).unwrap() == largest);
    assert_eq!(ask(&network, upload(&file)).await.unwrap().code, 413);
    assert_eq!(ask(&network, upload(b"")).await.unwrap().code, 413);
    let extend = FileRequest::Extend {
        id: uploaded.id.clone(),
        ttl_s: Some(1),
    };
    let info = FileInfo::parse(&ask(&network, extend).await.unwrap()).unwrap();
    let expected = FileInfo {
        size: 10_223_616,
        uploaded: uploaded.uploaded.unwrap(),
        expires: uploaded.expires.unwrap(),
    };
    assert_eq!(info, expected);
}

#[tokio::test]
async fn a_file_server_that_is_cut_or_gone_is_told_by_the_last_relay_and_serves_again_afterwards() {
    let network = LocalNetwork::start(4, 1).await.unwrap();
    let server = network.file_server();
    let (address, faults) = (server.address(), server.faults());
    let file = vec![5; 500_000];
    faults.cut([Cut::Request(100_000), Cut::Answer(10)]);
    let broken = (502, "Server 127.0.0.1 gave no valid answer".to_owned());
    assert_eq!(ask(&network, upload(&file)).await, Err(broken.clone()));
    assert_eq!(faults.cuts_left(), 1, "the request did not arrive");
    assert_eq!(
        ask(&network, upload(&file)).await,
        Err(broken.clone()),
        "the answer is lost"
    );
    faults.wait_for_cuts().await;
    let uploaded = Uploaded::parse(&ask(&network, upload(&file)).await.unwrap()).unwrap();
    faults.cut([Cut::Answer(300_000)]);
    let download = || FileRequest::Download(uploaded.id.clone());
    let info = ask(&network, FileRequest::Info(uploaded.id.clone()))
        .await
        .unwrap();
    assert_eq!(info.code, 200, "short answers do not get as far as the cut");
    assert_eq!(ask(&network, download()).await, Err(broken));
    assert!(downloaded(ask(&network, download()).await.unwrap()).unwrap() == file);

    network.file_server().kill().await;
    let gone = format!(
        "Failed to connect to 127.0.0.1 port {}: Couldn't connect to server",
        address.port()
    );
    assert_eq!(ask(&network, download()).await, Err((502, gone)));
    network.restart_all().await.unwrap();
    assert_eq!(network.file_server().address(), address);
    assert!(downloaded(ask(&network, download()).await.unwrap()).unwrap() == file);
    faults.set(Fault::Refuse);
    assert!(ask(&network, download()).await.is_err());
    faults.set(Fault::None);
    assert_eq!(ask(&network, download()).await.unwrap().code, 200);
}
