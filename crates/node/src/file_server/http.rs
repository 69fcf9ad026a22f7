//! What relays and clients meet: HTTP/1.1 without TLS, as requests through relays are encrypted anyway.
//!
//! Everything that a stranger can make grow has a limit: connections, also of one address; requests of one address;
//! bodies and answers in memory; requests that are worked on; threads that move files. Spec: file_server §6 (FIL-40 to
//! FIL-42)

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Body;
use hyper::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, EXPIRES, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use protocol::file_server::{FileId, FileRequest, FileRequestError, Uploaded, refusal};
use protocol::onion::{ServerReply, ServerRequest};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::onion::ONION_PATH;
use super::transfer::{Upload, UploadError, stream_file};
use super::{ArchiveError, FileServer, http_date};
use crate::faults::{Fate, Faults};
use crate::http::{BodyError, HungUp, Limits, Places, Room};
use crate::memory::Memory;
use crate::rate_limit::{RateLimit, RateLimiter};
use crate::{clock, random};

/// Requests that are worked on at once; each may hold a file several times over. Further ones wait.
const AT_ONCE: usize = 8;
/// Files that are streamed at once.
const TRANSFERS_AT_ONCE: usize = 64;
/// Files that are streamed at once from and to one address. Relays do not stream, so this is one client or one household.
const TRANSFERS_OF_ADDRESS: usize = 16;

const BYTES: &str = "application/octet-stream";

pub(super) type HttpReply = Response<BoxBody<Bytes, io::Error>>;

/// All that answering takes.
pub(super) struct FileFront {
    server: Arc<FileServer>,
    rates: Option<RateLimiter>,
    memory: Memory,
    room: Room,
    at_once: Arc<Semaphore>,
    transfers: Places,
    /// Threads that work for it.
    threads: TaskTracker,
    pub(super) faults: Faults,
    pub(super) limits: Limits,
}

