//! Tests of `data_dir`.
