// Starts the compiled UI. A file of its own because the content security policy allows no inline script.
import start from "./ui.js";

start({ module_or_path: "./ui_bg.wasm" });
