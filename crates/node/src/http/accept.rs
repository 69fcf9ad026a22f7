//! Accepting connections within limits, and speaking HTTP on them until the server drains.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::HttpService;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::Limits;
use super::callers::{Place, Places};
use super::stall::Unstalled;

/// Waits this long when the system gives out no more connections.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(100);

/// Hands every connection within the limits to `begin`, with a place to keep as long as it lasts, until `drain` is
/// cancelled. Those beyond the limits end at once, so that those within them are served.
pub(crate) async fn accept_each(
    listener: TcpListener,
    limits: &Limits,
    drain: &CancellationToken,
    mut begin: impl FnMut(TcpStream, Ipv4Addr, Place),
) {
    let places = Places::new(limits.max_connections, limits.max_connections_per_address);
    while let Some(accepted) = drain.run_until_cancelled(listener.accept()).await {
        let Ok((stream, address)) = accepted else {
            tracing::warn!("no connection can be accepted");
            tokio::time::sleep(EXHAUSTED_PAUSE).await;
            continue;
        };
        let IpAddr::V4(address) = address.ip() else {
            continue;
        };
        if let Some(place) = places.admit(address) {
            begin(stream, address, place);
        }
    }
}

/// Answers requests on a connection until its client leaves or `drain` is cancelled; then the one in progress is the last.
pub(crate) async fn serve_http<I, S>(stream: I, service: S, limits: &Limits, drain: &CancellationToken)
where
    I: AsyncRead + AsyncWrite + Unpin,
    S: HttpService<Incoming>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    S::ResBody: 'static,
    <S::ResBody as Body>::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let stream = TokioIo::new(Unstalled::new(stream, limits.stall_timeout));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .serve_connection(stream, service);
    let mut connection = std::pin::pin!(connection);
    // How a connection ended is the client's affair.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = drain.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
