//! Fuzzes the entry `attachment_pointer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("attachment_pointer").expect("the entry exists")(data);
});
