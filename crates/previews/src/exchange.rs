//! One request and its answer.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use dialer::{Dialer, Target};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HOST, HeaderName, LOCATION, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use protocol::onion::is_public_address;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::{Host, Url};

use crate::VisitError;

/// What the other clients of the network call themselves here: a site cannot tell which of them has come.
const VISITOR: &str = "WhatsApp";

/// So much of a page is read; what names it stands at its beginning.
const LONGEST_PAGE: usize = 512 * 1024;

/// Pictures that are longer are not taken.
const LONGEST_PICTURE: usize = 4 * 1024 * 1024;

/// Addresses of one host that are tried.
const MOST_ADDRESSES: usize = 4;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// HTML; as much of it as is read.
    Page,
    /// A picture, all of it.
    Picture,
}

/// What a host answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// What was wanted.
    Found {
        /// Its bytes.
        body: Vec<u8>,
        /// Its type with parameters, as the host says.
        content_type: String,
    },
    /// Another address, perhaps relative to the first.
    Elsewhere(String),
}

/// Asks for `url`, whose scheme is `https`.
pub(crate) async fn ask(
    tls: &Arc<ClientConfig>,
    dialer: &Dialer,
    url: &Url,
    wanted: Wanted,
    private_addresses: bool,
) -> Result<Answer, VisitError> {
    let stream = connect(tls, dialer, url, private_addresses).await?;
    let unreachable = |_| VisitError::Unreachable;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    let request = request(url, wanted)?;
    let exchange = async {
        let response = sender.send_request(request).await.map_err(unreachable)?;
        judge(response, wanted).await
    };
    // Whoever drops this drops the connection: nothing goes on behind a visit that was given up.
    tokio::pin!(exchange);
    tokio::select! {
        answer = &mut exchange => answer,
        _ = connection => exchange.await,
    }
}

fn request(url: &Url, wanted: Wanted) -> Result<Request<Empty<Bytes>>, VisitError> {
    let host = url.host_str().ok_or(VisitError::Address)?;
    let authority = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let accepted = match wanted {
        Wanted::Page => "text/html,application/xhtml+xml",
        Wanted::Picture => "image/jpeg,image/png,image/gif,image/webp",
    };
    Request::get(target)
        .header(HOST, authority)
        .header(USER_AGENT, VISITOR)
        .header(ACCEPT, accepted)
        // What is packed could unpack to anything.
        .header(ACCEPT_ENCODING, "identity")
        .body(Empty::new())
        .map_err(|_| VisitError::Address)
}

async fn connect(
    tls: &Arc<ClientConfig>,
    dialer: &Dialer,
    url: &Url,
    private_addresses: bool,
) -> Result<TlsStream<TcpStream>, VisitError> {
    let host = url.host().ok_or(VisitError::Address)?;
    let port = url.port_or_known_default().ok_or(VisitError::Address)?;
    let may_visit = |ip| private_addresses || is_public_address(ip);
    let (tcp, name) = match host {
        Host::Ipv4(ip) => to_address(dialer, ip.into(), port, may_visit).await?,
        Host::Ipv6(ip) => to_address(dialer, ip.into(), port, may_visit).await?,
        Host::Domain(domain) => {
            let name = ServerName::try_from(domain.to_owned()).map_err(|_| VisitError::Address)?;
            let tcp = match dialer.is_direct() {
                true => to_domain(dialer, domain, port, may_visit).await?,
                // Looking the name up here would tell of the visit. A name that leads to something private beside the proxy
                // has no certificate of the web's, and is told nothing.
                false => dial(dialer, Target::Host(domain, port)).await?,
            };
            (tcp, name)
        }
    };
    let connector = TlsConnector::from(Arc::clone(tls));
    connector
        .connect(name, tcp)
        .await
        .map_err(|_| VisitError::Unreachable)
}

async fn to_address(
    dialer: &Dialer,
    ip: IpAddr,
    port: u16,
    may_visit: impl Fn(IpAddr) -> bool,
) -> Result<(TcpStream, ServerName<'static>), VisitError> {
    if !may_visit(ip) {
        return Err(VisitError::NotPublic);
    }
    let tcp = dial(dialer, Target::Address((ip, port).into())).await?;
    Ok((tcp, ServerName::from(ip)))
}

/// The address that is judged is the one that is connected to: the name is not looked up again.
async fn to_domain(
    dialer: &Dialer,
    domain: &str,
    port: u16,
    may_visit: impl Fn(IpAddr) -> bool,
) -> Result<TcpStream, VisitError> {
    let found = tokio::net::lookup_host((domain, port)).await;
    let found = found.map_err(|_| VisitError::Unreachable)?;
    let public = found.filter(|address| may_visit(address.ip()));
    let mut failed = VisitError::NotPublic;
    for address in public.take(MOST_ADDRESSES) {
        match dial(dialer, Target::Address(address)).await {
            Ok(tcp) => return Ok(tcp),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

async fn dial(dialer: &Dialer, target: Target<'_>) -> Result<TcpStream, VisitError> {
    let dialled = dialer.connect(target).await;
    dialled.map_err(|_| VisitError::Unreachable)
}

async fn judge(response: Response<Incoming>, wanted: Wanted) -> Result<Answer, VisitError> {
    let status = response.status();
    if status.is_redirection() {
        let location = header(&response, &LOCATION).ok_or(VisitError::Redirects)?;
        return Ok(Answer::Elsewhere(location));
    }
    if !status.is_success() {
        return Err(VisitError::Status(status.as_u16()));
    }
    let content_type = header(&response, &CONTENT_TYPE).unwrap_or_default();
    if !is_wanted(&content_type, wanted) {
        return Err(VisitError::Type);
    }
    let body = read(response.into_body(), wanted).await?;
    Ok(Answer::Found { body, content_type })
}

fn header(response: &Response<Incoming>, name: &HeaderName) -> Option<String> {
    let value = response.headers().get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

fn is_wanted(content_type: &str, wanted: Wanted) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default();
    let kind = kind.trim().to_ascii_lowercase();
    match wanted {
        Wanted::Page => matches!(kind.as_str(), "text/html" | "application/xhtml+xml"),
        Wanted::Picture => matches!(
            kind.as_str(),
            "image/jpeg" | "image/jpg" | "image/png" | "image/gif" | "image/webp"
        ),
    }
}

/// The beginning of a page, or all of a picture.
async fn read(mut body: Incoming, wanted: Wanted) -> Result<Vec<u8>, VisitError> {
    let longest = match wanted {
        Wanted::Page => LONGEST_PAGE,
        Wanted::Picture => LONGEST_PICTURE,
    };
    let mut whole = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = match frame {
            Ok(frame) => frame,
            // Some hosts just hang up at the end of a page; what came of it is as good as its beginning.
            Err(_) if wanted == Wanted::Page && !whole.is_empty() => break,
            Err(_) => return Err(VisitError::Unreachable),
        };
        let Some(data) = frame.data_ref() else { continue };
        let room = longest.saturating_sub(whole.len());
        match data.get(..room) {
            Some(part) if wanted == Wanted::Page => {
                whole.extend_from_slice(part);
                return Ok(whole);
            }
            Some(part) if part.len() < data.len() => return Err(VisitError::TooLong),
            _ => whole.extend_from_slice(data),
        }
    }
    Ok(whole)
}
