//! Fuzzes the entry `config_stored`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("config_stored").expect("the entry exists")(data);
});
