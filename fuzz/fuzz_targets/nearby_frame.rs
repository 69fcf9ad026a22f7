//! Fuzzes the entry `nearby_frame`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("nearby_frame").expect("the entry exists")(data);
});
