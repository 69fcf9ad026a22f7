//! Vectors.
fn main() {}
