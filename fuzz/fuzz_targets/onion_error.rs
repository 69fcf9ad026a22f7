//! Fuzzes the entry `onion_error`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("onion_error").expect("the entry exists")(data);
});
