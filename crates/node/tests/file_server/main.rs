//! File servers as clients and relays meet them: over real HTTP, on loopback.

#![allow(clippy::unwrap_used)]

mod breaking;
mod client;
mod hostile;
mod plain;
mod program;
mod slow_readers;
