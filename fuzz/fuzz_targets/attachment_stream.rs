//! Fuzzes the entry `attachment_stream`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("attachment_stream").expect("the entry exists")(data);
});
