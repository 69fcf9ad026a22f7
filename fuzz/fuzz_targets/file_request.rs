//! Fuzzes the entry `file_request`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("file_request").expect("the entry exists")(data);
});
