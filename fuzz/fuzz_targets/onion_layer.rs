//! Fuzzes the entry `onion_layer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("onion_layer").expect("the entry exists")(data);
});
