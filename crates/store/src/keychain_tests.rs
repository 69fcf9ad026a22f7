//! Tests of `keychain`.
