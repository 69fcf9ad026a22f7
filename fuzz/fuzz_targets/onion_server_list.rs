//! Fuzzes the entry `onion_server_list`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("onion_server_list").expect("the entry exists")(data);
});
