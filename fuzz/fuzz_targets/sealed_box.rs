//! Fuzzes the entry `sealed_box`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("sealed_box").expect("the entry exists")(data);
});
