//! Fuzzes the entry `backup_file`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("backup_file").expect("the entry exists")(data);
});
