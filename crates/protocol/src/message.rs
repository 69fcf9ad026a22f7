//! One-to-one messages.
