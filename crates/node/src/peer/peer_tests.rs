use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use protocol::storage::SwarmId;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::*;
use crate::identity::NodeIdentity;
use crate::node_list::{NodeList, NodeRecord};
use crate::random;
use crate::seam::{PeerError, PeerReply, Peers};
use crate::tls;

const LONG: Duration = Duration::from_secs(20);

/// Says who asks and what; counts; keeps silent or hangs up where told to.
#[derive(Default)]
struct Echo {
    answered: AtomicUsize,
}

impl PeerService for Echo {
    fn answer(
        &self,
        from: Arc<NodeRecord>,
        command: String,
        payload: Bytes,
    ) -> BoxFuture<'static, Option<PeerReply>> {
        self.answered.fetch_add(1, Ordering::SeqCst);
        async move {
            match command.as_str() {
                "silent" => std::future::pending().await,
                "hang up" => None,
                _ => Some(PeerReply {
                    status: 207,
                    body: [&from.ed25519[..], command.as_bytes(), &payload].concat().into(),
                }),
            }
        }
        .boxed()
    }
}

/// Two nodes, one of which answers on a loopback port; what they would need of a whole node, and no more.
struct Pair {
    asker: NodeIdentity,
    answerer: NodeIdentity,
    nodes: Arc<NodeList>,
    listener: TcpListener,
    echo: Arc<Echo>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

fn record(identity: &NodeIdentity, port: u16) -> NodeRecord {
    NodeRecord {
        legacy: *identity.legacy(),
        ed25519: identity.ed25519(),
        x25519: *identity.x25519(),
        ip: Ipv4Addr::LOCALHOST,
        https_port: port,
        quic_port: port,
        swarm: SwarmId(0),
    }
}

impl Pair {
    async fn new() -> Self {
        let (asker, answerer) = (
            NodeIdentity::generate(&mut random::rng()),
            NodeIdentity::generate(&mut random::rng()),
        );
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let nodes = Arc::new(NodeList::new([record(&asker, 1), record(&answerer, port)]));
        let (echo, tasks, stop) = Default::default();
        Self {
            asker,
            answerer,
            nodes,
            listener,
            echo,
            tasks,
            stop,
        }
    }

    fn links(&self) -> PeerLinks {
        PeerLinks::new(&self.asker, &self.nodes, self.tasks.clone(), self.stop.clone()).unwrap()
    }

