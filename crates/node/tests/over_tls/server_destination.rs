//! Requests that leave the network: the last relay posts them to a server.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use node::LocalNetwork;
use protocol::onion::{
    Cipher, Destination, Hop, HopSecret, Protocol, ServerDestination, ServerReply, ServerRequest, open_layer,
    parse_outer,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tokio::net::TcpListener;

use crate::onion::{hop, send};

/// A server that takes onion requests, answers with the method and endpoint, and uses the status it is told to.
async fn server(status: u16) -> (u16, Hop) {
    let secret = Arc::new(HopSecret::from_bytes([4; 32]));
    let public = Hop {
        ed25519: [0; 32],
        x25519: *secret.public(),
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let secret = secret.clone();
            let service = service_fn(move |request| answer(request, secret.clone(), status));
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    (port, public)
}

async fn answer(
    request: Request<Incoming>,
    secret: Arc<HopSecret>,
    status: u16,
) -> Result<Response<Full<Bytes>>, Infallible> {
    assert_eq!(
        (request.method().as_str(), request.uri().path()),
        ("POST", "/oxen/v4/lsrpc")
    );
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let outer = parse_outer(&body).unwrap();
    let opened = open_layer(&secret, outer.enc_type, &outer.ephemeral_key, outer.ciphertext).unwrap();
    let asked = ServerRequest::parse(&opened.plaintext).unwrap();
    let reply = ServerReply {
        code: 200,
        headers: Default::default(),
        body: format!("{} {}", asked.method, asked.endpoint).into_bytes(),
    };
    let sealed = opened.seal_server_reply(&mut ChaCha20Rng::from_seed([8; 32]), &reply.encode());
    let mut response = Response::new(Full::new(sealed.into()));
    *response.status_mut() = status.try_into().unwrap();
    Ok(response)
}

fn room() -> ServerRequest {
    ServerRequest {
        method: "GET".into(),
        endpoint: "/room/tern?since=1".into(),
        headers: Default::default(),
        body: None,
    }
}

async fn ask(
    network: &LocalNetwork,
    host: &str,
    port: u16,
    server: Hop,
) -> (u16, Bytes, protocol::onion::ReplyKey) {
    let path = [0, 1, 2].map(|index| hop(network, index));
    let destination = Destination::Server(ServerDestination {
        host: host.into(),
        protocol: Protocol::Http,
        port,
        x25519: server.x25519,
    });
    send(
        network,
        &path,
        &destination,
        &room().encode(),
        (Cipher::XChaCha20, None),
    )
    .await
}

#[tokio::test]
async fn a_server_gets_the_request_and_its_answer_comes_back() {
    let network = LocalNetwork::start(3, 1).await.unwrap();
    let (port, public) = server(200).await;
    let (status, body, key) = ask(&network, "localhost", port, public).await;
    assert_eq!(status, 200);
    let reply = key.open_server_reply(&body).unwrap();
    assert_eq!(
        (reply.code, reply.body.as_slice()),
        (200, &b"GET /room/tern?since=1"[..])
    );
}

#[tokio::test]
async fn oni_17_statuses_that_relays_do_not_know_come_back_as_500_with_the_body() {
    let network = LocalNetwork::start(3, 1).await.unwrap();
    for (status, passed) in [(404, 404), (429, 429), (201, 500), (302, 500), (409, 500)] {
        let (port, public) = server(status).await;
        let (status, body, key) = ask(&network, "127.0.0.1", port, public).await;
        assert_eq!(status, passed);
        assert!(key.open_server_reply(&body).is_ok(), "the body is intact");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_in_plain_text() {
    let network = LocalNetwork::start(3, 1).await.unwrap();
    // Bound and not listening: connecting is refused, and nobody else is given the port.
    let dead = node::Port::bind(Ipv4Addr::LOCALHOST, 0).unwrap().number();
    let public = hop(&network, 0);
    let (status, body, _) = ask(&network, "127.0.0.1", dead, public).await;
    let text = format!("Failed to connect to 127.0.0.1 port {dead}: Couldn't connect to server");
    assert_eq!((status, &body[..]), (502, text.as_bytes()));
    let (status, body, _) = ask(&network, "no such host", 80, public).await;
    assert_eq!(
        (status, &body[..]),
        (502, &b"Could not resolve host: no such host"[..])
    );
}

#[tokio::test]
async fn a_server_that_speaks_no_http_is_told_in_plain_text() {
    let network = LocalNetwork::start(3, 1).await.unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::io::AsyncWriteExt::write_all(&mut stream, b"220 mail\r\n")
                .await
                .unwrap();
        }
    });
    let (status, body, _) = ask(&network, "127.0.0.1", port, hop(&network, 0)).await;
    assert_eq!(
        (status, &body[..]),
        (502, &b"Server 127.0.0.1 gave no valid answer"[..])
    );
}
