//! The seam: who visits websites.

use std::collections::BTreeMap;

use futures::FutureExt;
use futures::future::BoxFuture;

/// What a page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its title, as it says; may be empty.
    pub title: String,
    /// The bytes of its picture, whatever they are.
    pub picture: Option<Vec<u8>>,
}

/// Why a visit came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VisitError {
    /// Not an `https` address with a host.
    #[error("not a secure web address")]
    Address,
    /// The host has no public address.
    #[error("the host is not on the public internet")]
    NotPublic,
    /// No connection, or no TLS with a certificate for this host.
    #[error("the host could not be reached securely")]
    Unreachable,
    /// Another status than success or a redirect.
    #[error("the host answered with {0}")]
    Status(u16),
    /// Too many redirects, or one to nowhere.
    #[error("the redirects lead nowhere")]
    Redirects,
    /// Neither a page nor a picture, as wanted.
    #[error("what came is of another type")]
    Type,
    /// More than is taken.
    #[error("what came is too long")]
    TooLong,
    /// It took too long.
    #[error("the visit took too long")]
    TimedOut,
}

/// Visits websites.
pub trait Websites: Send + Sync {
    /// Fetches the page behind a link, and the picture that it names.
    ///
    /// # Errors
    /// [`VisitError`]; a page whose picture cannot be had is no error.
    fn visit<'a>(&'a self, link: &'a str) -> BoxFuture<'a, Result<Page, VisitError>>;
}

/// Websites that are known beforehand, for tests; all others cannot be reached.
#[derive(Clone, Debug, Default)]
pub struct FixedWebsites(pub BTreeMap<String, Page>);

impl Websites for FixedWebsites {
    fn visit<'a>(&'a self, link: &'a str) -> BoxFuture<'a, Result<Page, VisitError>> {
        let page = self.0.get(link).cloned().ok_or(VisitError::Unreachable);
        async move { page }.boxed()
    }
}
