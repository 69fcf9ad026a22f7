//! Fuzzes the entry `content`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("content").expect("the entry exists")(data);
});
