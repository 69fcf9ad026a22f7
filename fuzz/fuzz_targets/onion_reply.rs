//! Fuzzes the entry `onion_reply`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("onion_reply").expect("the entry exists")(data);
});
