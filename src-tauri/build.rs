//! Lists the IPC commands, so that a capability must allow each one by name, and embeds configuration and icons.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=../ui/dist");
    if !Path::new("../ui/dist/index.html").exists() {
        println!("cargo::error=the UI is not built: run `cargo xtask ui` first");
        return;
    }
    let commands = tauri_build::AppManifest::new().commands(&[
        "choose_place",
        "command",
        "command_at_place",
        "erase_unopened",
        "events",
        "finish_voice",
        "forget_voice",
        "logs",
        "open_link",
        "open_settings",
        "protect_screen",
        "read_link",
        "save",
        "save_logs",
        "scan_id",
        "scan_phrase",
        "share_text",
        "sound",
        "stage",
        "take_shared",
        "start_voice",
        "unlock",
    ]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=src-tauri: {error:#}");
    }
}