impl FileFront {
    /// `threads`: whoever stops the server waits for them, so that its files are free for the next one.
    pub(super) fn new(
        server: Arc<FileServer>,
        rate_limit: RateLimit,
        limits: Limits,
        faults: Faults,
        threads: TaskTracker,
    ) -> Self {
        let memory = Memory::new(limits.max_body_bytes_in_memory);
        Self {
            server,
            rates: match rate_limit {
                RateLimit::Network => Some(RateLimiter::default()),
                RateLimit::Off => None,
            },
            room: Room::new(memory.clone()),
            memory,
            at_once: Arc::new(Semaphore::new(AT_ONCE)),
            transfers: Places::new(TRANSFERS_AT_ONCE, TRANSFERS_OF_ADDRESS),
            threads,
            faults,
            limits,
        }
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
            Fate::Bytes(bytes) => return Ok(build(200, BYTES, bytes.into())),
        }
        if let Some(rates) = &self.rates
            && !rates.admit(client, Instant::now())
        {
            return Ok(status(429));
        }
        let (head, body) = request.into_parts();
        if (&head.method, head.uri.path()) == (&Method::POST, ONION_PATH) {
            return self.answer_onion(body).await;
        }
        // A byte stands for the body until it is known whether that is streamed; a form counts as empty.
        match self.server.parse(server_request(&head, Some(vec![0]))) {
            Ok(FileRequest::Upload { file, .. }) if file.is_empty() => Ok(last(status(413))),
            Ok(FileRequest::Upload { ttl_s, .. }) => self.upload(client, ttl_s, body).await,
            Ok(FileRequest::Download(id)) => Ok(self.download(client, id).await),
            Ok(_) | Err(FileRequestError::Body) => self.answer_whole(&head, body).await,
            Err(error) if body.is_end_stream() => Ok(status(error.status())),
            Err(error) => Ok(last(status(error.status()))),
        }
    }

    async fn answer_onion<B>(&self, body: B) -> Result<HttpReply, HungUp>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let read = match self.room.read(body, self.limits.body_timeout).await {
            Ok(read) => read,
            Err(error) => return not_read(error),
        };
        let server = self.server.clone();
        let answer = self
            .work(move || {
                // Counted until it is done with, also where nobody waits for the answer any more.
                let read = read;
                server.handle_onion(clock::now(), &mut random::rng(), &read.bytes)
            })
            .await?;
        let Some(body) = self.memory.hold(answer.body.into()) else {
            return Ok(status(503));
        };
        let kind = if answer.status == 200 { BYTES } else { "text/plain" };
        Ok(build(answer.status, kind, body))
    }

    /// A request whose body and answer are small, or of an old client.
    async fn answer_whole<B>(&self, head: &Parts, body: B) -> Result<HttpReply, HungUp>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let read = match self.room.read(body, self.limits.body_timeout).await {
            Ok(read) => read,
            Err(error) => return not_read(error),
        };
        let mut request = server_request(head, None);
        let server = self.server.clone();
        let answer = self
            .work(move || {
                let read = read;
                request.body = (!read.bytes.is_empty()).then(|| read.bytes.to_vec());
                server.handle(clock::now(), request)
            })
            .await?;
        let ServerReply { code, headers, body } = answer;
        let Some(body) = self.memory.hold(body.into()) else {
            return Ok(status(503));
        };
        let kind = headers.get("content-type").map_or(BYTES, String::as_str);
        Ok(build(code, kind, body))
    }

    async fn upload<B>(&self, client: Ipv4Addr, ttl_s: Option<u64>, body: B) -> Result<HttpReply, HungUp>
    where
        B: Body<Data = Bytes>,
    {
        let limits = self.server.archive.limits();
        let len = body.size_hint().exact();
        if len == Some(0) || len.is_some_and(|len| len > limits.max_file_len) {
            return Ok(last(status(413)));
        }
        let lifetime = match limits.lifetime_of(ttl_s) {
            Ok(lifetime) => lifetime,
            Err(error) => return Ok(last(refused(&error))),
        };
        let Some(place) = self.transfers.admit(client) else {
            return Ok(last(status(503)));
        };
        let upload = Upload {
            archive: self.server.archive.clone(),
            now: clock::now(),
            lifetime,
            timeout: self.limits.body_timeout,
            place,
        };
        match upload.receive(body, &self.threads).await {
            Ok((id, info)) => {
                let uploaded = Uploaded {
                    id,
                    uploaded: Some(info.uploaded),
                    expires: Some(info.expires),
                };
                Ok(whole(uploaded.to_reply()))
            }
            Err(UploadError::Archive(error)) => Ok(last(refused(&error))),
            Err(UploadError::Broken) => Err(HungUp),
        }
    }

    async fn download(&self, client: Ipv4Addr, id: FileId) -> HttpReply {
        let Some(place) = self.transfers.admit(client) else {
            return status(503);
        };
        let archive = self.server.archive.clone();
        let opened = self
            .threads
            .spawn_blocking(move || archive.open_file(clock::now(), &id))
            .await;
        let (info, content) = match opened {
            Ok(Ok(opened)) => opened,
            Ok(Err(error)) => return refused(&error),
            Err(_) => return status(500),
        };
        let mut response = Response::new(stream_file(content, place, &self.threads).boxed());
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(BYTES));
        headers.insert(CONTENT_LENGTH, info.size.into());
        insert(headers, EXPIRES, &http_date(info.expires));
        response
    }

    /// Does blocking work when it is its turn. It keeps its turn to its end, also where nobody waits for it any more.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HungUp> {
        let permit = self.at_once.clone().acquire_owned().await.map_err(|_| HungUp)?;
        let working = self.threads.spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        working.await.map_err(|_| HungUp)
    }
}

fn not_read(error: BodyError) -> Result<HttpReply, HungUp> {
    match error {
        BodyError::TooLarge => Ok(last(status(413))),
        BodyError::NoRoom => Ok(last(status(503))),
        BodyError::Broken => Err(HungUp),
    }
}

fn status(code: u16) -> HttpReply {
    whole(refusal(code))
}

fn refused(error: &ArchiveError) -> HttpReply {
    status(error.status())
}

/// The request as it would come through relays.
fn server_request(head: &Parts, body: Option<Vec<u8>>) -> ServerRequest {
    let endpoint = head
        .uri
        .path_and_query()
        .map_or("/", |endpoint| endpoint.as_str());
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    ServerRequest {
        method: head.method.as_str().to_owned(),
        endpoint: endpoint.to_owned(),
        headers: head.headers.iter().filter_map(text).collect(),
        body,
    }
}

/// An answer whose body is small.
fn whole(reply: ServerReply) -> HttpReply {
    let kind = reply.headers.get("content-type").map_or(BYTES, String::as_str);
    build(reply.code, kind, reply.body.into())
}

/// After this answer the connection ends, as a body that nobody reads may follow.
fn last(mut reply: HttpReply) -> HttpReply {
    reply
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    reply
}

fn build(code: u16, content_type: &str, body: Bytes) -> HttpReply {
    let mut response = Response::new(Full::new(body).map_err(|never| match never {}).boxed());
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    insert(response.headers_mut(), CONTENT_TYPE, content_type);
    response
}

fn insert(headers: &mut hyper::HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
