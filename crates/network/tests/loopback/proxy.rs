//! Everything through the user's proxy, and nothing around it.

use std::time::Duration;

use dialer::{Dialer, Proxy};
use network::{ConnectionState, Network};
use node::LocalNetwork;
use website::SocksProxy;

use crate::nodes::{client_through, keys, profile, reaches, received, send};

fn through(proxy: &SocksProxy) -> Proxy {
    Proxy {
        host: proxy.address().ip().to_string(),
        port: proxy.address().port(),
        login: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn seeds_and_relays_are_reached_through_the_proxy_and_never_around_it() {
    let local = LocalNetwork::start(9, 3).await.expect("started");
    let proxy = SocksProxy::start(None).await;
    let dialer = Dialer::new(Some(through(&proxy)));
    let network = client_through(dialer.clone(), profile(&local));
    let bob = keys(2);
    send(&network, bob.account_id(), "hello").await;
    assert_eq!(received(&network, &bob).await, ["hello"]);
    let asked = proxy.asked();
    let guard = network.state().borrow().path[0].clone();
    assert!(
        asked
            .iter()
            .any(|target| target.starts_with(&guard.ip.to_string()))
    );

    // The proxy dies: nobody can be reached any more, and that is what is said.
    drop(proxy);
    network.new_path();
    reaches(&network, ConnectionState::Offline, Duration::from_secs(60)).await;
    assert_eq!(network.state().borrow().reason.as_deref(), Some("proxy"));

    // Without it, or with another one, it goes on.
    let other = SocksProxy::start(None).await;
    dialer.set_proxy(Some(through(&other)));
    network.set_device_online(true);
    reaches(&network, ConnectionState::Connected, Duration::from_secs(60)).await;
    send(&network, bob.account_id(), "again").await;
    assert!(!other.asked().is_empty());
}
