//! Fuzzes the entry `nearby_announcement`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("nearby_announcement").expect("the entry exists")(data);
});
