//! tern-node.
fn main() {}
