//! Fuzzes the entry `profile_picture`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("profile_picture").expect("the entry exists")(data);
});
