//! Fuzzes the entry `file_quic_command`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("file_quic_command").expect("the entry exists")(data);
});
