//! Nodes as clients meet them: over real TLS, on loopback.

#![allow(clippy::unwrap_used)]

mod client;
mod failing;
mod file_server;
mod hostile;
mod onion;
mod restarting;
mod routes;
mod server_destination;
