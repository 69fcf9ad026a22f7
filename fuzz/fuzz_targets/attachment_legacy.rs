//! Fuzzes the entry `attachment_legacy`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("attachment_legacy").expect("the entry exists")(data);
});
