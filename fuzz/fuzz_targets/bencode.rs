//! Fuzzes the entry `bencode`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("bencode").expect("the entry exists")(data);
});
