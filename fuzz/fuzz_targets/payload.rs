//! Fuzzes the entry `payload`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("payload").expect("the entry exists")(data);
});
