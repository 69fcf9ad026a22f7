//! A website on loopback, for tests of what visits one: HTTPS on a free port, with a certificate of its own that its
//! visitors must be told to trust, and a list of what was asked. And a proxy, for those who do not go there directly.

mod socks_proxy;

pub use socks_proxy::SocksProxy;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// A running website; it ends with the value.
#[derive(Debug)]
pub struct Website {
    address: SocketAddr,
    certificate: Vec<u8>,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Path and query.
    pub target: String,
    /// Names in lower case and values, in order.
    pub headers: Vec<(String, String)>,
}

/// What a website answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Of HTTP.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// All of it.
    pub body: Vec<u8>,
}

impl Answer {
    /// A page.
    pub fn html(page: &str) -> Self {
        Self::of_type("text/html; charset=utf-8", page.as_bytes())
    }

    /// Bytes of a type.
    pub fn of_type(content_type: &str, body: &[u8]) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.to_vec(),
        }
    }

    /// Sends the visitor elsewhere.
    pub fn redirect(to: &str) -> Self {
        Self {
            status: 302,
            headers: vec![("location", to.to_owned())],
            body: Vec::new(),
        }
    }

    /// There is nothing.
    pub fn missing() -> Self {
        Self {
            status: 404,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }
}

impl Website {
    /// Starts a website that answers each path and query with `answer`. `None` never answers.
    ///
    /// # Panics
    /// When loopback has no free port.
    pub async fn start(answer: impl Fn(&str) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a name is enough");
        let certificate = made.cert.der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider speaks TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)
            .expect("the key fits");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let task = tokio::spawn(serve(
            listener,
            TlsAcceptor::from(Arc::new(config)),
            Arc::clone(&asked),
            Arc::new(answer),
        ));
        Self {
            address,
            certificate: certificate.to_vec(),
            asked,
            task,
        }
    }

    /// The address of a page.
    pub fn link(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.address.port())
    }

    /// What a visitor must trust, as DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Website {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Answers = dyn Fn(&str) -> Option<Answer> + Send + Sync;

async fn serve(
    listener: TcpListener,
    tls: TlsAcceptor,
    asked: Arc<Mutex<Vec<Asked>>>,
    answers: Arc<Answers>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, asked, answers) = (tls.clone(), Arc::clone(&asked), Arc::clone(&answers));
        tokio::spawn(async move {
            // A visitor that does not trust this website hangs up.
            let Ok(stream) = tls.accept(stream).await else {
                return;
            };
            let service =
                service_fn(move |request| answer(request, Arc::clone(&asked), Arc::clone(&answers)));
            let serving =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            let _ = serving.await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    asked: Arc<Mutex<Vec<Asked>>>,
    answers: Arc<Answers>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let target = request.uri().to_string();
    let header = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    };
    let headers = request.headers().iter().map(header).collect();
    let noted = Asked {
        target: target.clone(),
        headers,
    };
    asked.lock().unwrap_or_else(PoisonError::into_inner).push(noted);
    let Some(answer) = answers(&target) else {
        return std::future::pending().await;
    };
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    Ok(response
        .body(Full::new(Bytes::from(answer.body)))
        .expect("the test's headers are well-formed"))
}
