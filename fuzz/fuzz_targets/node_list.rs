//! Fuzzes the entry `node_list`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz_entries::entry("node_list").expect("the entry exists")(data);
});
