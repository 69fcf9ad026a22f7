//! Fuzzes the entry `onion_body`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("onion_body").expect("the entry exists")(data);
});
