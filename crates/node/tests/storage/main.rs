//! What storage nodes do, told over networks without sockets: each request by its rule, each change on every member.

#![allow(clippy::unwrap_used)]

mod access;
mod changes;
mod meta;
mod reading;
mod storing;
mod swarms;
mod world;
