//! The built `tern` against a network of nodes on loopback: what scripts and bots rely on.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

#[path = "headless/clear.rs"]
mod clear;
#[path = "headless/files.rs"]
mod files;
#[path = "headless/history.rs"]
mod history;
#[path = "headless/messages.rs"]
mod messages;
#[path = "headless/rpc.rs"]
mod rpc;
#[path = "headless/story.rs"]
mod story;
#[path = "headless/trouble.rs"]
mod trouble;
