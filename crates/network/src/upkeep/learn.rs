//! Learning network time from what nodes answer to `info`. Spec: network §5 (NET-20 to NET-23)

use std::collections::BTreeSet;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use protocol::onion::NodeReply;
use protocol::storage::Request;
use protocol::storage::replies::NodeInfo;
use tokio::time::{Instant, timeout_at};

use crate::bounds::parse_json;
use crate::clock::{Learnt, SAMPLES, sample as time_sample};
use crate::core::Core;
use crate::exchange::{Question, ask};
use crate::relay_pool::{PoolRelay, sample};

/// Longest wait for the answers.
const TOTAL: Duration = Duration::from_secs(8);
/// Nodes asked, should some not answer.
const MOST_ASKED: usize = 6;
/// Looks in a row, where the first one says something unlikely.
const LOOKS: usize = 2;

/// Asks three random nodes for the time and takes the middle, after asking three others where it is unlikely; does nothing
/// if that was done a moment ago.
pub(crate) async fn learn_clock(core: &Core) {
    let _alone = core.learning_clock.lock().await;
    if core.clock.is_fresh() {
        return;
    }
    let mut asked = BTreeSet::new();
    for _ in 0..LOOKS {
        let samples = take_samples(core, &mut asked).await;
        match core.clock.learn(&samples) {
            Learnt::Taken => return core.publish(),
            Learnt::Doubted => tracing::debug!("an unlikely time; others are asked"),
            Learnt::Useless => break,
        }
    }
    tracing::debug!("the network's time stays as it was");
}

/// The samples of three nodes, rather of some that are not among `asked`, and notes whom it asked.
async fn take_samples(core: &Core, asked: &mut BTreeSet<[u8; 32]>) -> Vec<i64> {
    let deadline = Instant::now() + TOTAL;
    let now = core.device_now();
    let nodes: Vec<PoolRelay> = core.pool().usable(now).into_iter().cloned().collect();
    let (others, known): (Vec<_>, Vec<_>) = sample(&mut core.rng(), nodes, usize::MAX)
        .into_iter()
        .partition(|node| !asked.contains(&node.key()));
    let mut nodes = others.into_iter().chain(known).take(MOST_ASKED);
    let mut ask_next = || {
        let node = nodes.next()?;
        asked.insert(node.key());
        Some(ask_time(core, node))
    };
    let mut asking: FuturesUnordered<_> = (0..SAMPLES).filter_map(|_| ask_next()).collect();
    let mut samples = Vec::with_capacity(SAMPLES);
    while samples.len() < SAMPLES {
        match timeout_at(deadline, asking.next()).await {
            Ok(Some(Some(sample))) => samples.push(sample),
            Ok(Some(None)) => asking.extend(ask_next()),
            Ok(None) | Err(_) => break,
        }
    }
    samples
}

async fn ask_time(core: &Core, node: PoolRelay) -> Option<i64> {
    let path = core.paths().choose(Some(&node.key()), &[])?;
    let asked = Instant::now();
    let question = Question::new(node.hop, &Request::Info, core.timing.exchange);
    let reply = ask(core, &path, question).await.ok()?;
    read_time(core, &reply, asked.elapsed())
}

fn read_time(core: &Core, reply: &NodeReply, round_trip: Duration) -> Option<i64> {
    let body = parse_json(reply.body.as_bytes())?;
    let info = NodeInfo::parse(&body).ok()?;
    Some(time_sample(info.now, core.device_now(), round_trip))
}
