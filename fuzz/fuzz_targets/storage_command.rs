//! Fuzzes the entry `storage_command`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("storage_command").expect("the entry exists")(data);
});
