//! Lists the IPC commands, so that a capability must allow each one by name, and embeds configuration and icons.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&["command", "events", "unlock"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=src-tauri: {error:#}");
    }
}
