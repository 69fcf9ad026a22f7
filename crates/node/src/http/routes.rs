//! Which path does what.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use data_encoding::BASE64;
use hyper::body::Body;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Method, Request};

use super::Limits;
use super::body::{BodyError, ReadBody, Room};
use super::reply::{self, HttpReply};
use crate::clock;
use crate::faults::{Fate, Faults};
use crate::memory::Memory;
use crate::node_list::{NodeList, VERSION};
use crate::rate_limit::{RateLimit, RateLimiter};
use crate::relay::Relay;
use crate::seam::{Answer, Storage};
use crate::{random, seed};

/// Very old clients asked with it for answers that wait for messages.
const LONG_POLL_HEADER: HeaderName = HeaderName::from_static("x-loki-long-poll");

/// What is said while there is no memory for a request or its answer. Spec: node §1 (NDE-09)
const BUSY: &str = "Server busy, try again later";

/// All that answering a client takes.
pub(crate) struct Front {
    storage: Arc<dyn Storage>,
    relay: Arc<Relay>,
    nodes: Arc<NodeList>,
    /// Base64 of the node's legacy key.
    legacy: HeaderValue,
    rates: Option<RateLimiter>,
    memory: Memory,
    room: Room,
    faults: Faults,
    pub(super) limits: Limits,
}

/// The connection ends without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("hung up")]
pub(crate) struct HungUp;

impl Front {
    pub(crate) fn new(
        storage: Arc<dyn Storage>,
        relay: Arc<Relay>,
        legacy: &[u8; 32],
        rate_limit: RateLimit,
        (limits, faults): (Limits, Faults),
    ) -> Self {
        let legacy = HeaderValue::try_from(BASE64.encode(legacy)).expect("base64 is a header value");
        let memory = Memory::new(limits.max_body_bytes_in_memory);
        Self {
            storage,
            nodes: relay.nodes().clone(),
            relay,
            legacy,
            rates: match rate_limit {
                RateLimit::Network => Some(RateLimiter::default()),
                RateLimit::Off => None,
            },
            room: Room::new(memory.clone()),
            memory,
            faults,
            limits,
        }
    }

    pub(super) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Answers one request of `client`.
    ///
    /// # Errors
    /// [`HungUp`] where there is nothing to say, as after a body that did not come.
    pub(super) async fn respond<B>(&self, client: Ipv4Addr, request: Request<B>) -> Result<HttpReply, HungUp>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        match self.faults.judge().await {
            Fate::Answer => {}
            Fate::HangUp => return Err(HungUp),
            Fate::Bytes(bytes) => return Ok(reply::text(200, bytes)),
        }
        let (head, body) = request.into_parts();
        match (&head.method, head.uri.path()) {
            (&Method::POST, "/storage_rpc/v1") => {
                if let Some(refusal) = self.not_ready().or_else(|| self.over_rate(client)) {
                    return Ok(refusal);
                }
                if head.headers.contains_key(LONG_POLL_HEADER) {
                    return Ok(reply::text(410, "Gone\n"));
                }
                self.with_body(body, async |body| {
                    self.held(self.storage.handle(clock::now(), body).await)
                })
                .await
            }
            (&Method::POST, "/onion_req/v2") => {
                if let Some(refusal) = self.not_ready() {
                    return Ok(refusal);
                }
                self.with_body(body, async |body| {
                    let relayed = self.relay.handle_outer(body).await;
                    reply::text(relayed.status, relayed.body)
                })
                .await
            }
            (&Method::POST, "/json_rpc") => {
                if let Some(refusal) = self.over_rate(client) {
                    return Ok(refusal);
                }
                self.with_body(body, async |body| {
                    self.held(seed::answer(&self.nodes, body, &mut random::rng()))
                })
                .await
            }
            (&Method::POST, "/ping_test/v1") => Ok(reply::ping(self.legacy.clone())),
            (&Method::GET, "/get_stats/v1") => {
                let version = VERSION.map(|part| part.to_string()).join(".");
                let stats = serde_json::json!({ "version": version });
                Ok(self.held(Answer::json(200, &stats)))
            }
            (method, path) => {
                let method = method.as_str().to_ascii_lowercase();
                Ok(reply::text(404, format!("{method} {path} Not Found")))
            }
        }
    }

    /// An answer that counts as long as it is in memory, however slowly its client takes it.
    fn held(&self, answer: Answer) -> HttpReply {
        match self.memory.hold(answer.body.into()) {
            Some(body) => reply::of_kind(answer.status, answer.kind, body),
            None => reply::text(503, BUSY),
        }
    }

    /// What is said while this node is in no swarm. Spec: node §1 (NDE-06)
    fn not_ready(&self) -> Option<HttpReply> {
        (!self.relay.is_ready()).then(|| reply::text(503, "Service node is not ready: not in any swarm\n"))
    }

    /// Takes the request from the client's allowance. Spec: node §2 (NDE-07)
    fn over_rate(&self, client: Ipv4Addr) -> Option<HttpReply> {
        let rates = self.rates.as_ref()?;
        (!rates.admit(client, Instant::now())).then(|| reply::text(429, "Too Many Requests\n"))
    }

    async fn with_body<B>(
        &self,
        body: B,
        answer: impl AsyncFnOnce(&Bytes) -> HttpReply,
    ) -> Result<HttpReply, HungUp>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let read: Result<ReadBody, BodyError> = self.room.read(body, self.limits.body_timeout).await;
        match read {
            Ok(read) => Ok(answer(&read.bytes).await),
            Err(BodyError::TooLarge) => Ok(reply::last_text(413, "Request body too large")),
            Err(BodyError::NoRoom) => Ok(reply::last_text(503, BUSY)),
            Err(BodyError::Broken) => Err(HungUp),
        }
    }
}
