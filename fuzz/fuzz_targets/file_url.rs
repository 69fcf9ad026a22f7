//! Fuzzes the entry `file_url`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("file_url").expect("the entry exists")(data);
});
