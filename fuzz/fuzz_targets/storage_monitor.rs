//! Fuzzes the entry `storage_monitor`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("storage_monitor").expect("the entry exists")(data);
});
