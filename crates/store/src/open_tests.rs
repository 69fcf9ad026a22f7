//! Tests of `open`.
