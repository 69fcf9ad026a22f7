//! Fuzzes the entry `recovery_phrase`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("recovery_phrase").expect("the entry exists")(data);
});
