//! The simulated line to relays and seeds.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use network::{HttpReply, Limits, Seed, Transfer, Transport, TransportError};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::{LATENCY, Line, SimNode, Simulation, node};

/// How long an answer takes to come over a slow line.
const SLOWNESS: Duration = Duration::from_secs(5);

impl Transport for Simulation {
    fn post_to_relay<'a>(
        &'a self,
        relay: SocketAddr,
        body: Bytes,
        limits: Limits,
        progress: &'a watch::Sender<Transfer>,
    ) -> BoxFuture<'a, Result<HttpReply, TransportError>> {
        async move {
            self.lock().posted.insert(relay);
            self.connect(relay, limits.connect).await?;
            let to_send = u64::try_from(body.len()).expect("a test's body");
            progress.send_replace(Transfer {
                to_send,
                ..Transfer::default()
            });
            let exchange = async {
                let crowded = self.lock().line == Line::Crowded;
                for second in 1..if crowded { 20 } else { 1 } {
                    progress.send_modify(|transfer| transfer.sent = to_send * second / 20);
                    sleep(Duration::from_secs(1)).await;
                }
                progress.send_modify(|transfer| transfer.sent = to_send);
                sleep(LATENCY).await;
                let reply = self.as_guard(relay, &body).await?;
                sleep(LATENCY).await;
                let line = self.lock().line;
                match line {
                    Line::Up | Line::Crowded => Ok(reply),
                    Line::Slow => {
                        progress.send_modify(|transfer| transfer.received = 1);
                        sleep(SLOWNESS).await;
                        Ok(reply)
                    }
                    Line::Down | Line::Swallows => std::future::pending().await,
                }
            };
            let reply: HttpReply = timeout(limits.total, exchange)
                .await
                .unwrap_or(Err(TransportError::TimedOut))?;
            if reply.body.len() > limits.max_len_bytes {
                return Err(TransportError::TooLong);
            }
            progress.send_modify(|transfer| {
                transfer.received = u64::try_from(reply.body.len()).expect("a test's body");
                transfer.to_receive = Some(transfer.received);
            });
            Ok(reply)
        }
        .boxed()
    }

    fn post_to_seed<'a>(
        &'a self,
        seed: &'a Seed,
        _body: Bytes,
        limits: Limits,
    ) -> BoxFuture<'a, Result<HttpReply, TransportError>> {
        async move {
            sleep(LATENCY).await;
            let slow = self.lock().slow_seeds;
            if (0..slow).any(|number| seed.url.host_str() == Some(&format!("seed{number}.test"))) {
                sleep(limits.total).await;
                return Err(TransportError::TimedOut);
            }
            let mut state = self.lock();
            state.contacts += 1;
            if state.line != Line::Up || !state.seeds_up {
                return Err(TransportError::Refused);
            }
            let listed = |node: &&SimNode| match &state.seed_lists {
                Some(numbers) => numbers.contains(&node.number),
                None => true,
            };
            let states: Vec<_> = state.nodes.iter().filter(listed).map(node::describe).collect();
            let reply = serde_json::json!({ "result": { "service_node_states": states } });
            Ok(HttpReply {
                status: 200,
                body: Bytes::from(reply.to_string()),
            })
        }
        .boxed()
    }

    fn probe(&self, relay: SocketAddr, within: Duration) -> BoxFuture<'_, Result<(), TransportError>> {
        async move {
            if self.lock().line == Line::Crowded {
                sleep(within).await;
                return Err(TransportError::ConnectTimedOut);
            }
            self.connect(relay, within).await
        }
        .boxed()
    }

    fn forget_connections(&self) {}
}
