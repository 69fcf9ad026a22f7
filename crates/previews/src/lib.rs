//! Visits the page behind a link for its title and its picture.
//!
//! Owns: the only requests of the project that go to somebody's website, past the relays, because their sender has
//! asked for them. Never: what becomes of a preview, pictures as anything but bytes, or a request that the user did not
//! turn on.
//!
//! A page is a stranger's. It is asked for over verified TLS only, at public addresses only, without cookies, referrer or
//! anything that tells one visitor from another, under limits of time, length and redirects; and of what comes only text
//! and one address of a picture are taken.

#![deny(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

mod direct;
mod exchange;
mod html;
mod websites;

pub use direct::{Direct, Reach};
pub use websites::{FixedWebsites, Page, VisitError, Websites};
