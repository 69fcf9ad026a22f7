//! Visits over the internet, without the relays: the host sees this device's address, or that of the user's proxy.

use std::sync::Arc;
use std::time::Duration;

use dialer::Dialer;
use futures::FutureExt;
use futures::future::BoxFuture;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;
use url::Url;

use crate::exchange::{Answer, Wanted, ask};
use crate::html;
use crate::{Page, VisitError, Websites};

/// Redirects of one visit, at most.
const MOST_REDIRECTS: usize = 5;

/// A page and its picture together take no longer.
const VISIT: Duration = Duration::from_secs(20);

/// The page alone takes no longer.
const PAGE: Duration = Duration::from_secs(12);

/// Which hosts are visited.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Also hosts of this machine and of the network around it, for networks that are all local.
    pub private_addresses: bool,
    /// Opens its connections; with a proxy the proxy's address is what hosts see.
    pub dialer: Dialer,
    /// Authorities that are trusted besides the web's, as DER certificates.
    pub more_roots: Vec<Vec<u8>>,
}

/// Visits hosts themselves.
#[derive(Debug)]
pub struct Direct {
    tls: Arc<ClientConfig>,
    dialer: Dialer,
    private_addresses: bool,
}

impl Direct {
    /// A visitor that trusts the web's authorities.
    pub fn new(reach: Reach) -> Self {
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        roots.add_parsable_certificates(reach.more_roots.into_iter().map(CertificateDer::from));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider speaks TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        // A ticket of an earlier visit would tell the host that it is the same visitor.
        tls.resumption = rustls::client::Resumption::disabled();
        Self {
            tls: Arc::new(tls),
            dialer: reach.dialer,
            private_addresses: reach.private_addresses,
        }
    }

    /// Follows redirects to what is wanted. Also answers where that was.
    async fn fetch(&self, link: Url, wanted: Wanted) -> Result<(Url, Vec<u8>, String), VisitError> {
        let mut at = link;
        for _ in 0..=MOST_REDIRECTS {
            // Each step on its own: a page on the public internet may redirect to one beside this device.
            if at.scheme() != "https" || !at.username().is_empty() || at.password().is_some() {
                return Err(VisitError::Address);
            }
            match ask(&self.tls, &self.dialer, &at, wanted, self.private_addresses).await? {
                Answer::Found { body, content_type } => return Ok((at, body, content_type)),
                Answer::Elsewhere(location) => {
                    at = at.join(&location).map_err(|_| VisitError::Redirects)?;
                }
            }
        }
        Err(VisitError::Redirects)
    }

    async fn page(&self, link: &str) -> Result<Page, VisitError> {
        let url = Url::parse(link).map_err(|_| VisitError::Address)?;
        let fetching = self.fetch(url, Wanted::Page);
        let (at, body, content_type) = timeout(PAGE, fetching)
            .await
            .map_err(|_| VisitError::TimedOut)??;
        let said = html::read(&body, &content_type);
        let picture = said.picture.and_then(|address| at.join(&address).ok());
        let picture = match picture {
            Some(address) => self.fetch(address, Wanted::Picture).await.ok(),
            None => None,
        };
        Ok(Page {
            title: said.title,
            picture: picture.map(|(_, bytes, _)| bytes),
        })
    }
}

impl Websites for Direct {
    fn visit<'a>(&'a self, link: &'a str) -> BoxFuture<'a, Result<Page, VisitError>> {
        async move {
            let visited = timeout(VISIT, self.page(link)).await;
            visited.map_err(|_| VisitError::TimedOut)?
        }
        .boxed()
    }
}
