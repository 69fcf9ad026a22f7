//! Fuzzes the entry `community_url`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("community_url").expect("the entry exists")(data);
});