    /// Accepts one connection and serves it to its end; `false` where the handshake fails.
    async fn serve_one(&self) -> bool {
        let config = tls::peer_server_config(&self.answerer, self.nodes.clone()).unwrap();
        let (stream, _) = self.listener.accept().await.unwrap();
        let Ok(stream) = TlsAcceptor::from(config).accept(stream).await else {
            return false;
        };
        let key = tls::peer_key(stream.get_ref().1.peer_certificates().unwrap().first().unwrap()).unwrap();
        let from = Arc::new(self.nodes.get(&key).unwrap().clone());
        serve(stream, from, self.echo.clone()).await;
        true
    }
}

#[tokio::test]
async fn one_link_carries_many_requests_and_tells_who_asks() {
    let pair = Pair::new().await;
    let links = pair.links();
    let to = pair.answerer.ed25519();
    let ask = async {
        assert!(links.send(&to, "first", Vec::new(), LONG).await.is_ok());
        // The link is there, so that asking once puts the request on it.
        let silent = links.send(&to, "silent", Vec::new(), LONG);
        let mut silent = std::pin::pin!(silent);
        assert!(futures::poll!(&mut silent).is_pending());
        let asked = (0..100_u8).map(|number| links.send(&to, "echo", vec![number; 1000], LONG));
        for (number, reply) in (0..100_u8).zip(futures::future::join_all(asked).await) {
            let expected = [&pair.asker.ed25519()[..], b"echo", &[number; 1000]].concat();
            assert_eq!(
                reply,
                Ok(PeerReply {
                    status: 207,
                    body: expected.into()
                })
            );
        }
        assert!(
            futures::poll!(&mut silent).is_pending(),
            "one slow answer holds nobody up"
        );
    };
    // One accepted connection is enough for all of it.
    tokio::select! {
        _ = pair.serve_one() => panic!("the link ended"),
        () = ask => {}
    }
    assert_eq!(pair.echo.answered.load(Ordering::SeqCst), 102);
}

#[tokio::test]
async fn a_silent_node_times_out_and_the_link_goes_on() {
    let pair = Pair::new().await;
    let links = pair.links();
    let to = pair.answerer.ed25519();
    let ask = async {
        assert!(links.send(&to, "echo", Vec::new(), LONG).await.is_ok());
        let silent = links
            .send(&to, "silent", Vec::new(), Duration::from_millis(20))
            .await;
        assert_eq!(silent, Err(PeerError::Timeout));
        assert!(links.send(&to, "echo", Vec::new(), LONG).await.is_ok());
    };
    tokio::select! {
        _ = pair.serve_one() => panic!("the link ended"),
        () = ask => {}
    }
}

#[tokio::test]
async fn a_link_that_ended_is_made_again() {
    let pair = Pair::new().await;
    let links = pair.links();
    let to = pair.answerer.ed25519();
    let ask = async {
        assert_eq!(
            links.send(&to, "hang up", Vec::new(), LONG).await,
            Err(PeerError::Unreachable)
        );
        assert!(links.send(&to, "echo", Vec::new(), LONG).await.is_ok());
    };
    let serve = async {
        assert!(pair.serve_one().await);
        pair.serve_one().await
    };
    tokio::select! {
        _ = serve => panic!("the second link ended"),
        () = ask => {}
    }
}

#[tokio::test]
async fn a_request_that_fits_no_frame_is_not_sent_and_a_reply_that_does_not_ends_the_link() {
    let pair = Pair::new().await;
    let links = pair.links();
    let to = pair.answerer.ed25519();
    let ask = async {
        let reply = links.send(&to, "echo", vec![0; frame::MAX_FRAME_LEN], LONG).await;
        assert_eq!(reply, Err(PeerError::BadResponse));
        // It fits, but with what the echo adds it does not.
        let largest = vec![0; frame::MAX_FRAME_LEN - 9];
        links.send(&to, "echo", largest, LONG).await
    };
    let (served, asked) = tokio::join!(pair.serve_one(), ask);
    assert!(served);
    assert_eq!(asked, Err(PeerError::Unreachable));
}

#[tokio::test]
async fn an_unknown_node_is_not_asked() {
    let pair = Pair::new().await;
    let links = pair.links();
    assert_eq!(
        links.send(&[9; 32], "echo", Vec::new(), LONG).await,
        Err(PeerError::Unknown)
    );
}

#[tokio::test]
async fn a_node_that_is_not_listed_is_refused() {
    let mut pair = Pair::new().await;
    pair.asker = NodeIdentity::generate(&mut random::rng());
    let links = pair.links();
    let to = pair.answerer.ed25519();
    let (served, asked) = tokio::join!(pair.serve_one(), links.send(&to, "echo", Vec::new(), LONG));
    assert!(!served);
    assert_eq!(asked, Err(PeerError::Unreachable));
    assert_eq!(pair.echo.answered.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_client_without_a_key_is_refused() {
    let pair = Pair::new().await;
    // The right answerer, but an asker that shows no key of its own.
    let mut config = (*tls::peer_client_config(&pair.asker, pair.answerer.ed25519()).unwrap()).clone();
    config.client_auth_cert_resolver = Arc::new(NoKey);
    let connect = async {
        let stream = TcpStream::connect(pair.listener.local_addr().unwrap())
            .await
            .unwrap();
        let name = ServerName::IpAddress(Ipv4Addr::LOCALHOST.into());
        match TlsConnector::from(Arc::new(config)).connect(name, stream).await {
            Ok(mut stream) => stream.read(&mut [0]).await.is_err(),
            Err(_) => true,
        }
    };
    let (served, refused) = tokio::join!(pair.serve_one(), connect);
    assert!(!served && refused);
}

#[derive(Debug)]
struct NoKey;

impl rustls::client::ResolvesClientCert for NoKey {
    fn resolve(&self, _: &[&[u8]], _: &[rustls::SignatureScheme]) -> Option<Arc<rustls::sign::CertifiedKey>> {
        None
    }

    fn only_raw_public_keys(&self) -> bool {
        true
    }

    fn has_certs(&self) -> bool {
        false
    }
}

#[tokio::test]
async fn an_answerer_with_another_key_is_not_trusted() {
    let mut pair = Pair::new().await;
    let links = pair.links();
    let to = pair.answerer.ed25519();
    pair.answerer = NodeIdentity::generate(&mut random::rng());
    let (served, asked) = tokio::join!(
        pair.serve_one(),
        links.send(&to, "echo", b"secret".to_vec(), LONG)
    );
    assert!(!served);
    assert_eq!(asked, Err(PeerError::Unreachable));
}

#[tokio::test]
async fn what_was_recorded_on_one_connection_is_worth_nothing_on_another() {
    let mut pair = Pair::new().await;
    let answering_port = pair.listener.local_addr().unwrap();
    // The asker believes the wiretap to be the answerer.
    let wiretap = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let tapped = record(&pair.answerer, wiretap.local_addr().unwrap().port());
    pair.nodes = Arc::new(NodeList::new([record(&pair.asker, 1), tapped]));
    let links = pair.links();
    let to = pair.answerer.ed25519();

    let tap = async {
        let (mut asker, _) = wiretap.accept().await.unwrap();
        let mut answerer = TcpStream::connect(answering_port).await.unwrap();
        let mut recorded = Vec::new();
        let (mut from_asker, mut to_asker) = asker.split();
        let (mut from_answerer, mut to_answerer) = answerer.split();
        let up = async {
            let mut buffer = [0; 4096];
            while let Ok(len @ 1..) = from_asker.read(&mut buffer).await {
                recorded.extend_from_slice(&buffer[..len]);
                to_answerer.write_all(&buffer[..len]).await.unwrap();
            }
            to_answerer.shutdown().await.unwrap();
        };
        let _ = tokio::join!(up, tokio::io::copy(&mut from_answerer, &mut to_asker));
        recorded
    };
    let ask = async {
        assert!(links.send(&to, "echo", b"once".to_vec(), LONG).await.is_ok());
        pair.stop.cancel();
    };
    let (recorded, served, ()) = tokio::join!(tap, pair.serve_one(), ask);
    assert!(served && recorded.len() > 300, "{} bytes", recorded.len());
    assert_eq!(pair.echo.answered.load(Ordering::SeqCst), 1);

    let replay = async {
        let mut stream = TcpStream::connect(answering_port).await.unwrap();
        // The answerer may hang up before all of it is written.
        let _ = stream.write_all(&recorded).await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    };
    let (served, ()) = tokio::join!(pair.serve_one(), replay);
    assert!(!served);
    assert_eq!(pair.echo.answered.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_frame_that_is_none_ends_the_link() {
    for frame in [
        &b"\0\0\0\x04\0\0\0\x01"[..],
        b"\0\0\0\0",
        b"\0\0\0\x06\0\0\0\x01\x09x",
        b"\xff\xff\xff\xff",
    ] {
        let pair = Pair::new().await;
        let config = tls::peer_client_config(&pair.asker, pair.answerer.ed25519()).unwrap();
        let send = async {
            let stream = TcpStream::connect(pair.listener.local_addr().unwrap())
                .await
                .unwrap();
            let name = ServerName::IpAddress(Ipv4Addr::LOCALHOST.into());
            let mut stream = TlsConnector::from(config).connect(name, stream).await.unwrap();
            stream.write_all(frame).await.unwrap();
            stream.flush().await.unwrap();
            stream.read_to_end(&mut Vec::new()).await.unwrap_or(0)
        };
        let (served, answered) = tokio::join!(pair.serve_one(), send);
        assert_eq!((served, answered), (true, 0), "{frame:?}");
        assert_eq!(pair.echo.answered.load(Ordering::SeqCst), 0);
    }
}
