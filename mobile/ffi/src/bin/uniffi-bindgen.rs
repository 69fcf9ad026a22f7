//! Writes the Kotlin, Swift and Python sides of the library: `uniffi-bindgen generate --library FILE --language …`.

fn main() {
    uniffi::uniffi_bindgen_main();
}
