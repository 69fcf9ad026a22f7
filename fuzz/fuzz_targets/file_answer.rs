//! Fuzzes the entry `file_answer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("file_answer").expect("the entry exists")(data);
});
