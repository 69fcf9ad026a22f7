//! Connections through a proxy on loopback, and none around it.
#![allow(clippy::unwrap_used)] // A failing step is the failure of the test.

use std::net::SocketAddr;

use dialer::{DialError, Dialer, Login, Proxy, Target};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use website::SocksProxy;

/// A server that greets whoever connects.
async fn greeter() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"hello").await.unwrap();
        }
    });
    address
}

/// An address where nothing listens.
async fn nobody() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    listener.local_addr().unwrap()
}

async fn greeted(dialer: &Dialer, target: Target<'_>) -> Result<String, DialError> {
    let mut greeting = String::new();
    dialer
        .connect(target)
        .await?
        .read_to_string(&mut greeting)
        .await
        .unwrap();
    Ok(greeting)
}

fn at(address: SocketAddr, login: Option<(&str, &str)>) -> Proxy {
    Proxy {
        host: address.ip().to_string(),
        port: address.port(),
        login: login.map(|(user, password)| Login {
            user: user.to_owned(),
            password: password.to_owned().into(),
        }),
    }
}

#[tokio::test]
async fn without_a_proxy_connections_go_out_directly() {
    let (server, dialer) = (greeter().await, Dialer::default());
    assert!(dialer.is_direct());
    for target in [
        Target::Address(server),
        Target::Host("127.0.0.1", server.port()),
        Target::Host("localhost", server.port()),
    ] {
        assert_eq!(greeted(&dialer, target).await.unwrap(), "hello");
    }
    let nobody = Target::Address(nobody().await);
    assert_eq!(greeted(&dialer, nobody).await, Err(DialError::Refused));
}

#[tokio::test]
async fn a_proxy_is_asked_for_addresses_and_for_names() {
    let (server, proxy) = (greeter().await, SocksProxy::start(None).await);
    let dialer = Dialer::new(Some(at(proxy.address(), None)));
    let port = server.port();
    for target in [
        Target::Address(server),
        Target::Host("127.0.0.1", port),
        Target::Host("localhost", port),
    ] {
        assert_eq!(greeted(&dialer, target).await.unwrap(), "hello");
    }
    let asked = ["127.0.0.1", "127.0.0.1", "localhost"].map(|host| format!("{host}:{port}"));
    assert_eq!(proxy.asked(), asked);
    // What the proxy cannot reach is not the proxy's failure.
    let nobody = Target::Address(nobody().await);
    assert_eq!(greeted(&dialer, nobody).await, Err(DialError::Refused));
}

#[tokio::test]
async fn a_proxy_that_asks_who_one_is_lets_in_who_knows_the_password() {
    let server = Target::Address(greeter().await);
    let proxy = SocksProxy::start(Some(("tern", "secret"))).await;
    let through = |login| Dialer::new(Some(at(proxy.address(), login)));
    let right = through(Some(("tern", "secret")));
    assert_eq!(greeted(&right, server).await.unwrap(), "hello");
    for wrong in [Some(("tern", "wrong")), Some(("tern", "")), None] {
        assert_eq!(greeted(&through(wrong), server).await, Err(DialError::Proxy));
    }
    assert!(!format!("{:?}", at(proxy.address(), Some(("tern", "secret")))).contains("secret"));
}

#[tokio::test]
async fn nothing_goes_around_a_proxy_that_does_not_answer() {
    let server = Target::Address(greeter().await);
    let dead = Dialer::new(Some(at(nobody().await, None)));
    assert_eq!(greeted(&dead, server).await, Err(DialError::Proxy));
    // Something listens there, but no proxy.
    let Target::Address(address) = server else { return };
    let foreign = Dialer::new(Some(at(address, None)));
    assert_eq!(greeted(&foreign, server).await, Err(DialError::Proxy));
}

#[tokio::test]
async fn a_change_holds_for_all_who_share_the_dialer() {
    let (server, proxy) = (greeter().await, SocksProxy::start(None).await);
    let dialer = Dialer::default();
    let shared = dialer.clone();
    let before = shared.changes();
    dialer.set_proxy(Some(at(proxy.address(), None)));
    assert!(!shared.is_direct() && shared.changes() != before);
    assert_eq!(greeted(&shared, Target::Address(server)).await.unwrap(), "hello");
    assert_eq!(proxy.asked().len(), 1);
    dialer.set_proxy(None);
    assert_eq!(greeted(&shared, Target::Address(server)).await.unwrap(), "hello");
    assert_eq!(proxy.asked().len(), 1);
}
