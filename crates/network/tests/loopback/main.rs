//! The real transport against real nodes on loopback.

mod nodes;
mod servers;
mod transport;
