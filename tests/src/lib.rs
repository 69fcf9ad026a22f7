//! What the tests across crates share: vectors, entry points for fuzzing and the checks that drive them.

pub mod bench;
pub mod file_server;
pub mod large_store;
pub mod simulated_network;
pub mod story;
pub mod vectors;
