//! Learning network time from what nodes answer to `info`. Spec: network §5 (NET-20, NET-21)

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use protocol::onion::NodeReply;
use protocol::storage::Request;
use protocol::storage::replies::NodeInfo;
use tokio::time::{Instant, timeout_at};

use crate::clock::{SAMPLES, sample as time_sample};
use crate::core::Core;
use crate::exchange::ask;
use crate::relay_pool::{PoolRelay, sample};

/// Longest wait for the answers.
const TOTAL: Duration = Duration::from_secs(8);
/// Nodes asked, should some not answer.
const MOST_ASKED: usize = 6;

/// Asks three random nodes for the time and takes the middle; does nothing if that was done a moment ago.
pub(crate) async fn learn_clock(core: &Core) {
    let _alone = core.learning_clock.lock().await;
    if core.clock.is_fresh() {
        return;
    }
    let deadline = Instant::now() + TOTAL;
    let now = core.device_now();
    let nodes: Vec<PoolRelay> = core.pool().usable(now).into_iter().cloned().collect();
    let mut nodes = sample(&mut core.rng(), nodes, MOST_ASKED).into_iter();
    let mut asking: FuturesUnordered<_> = nodes
        .by_ref()
        .take(SAMPLES)
        .map(|node| ask_time(core, node))
        .collect();
    let mut samples = Vec::with_capacity(SAMPLES);
    while samples.len() < SAMPLES {
        match timeout_at(deadline, asking.next()).await {
            Ok(Some(Some(sample))) => samples.push(sample),
            Ok(Some(None)) => asking.extend(nodes.next().map(|node| ask_time(core, node))),
            Ok(None) | Err(_) => break,
        }
    }
    if core.clock.learn(&samples) {
        core.publish();
    } else {
        tracing::debug!(answers = samples.len(), "the network's time stays unknown");
    }
}

async fn ask_time(core: &Core, node: PoolRelay) -> Option<i64> {
    let path = core.paths().choose(Some(&node.key()), &[])?;
    let asked = Instant::now();
    let reply = ask(core, &path, node.hop, &Request::Info, core.timing.exchange)
        .await
        .ok()?;
    read_time(core, &reply, asked.elapsed())
}

fn read_time(core: &Core, reply: &NodeReply, round_trip: Duration) -> Option<i64> {
    let body = serde_json::from_str(&reply.body).ok()?;
    let info = NodeInfo::parse(&body).ok()?;
    Some(time_sample(info.now, core.device_now(), round_trip))
}
