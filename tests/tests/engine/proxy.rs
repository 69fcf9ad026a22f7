//! The proxy as a person sets it.

use contract::{ErrorCode, GetProxy, ProxyView, SetProxy, TestProxy};
use engine::WaysOut;
use tests::simulated_network::World;
use tests::story::{Device, alice, file_store, person};
use website::SocksProxy;

fn view(host: &str, port: u16) -> ProxyView {
    ProxyView {
        host: host.to_owned(),
        port,
        user: String::new(),
        password: "".into(),
        everything: true,
    }
}

#[tokio::test]
async fn a_proxy_is_kept_and_holds_for_the_next_process() {
    let world = World::new(701);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tern.db");
    let alice = person(&world, Device::with_store(&world, file_store(&path)), "Alice", 1).await;
    assert_eq!(alice.ask(GetProxy {}).await.proxy, None);
    for everything in [true, false] {
        let proxy = Some(ProxyView {
            user: "tern".to_owned(),
            password: "secret".into(),
            everything,
            ..view(" proxy.example ", 1080)
        });
        alice.ask(SetProxy { proxy }).await;
        let kept = alice.ask(GetProxy {}).await.proxy.unwrap();
        assert_eq!(
            (kept.host.as_str(), kept.user.as_str()),
            ("proxy.example", "tern")
        );
        let next = WaysOut::load(&alice.store).unwrap();
        assert!(!next.websites.is_direct());
        assert_eq!(next.network.is_direct(), !everything);
    }
    alice.ask(SetProxy { proxy: None }).await;
    assert!(WaysOut::load(&alice.store).unwrap().websites.is_direct());
}

#[tokio::test]
async fn what_cannot_be_a_proxy_is_refused_and_changes_nothing() {
    let world = World::new(702);
    let alice = alice(&world).await;
    let good = view("127.0.0.1", 1080);
    alice
        .ask(SetProxy {
            proxy: Some(good.clone()),
        })
        .await;
    let long = "x".repeat(256);
    for wrong in [
        view("", 1080),
        view("two words", 1080),
        view("http://proxy", 1080),
        view(&long, 1080),
        view("proxy", 0),
        ProxyView {
            user: "tern".to_owned(),
            ..good.clone()
        },
        ProxyView {
            password: "secret".into(),
            ..good.clone()
        },
        ProxyView {
            user: long.clone(),
            password: "secret".into(),
            ..good.clone()
        },
    ] {
        assert_eq!(
            alice.refused(SetProxy { proxy: Some(wrong) }).await,
            ErrorCode::BadCommand
        );
    }
    assert_eq!(alice.ask(GetProxy {}).await.proxy, Some(good));
}

#[tokio::test]
async fn a_test_says_whether_the_proxy_leads_to_the_network() {
    let world = World::new(703);
    let alice = alice(&world).await;
    let proxy = SocksProxy::start(None).await;
    let at = view("127.0.0.1", proxy.address().port());
    // The seed of these stories is at a port where nobody answers: the proxy works and leads nowhere.
    assert_eq!(
        alice.refused(TestProxy { proxy: at.clone() }).await,
        ErrorCode::Proxy
    );
    assert_eq!(proxy.asked(), ["127.0.0.1:1"]);
    drop(proxy);
    assert_eq!(alice.refused(TestProxy { proxy: at }).await, ErrorCode::Proxy);
    assert_eq!(alice.ask(GetProxy {}).await.proxy, None, "a test sets nothing");
}
