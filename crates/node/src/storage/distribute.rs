//! Answering whole requests: batches, conditions, and what all members of a swarm run.

use futures::future::{BoxFuture, join_all};
use protocol::TimestampMs;
use protocol::storage::Request;
use protocol::storage::entries::MemberFailure;
use serde_json::{Value as Json, json};

use super::{RpcAnswer, Step, StorageService};
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
        match request {
            Request::Batch(requests) => {
                let answers = requests
                    .into_iter()
                    .map(|request| handle_request(service, swarm, now, request));
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
                    let answer = handle_request(service, swarm, now, request).await;
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
                    let result = handle_request(service, swarm, now, branch).await.into_result();
                    reply.insert("result".to_owned(), result);
                }
                RpcAnswer::ok(reply)
            }
            request => match service.begin(now, request) {
                Step::Done(answer) => answer,
                Step::Distribute(mut distribution) => {
                    let method = distribution.method();
                    let payload = distribution.payload().to_vec();
                    let members = distribution.members().to_vec();
                    let forwards = members
                        .iter()
                        .map(|member| swarm.forward(*member, method, &payload));
                    for (member, answer) in members.iter().zip(join_all(forwards).await) {
                        distribution.add(member, answer);
                    }
                    distribution.finish()
                }
            },
        }
    })
}
