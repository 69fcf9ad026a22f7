//! Fuzzes the entry `storage_push`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("storage_push").expect("the entry exists")(data);
});
