//! Fuzzes the entry `onion_peer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("onion_peer").expect("the entry exists")(data);
});
