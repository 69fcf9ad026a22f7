//! Fuzzes the entry `nearby_first`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("nearby_first").expect("the entry exists")(data);
});
