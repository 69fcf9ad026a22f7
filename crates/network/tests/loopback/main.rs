//! The real transport against real nodes on loopback.

mod nodes;
mod proxy;
mod servers;
mod transport;
