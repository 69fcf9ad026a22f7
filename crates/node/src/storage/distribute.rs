//! Answering whole requests: batches, conditions, and what all members of a swarm run.

use std::sync::Arc;

use futures::future::{BoxFuture, join_all, ready};
use protocol::TimestampMs;
use protocol::storage::entries::MemberFailure;
use protocol::storage::{MessageHash, Request, Store, compute_hash};
use serde_json::{Value as Json, json};

use super::database::{Kept, NewMessage};
use super::local::{AnswerRoom, NotRun, stored};
use super::service::{Distribution, Ran, Step};
use super::writer::NotKept;
use super::{RpcAnswer, StorageService};
use crate::node_list::{HARD_FORK, VERSION};

/// The way to the other members of a swarm.
pub trait Swarm: Send + Sync {
    /// Has a member run a request: `payload` is its bencoded parameters. Gives the member's bencoded entry.
    ///
    /// The future must end in about 5 seconds, with [`MemberFailure::Timeout`] when the member is silent.
    fn forward<'a>(
        &'a self,
        member: [u8; 32],
        method: &'static str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, Result<Vec<u8>, MemberFailure>>;

    /// Has this node keep a message. A real node gathers the messages of several requests in one transaction.
    fn keep<'a>(
        &'a self,
        service: &'a StorageService,
        store: Arc<Store>,
        hash: MessageHash,
    ) -> BoxFuture<'a, Result<Kept, NotKept>> {
        let kept = service
            .database()
            .keep(&NewMessage::of(&store, hash))
            .map_err(|error| {
                tracing::warn!(kind = %error, "a message could not be kept");
                NotKept
            });
        Box::pin(ready(kept))
    }
}

/// Answers the body of an HTTPS or onion request.
///
/// `now`: the node's clock, network time. When all futures of `swarm` are ready at once, so is the one given back.
pub async fn handle(service: &StorageService, swarm: &dyn Swarm, now: TimestampMs, body: &[u8]) -> RpcAnswer {
    match Request::parse(body) {
        Ok(request) => handle_request(service, swarm, now, request).await,
        Err(error) => error.into(),
    }
}

/// Answers a parsed request.
pub fn handle_request<'a>(
    service: &'a StorageService,
    swarm: &'a dyn Swarm,
    now: TimestampMs,
    request: Request,
) -> BoxFuture<'a, RpcAnswer> {
    Box::pin(async move {
        let room = AnswerRoom::default();
        handle_within(&room, service, swarm, now, request).await
    })
}

fn handle_within<'a>(
    room: &'a AnswerRoom,
    service: &'a StorageService,
    swarm: &'a dyn Swarm,
    now: TimestampMs,
    request: Request,
) -> BoxFuture<'a, RpcAnswer> {
    Box::pin(async move {
        match request {
            Request::Batch(requests) => {
                let answers = requests
                    .into_iter()
                    .map(|request| handle_within(room, service, swarm, now, request));
                let results: Vec<_> = join_all(answers)
                    .await
                    .into_iter()
                    .map(RpcAnswer::into_result)
                    .collect();
                RpcAnswer::ok(json!({ "results": results }))
            }
            Request::Sequence(requests) => {
                let mut results: Vec<Json> = Vec::new();
                for request in requests {
                    let answer = handle_within(room, service, swarm, now, request).await;
                    let goes_on = answer.is_success();
                    results.push(answer.into_result());
                    if !goes_on {
                        break;
                    }
                }
                RpcAnswer::ok(json!({ "results": results }))
            }
            Request::IfElse(request) => {
                let facts = service.facts();
                let holds = request.condition.holds(&facts);
                let mut reply =
                    json!({ "hf": HARD_FORK, "v": VERSION, "height": facts.height, "condition": holds });
                let branch = if holds { request.then } else { request.otherwise };
                if let (Some(branch), Some(reply)) = (branch, reply.as_object_mut()) {
                    let answer = handle_within(room, service, swarm, now, branch).await;
                    let result = answer.into_result();
                    reply.insert("result".to_owned(), result);
                }
                RpcAnswer::ok(reply)
            }
            request => {
                if let Err(refusal) = service.admit(now, &request) {
                    return refusal;
                }
                let (request, ran) = run(room, service, swarm, now, request).await;
                match ran {
                    Ran::Answer(answer) => answer,
                    Ran::Entry(result) => match service.conclude(now, request, result) {
                        Step::Done(answer) => answer,
                        Step::Distribute(distribution) => distribute(swarm, *distribution).await,
                    },
                }
            }
        }
    })
}

/// Runs what another member of the swarm passed on, and gives the bencoded entry of this node.
///
/// # Errors
/// The refusal to answer. Spec: storage §12 (STO-60 to STO-62).
pub async fn handle_forwarded(
    service: &StorageService,
    swarm: &dyn Swarm,
    now: TimestampMs,
    method: &str,
    payload: &[u8],
) -> Result<Vec<u8>, RpcAnswer> {
    let request = service.admit_forwarded(now, method, payload)?;
    let room = AnswerRoom::default();
    let (request, ran) = run(&room, service, swarm, now, request).await;
    match ran {
        Ran::Entry(result) => service.conclude_forwarded(&request, result),
        Ran::Answer(_) => Err(RpcAnswer::text(400, "invalid request")),
    }
}

/// Runs an admitted request on this node; gives it back for what follows.
async fn run(
    room: &AnswerRoom,
    service: &StorageService,
    swarm: &dyn Swarm,
    now: TimestampMs,
    request: Request,
) -> (Request, Ran) {
    let Request::Store(store) = request else {
        let ran = service.run(now, &request, room);
        return (request, ran);
    };
    let hash = compute_hash(store.account, store.namespace, &store.data);
    let store = Arc::new(store);
    let kept = swarm.keep(service, Arc::clone(&store), hash).await;
    let result = kept
        .map(|kept| stored(hash, kept))
        .map_err(|NotKept| NotRun::Failed);
    (Request::Store(Arc::unwrap_or_clone(store)), Ran::Entry(result))
}

/// Has the other members run the request too.
async fn distribute(swarm: &dyn Swarm, mut distribution: Distribution) -> RpcAnswer {
    let members = distribution.members().to_vec();
    if !members.is_empty() {
        let method = distribution.method();
        let payload = distribution.payload();
        let forwards = members
            .iter()
            .map(|member| swarm.forward(*member, method, &payload));
        for (member, answer) in members.iter().zip(join_all(forwards).await) {
            distribution.add(member, answer);
        }
    }
    distribution.finish()
}
