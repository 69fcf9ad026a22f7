//! Fuzzes the entry `config_message`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("config_message").expect("the entry exists")(data);
});
