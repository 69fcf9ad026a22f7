//! Where the project is on the web, in one place.

/// Terms of service: `docs/terms.md` as the project shows it.
pub(crate) const TERMS: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/terms");

/// Privacy policy: `docs/privacy.md` as the project shows it.
pub(crate) const PRIVACY: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/privacy");
