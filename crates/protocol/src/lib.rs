//! Every byte on the wire: accounts, messages, configs, files, storage requests, onion requests and the encodings below them.
//!
//! Everything here is pure. Functions take bytes, a time and a source of randomness and return bytes or typed values;
//! the same input gives the same output. The crate must never depend on sockets, files, a clock, operating-system
//! randomness, threads or an async runtime, so that a test vector can call any function directly and the crate builds
//! for every target of the project.
//!
//! Three habits hold throughout: an unverified value and a verified one have different types; an error says in domain
//! words what is wrong; and no input, however malformed, makes a function panic.
//!
//! The documents in `docs/spec` describe the formats; docstrings cite their rules by id, for instance `BOX-05`.

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

pub mod account;
pub mod attachment;
pub mod bencode;
pub mod config;
pub mod file_server;
pub mod message;
pub mod onion;
pub mod storage;

mod time;

pub use time::TimestampMs;
