//! Fuzzes the entry `padding`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("padding").expect("the entry exists")(data);
});
