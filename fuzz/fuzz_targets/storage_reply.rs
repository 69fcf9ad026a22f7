//! Fuzzes the entry `storage_reply`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("storage_reply").expect("the entry exists")(data);
});
