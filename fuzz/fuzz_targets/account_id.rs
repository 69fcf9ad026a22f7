//! Fuzzes the entry `account_id`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("account_id").expect("the entry exists")(data);
});
