// Starts the compiled UI, with its wording beside it. A file of its own because the content security policy allows no
// inline script.
import start from "./ui.js";

// A bug stops the compiled UI where it stands, and nothing on the screen answers any more: whoever sees it is told.
const say = (key) => globalThis.wording?.match(new RegExp(`^${key} = (.*)$`, "m"))?.[1] ?? key;
const make = (name, classes, text) => {
  const element = document.createElement(name);
  element.className = classes;
  if (text) element.textContent = say(text);
  return element;
};
const tell = (reason) => {
  if (!(reason instanceof WebAssembly.RuntimeError) || document.querySelector("[data-testid=broken]")) return;
  const dialog = make("dialog", "modal dialog");
  dialog.dataset.testid = "broken";
  dialog.setAttribute("aria-label", say("broken-title"));
  const body = make("div", "modal-body");
  const again = make("button", "button primary", "broken-again");
  again.onclick = () => dialog.close();
  again.dataset.testid = "broken-again";
  body.append(make("h2", "modal-title", "broken-title"), make("p", "modal-text", "broken-body"), again);
  dialog.append(body);
  // Whatever closes it, nothing behind it answers.
  dialog.onclose = () => location.reload();
  document.body.append(dialog);
  dialog.showModal();
};
addEventListener("error", (event) => tell(event.error));
addEventListener("unhandledrejection", (event) => tell(event.reason));

const compiled = fetch("./ui_bg.wasm");
globalThis.wording = await fetch("./en.ftl").then((file) => file.text());
start({ module_or_path: compiled });
