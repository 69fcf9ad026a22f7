//! Fuzzes the entry `backup_records`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("backup_records").expect("the entry exists")(data);
});
