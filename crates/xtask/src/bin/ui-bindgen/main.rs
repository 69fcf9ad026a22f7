//! Writes the JavaScript side of the UI's wasm file: `ui-bindgen <in.wasm> <out folder>`.

mod neighbours;

use std::path::PathBuf;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let input = arguments.next().context("missing: path of the wasm file")?;
    let output = PathBuf::from(arguments.next().context("missing: folder to write to")?);
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(input)
        .out_name("ui")
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&output)?;
    let file = output.join("ui_bg.wasm");
    let wasm = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    std::fs::write(&file, neighbours::arrange(&wasm)?)
        .with_context(|| format!("cannot write {}", file.display()))
}
