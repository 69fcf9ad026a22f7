//! A small HTTP client, and file servers to point it at.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use node::{FileHost, FileHostConfig, Port};
use protocol::file_server::{FileId, FileRequest, Uploaded};
use protocol::onion::{ServerReply, ServerRequest};
use tokio::net::TcpStream;

/// A server whose files are in `folder`, changed as the test needs it.
pub(crate) async fn host(folder: &Path, change: impl FnOnce(&mut FileHostConfig)) -> FileHost {
    let mut config = FileHostConfig::open(folder).unwrap();
    change(&mut config);
    FileHost::start(config, Port::bind(Ipv4Addr::LOCALHOST, 0).unwrap())
        .await
        .unwrap()
}

/// Sends one request on a connection of its own.
pub(crate) async fn send(
    address: SocketAddr,
    request: Request<Full<Bytes>>,
) -> Result<Response<Bytes>, String> {
    let failed = |error: hyper::Error| format!("{error:?}");
    let stream = TcpStream::connect(address)
        .await
        .map_err(|error| error.to_string())?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
    tokio::spawn(connection);
    let (head, body) = sender.send_request(request).await.map_err(failed)?.into_parts();
    let body = body.collect().await.map_err(failed)?;
    Ok(Response::from_parts(head, body.to_bytes()))
}

/// Asks a server in plain HTTP.
pub(crate) async fn ask(host: &FileHost, request: FileRequest) -> Result<ServerReply, String> {
    ask_as(host, request.into_server_request()).await
}

/// The same for a request in any form.
pub(crate) async fn ask_as(host: &FileHost, request: ServerRequest) -> Result<ServerReply, String> {
    ask_at(host.address(), request).await
}

/// The same for a server that runs elsewhere.
pub(crate) async fn ask_at(address: SocketAddr, request: ServerRequest) -> Result<ServerReply, String> {
    let mut http = Request::new(Full::new(Bytes::from(request.body.unwrap_or_default())));
    *http.method_mut() = request.method.parse().unwrap();
    *http.uri_mut() = request.endpoint.parse().unwrap();
    http.headers_mut().insert(HOST, "files".parse().unwrap());
    for (name, value) in request.headers {
        let name: hyper::header::HeaderName = name.parse().unwrap();
        http.headers_mut().insert(name, value.parse().unwrap());
    }
    let (head, body) = send(address, http).await?.into_parts();
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    Ok(ServerReply {
        code: head.status.as_u16(),
        headers: headers.collect(),
        body: body.to_vec(),
    })
}

pub(crate) fn upload(file: &[u8]) -> FileRequest {
    FileRequest::Upload {
        file: file.to_vec(),
        ttl_s: None,
    }
}

/// Uploads a file that the server takes.
pub(crate) async fn uploaded(host: &FileHost, file: &[u8]) -> FileId {
    let reply = ask(host, upload(file)).await.unwrap();
    Uploaded::parse(&reply).unwrap().id
}

/// Bytes that no two lengths share.
pub(crate) fn content(len: usize) -> Vec<u8> {
    (0..len)
        .map(|index| (index.wrapping_mul(31) ^ len) as u8)
        .collect()
}

/// How many files the server's folder holds, those that are being received included.
pub(crate) fn files_in(folder: &Path) -> usize {
    let count = |path: &Path| std::fs::read_dir(path).unwrap().count();
    let parts = std::fs::read_dir(folder.join("files")).unwrap();
    let kept: usize = parts.map(|part| count(&part.unwrap().path())).sum();
    kept + count(&folder.join("incoming"))
}
