//! Fuzzes the entry `storage_request`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("storage_request").expect("the entry exists")(data);
});
