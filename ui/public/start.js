// Starts the compiled UI, with its wording beside it. A file of its own because the content security policy allows no
// inline script.
import start from "./ui.js";

const compiled = fetch("./ui_bg.wasm");
globalThis.wording = await fetch("./en.ftl").then((file) => file.text());
start({ module_or_path: compiled });
