//! Fuzzes the entry `config_dump`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("config_dump").expect("the entry exists")(data);
});
