//! What the UI needs of the browser around it, in a few small functions.

use leptos::prelude::{on_cleanup, window_event_listener_untyped};
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, HtmlElement, Window};

/// The page's window.
///
/// # Panics
/// Outside a browser: nothing is shown there.
pub(crate) fn window() -> Window {
    web_sys::window().expect("the UI runs in a window")
}

/// The page's document.
///
/// # Panics
/// Outside a browser: nothing is shown there.
pub(crate) fn document() -> Document {
    window().document().expect("a window has a document")
}

/// The value of one query parameter of the page's address.
#[cfg(debug_assertions)]
pub(crate) fn query_value(name: &str) -> Option<String> {
    let query = window().location().search().ok()?;
    query.trim_start_matches('?').split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == name).then(|| value.to_owned())
    })
}

/// Milliseconds since 1970 by the device's clock.
pub(crate) fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// How far local time is ahead of UTC at a moment, in milliseconds.
pub(crate) fn utc_offset_ms(at_ms: i64) -> i64 {
    let date = js_sys::Date::new(&JsValue::from_f64(at_ms as f64));
    -(date.get_timezone_offset() as i64) * 60_000
}

/// Runs `task` once, after `ms` milliseconds.
pub(crate) fn after(ms: i32, task: impl FnOnce() + 'static) {
    let task = Closure::once_into_js(task);
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(task.unchecked_ref(), ms);
}

/// Runs `task` before the next picture is drawn, when the page already holds what was changed.
pub(crate) fn before_paint(task: impl FnOnce() + 'static) {
    let task = Closure::once_into_js(task);
    let _ = window().request_animation_frame(task.unchecked_ref());
}

/// Bytes as the web view's players find them; on Linux they know no schemes of an app's own. They stay until
/// [`forget_bytes`].
pub(crate) fn address_of_bytes(bytes: &js_sys::ArrayBuffer) -> Option<String> {
    let whole = web_sys::Blob::new_with_buffer_source_sequence(&js_sys::Array::of1(bytes)).ok()?;
    web_sys::Url::create_object_url_with_blob(&whole).ok()
}

/// Lets go of the bytes behind an address.
pub(crate) fn forget_bytes(address: &str) {
    let _ = web_sys::Url::revoke_object_url(address);
}

/// Tells of each new size of an element, after layout and before it is painted, until it is dropped.
pub(crate) struct SizeWatch {
    observer: web_sys::ResizeObserver,
    _told: Closure<dyn Fn()>,
}

impl SizeWatch {
    /// `None` where the web view cannot tell.
    pub(crate) fn start(element: &web_sys::Element, told: impl Fn() + 'static) -> Option<Self> {
        let told = Closure::<dyn Fn()>::new(told);
        let observer = web_sys::ResizeObserver::new(told.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self {
            observer,
            _told: told,
        })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Calls `handler` for an event of the window or the document as long as the page lives.
pub(crate) fn listen_forever(
    target: &web_sys::EventTarget,
    event: &str,
    handler: impl Fn(web_sys::Event) + 'static,
) {
    let handler = Closure::<dyn Fn(web_sys::Event)>::new(handler);
    let _ = target.add_event_listener_with_callback(event, handler.as_ref().unchecked_ref());
    handler.forget();
}

/// Calls `handler` for an event that reaches the window until the surrounding component is removed.
pub(crate) fn listen_while_here(event: &'static str, handler: impl Fn(web_sys::Event) + 'static) {
    let heard = window_event_listener_untyped(event, handler);
    on_cleanup(move || heard.remove());
}

/// Calls `take` with the first picture of whatever is pasted, until the surrounding component is removed.
pub(crate) fn on_paste_while_here(take: impl Fn(web_sys::Blob) + 'static) {
    let pasted = move |event: web_sys::Event| {
        let files = js_sys::Reflect::get(&event, &"clipboardData".into())
            .and_then(|data| js_sys::Reflect::get(&data, &"files".into()));
        let files = files
            .ok()
            .and_then(|files| files.dyn_into::<web_sys::FileList>().ok());
        let mut files = files
            .into_iter()
            .flat_map(|files| (0..files.length()).filter_map(move |index| files.get(index)));
        if let Some(picture) = files.find(|file| file.type_().starts_with("image/")) {
            event.prevent_default();
            take(picture.into());
        }
    };
    listen_while_here("paste", pasted);
}

/// Starts a player. Whatever keeps it from playing is told by an event.
pub(crate) fn play(player: &web_sys::HtmlMediaElement) {
    if let Ok(started) = player.play() {
        spawn_local(async move {
            let _ = JsFuture::from(started).await;
        });
    }
}

/// Ends after `ms` milliseconds.
pub(crate) async fn rest(ms: i32) {
    let ended = js_sys::Promise::new(&mut |done, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, ms);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(ended).await;
}

/// Loads the page anew: it forgets everything that it holds.
pub(crate) fn reload() {
    let _ = window().location().reload();
}

/// Whether a media query holds.
pub(crate) fn media(query: &str) -> bool {
    window()
        .match_media(query)
        .ok()
        .flatten()
        .is_some_and(|list| list.matches())
}

/// Whether the user works without touch first, and so most likely with a hardware keyboard.
pub(crate) fn has_keyboard() -> bool {
    !media("(pointer: coarse)")
}

/// Whether this is a phone: choosing a file may open its camera, and what was forbidden is allowed in its settings.
pub(crate) fn is_phone() -> bool {
    calls_itself(&["Android", "iPhone", "iPad"])
}

/// Whether the web view says that it is on one of these.
fn calls_itself(phones: &[&str]) -> bool {
    let agent = window().navigator().user_agent().unwrap_or_default();
    phones.iter().any(|phone| agent.contains(phone))
}

/// Whether the system has a sheet of apps to which a text can go: the web view's own, or Android's.
pub(crate) fn can_share() -> bool {
    shares_itself() || calls_itself(&["Android"])
}

/// Whether the web view shows that sheet.
fn shares_itself() -> bool {
    let share = js_sys::Reflect::get(&window().navigator(), &JsValue::from_str("share"));
    share.is_ok_and(|share| share.is_function())
}

/// Asks by the web view's own sheet to which app a text goes; `false` where it has none. A user who chooses none is
/// content, too.
pub(crate) fn share(text: &str) -> bool {
    if !shares_itself() {
        return false;
    }
    let what = web_sys::ShareData::new();
    what.set_text(text);
    let shown = window().navigator().share_with_data(&what);
    spawn_local(async move {
        let _ = JsFuture::from(shown).await;
    });
    true
}

/// Whether lines begin at the right.
pub(crate) fn is_right_to_left() -> bool {
    let root = document().document_element();
    root.is_some_and(|root| root.get_attribute("dir").as_deref() == Some("rtl"))
}

/// Where files are shown from: a scheme of the shell's, which some web views only know as a host.
pub(crate) fn media_origin() -> &'static str {
    let of_host = window()
        .location()
        .protocol()
        .is_ok_and(|protocol| protocol.starts_with("http"));
    match of_host {
        true => "http://tern-media.localhost",
        false => "tern-media://localhost",
    }
}

/// Whether the page can be seen.
pub(crate) fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// The element that has the focus.
pub(crate) fn focused() -> Option<HtmlElement> {
    document()
        .active_element()
        .and_then(|element| element.dyn_into().ok())
}

/// Gives the focus to an element without moving the page.
pub(crate) fn focus(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

/// Gives the focus to an element, unless somebody types already: a quick hand must not lose its keys to a heading.
pub(crate) fn focus_unless_typing(element: &HtmlElement) {
    let typing = focused().is_some_and(|at| matches!(at.tag_name().as_str(), "INPUT" | "TEXTAREA"));
    if !typing {
        focus(element);
    }
}

/// Keeps the keyboard from changing names, phrases and ids. (Not every web view knows the attribute.)
pub(crate) fn no_autocorrect(field: &HtmlElement) {
    let _ = field.set_attribute("autocorrect", "off");
}

/// Lifts an element above open dialogs, where the web view can.
pub(crate) fn show_above_dialogs(element: &HtmlElement) {
    let Ok(show) = js_sys::Reflect::get(element, &"showPopover".into()) else {
        return;
    };
    if let Ok(show) = show.dyn_into::<js_sys::Function>() {
        let _ = element.set_attribute("popover", "manual");
        let _ = show.call0(element);
    }
}

/// The element with an id.
pub(crate) fn by_id(id: &str) -> Option<HtmlElement> {
    document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into().ok())
}

/// The root of the page.
pub(crate) fn root() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}

/// The width of the window in multiples of the size of text.
pub(crate) fn width_rem() -> f64 {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.unwrap_or_default() / rem()
}

/// CSS pixels in one rem.
pub(crate) fn rem() -> f64 {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    style
        .and_then(|style| style.get_property_value("font-size").ok())
        .and_then(|size| number(&size))
        .unwrap_or(16.0)
}

/// The number that a text begins with, as the browser reads it: reading fractions in Rust brings tables of 10 kB.
pub(crate) fn number(text: &str) -> Option<f64> {
    let number = js_sys::parse_float(text);
    number.is_finite().then_some(number)
}

/// A text file that is bundled with the page.
pub(crate) async fn bundled_text(path: &str) -> Option<String> {
    let answer = wasm_bindgen_futures::JsFuture::from(window().fetch_with_str(path))
        .await
        .ok()?;
    let answer: web_sys::Response = answer.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    let text = wasm_bindgen_futures::JsFuture::from(answer.text().ok()?)
        .await
        .ok()?;
    text.as_string()
}

/// Puts text on the clipboard.
pub(crate) fn copy(text: &str) {
    let navigator = window().navigator();
    // Old web views and pages without a secure origin have no clipboard object.
    let modern =
        js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| !found.is_undefined());
    if modern {
        let text = text.to_owned();
        let written = navigator.clipboard().write_text(&text);
        leptos::task::spawn_local(async move {
            if wasm_bindgen_futures::JsFuture::from(written).await.is_err() {
                copy_by_selection(&text);
            }
        });
    } else {
        copy_by_selection(text);
    }
}

fn copy_by_selection(text: &str) {
    let document = document();
    let opener = focused();
    let Some(area) = document
        .create_element("textarea")
        .ok()
        .and_then(|e| e.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
    else {
        return;
    };
    area.set_value(text);
    area.set_class_name("visually-hidden");
    // Inside an open dialog, because everything outside it is inert.
    let home = document
        .query_selector("dialog[open]")
        .ok()
        .flatten()
        .or_else(|| document.body().map(Into::into));
    let Some(home) = home else { return };
    let _ = home.append_child(&area);
    area.select();
    if let Ok(command) = js_sys::Reflect::get(&document, &"execCommand".into())
        && let Ok(command) = command.dyn_into::<js_sys::Function>()
    {
        let _ = command.call1(&document, &"copy".into());
    }
    area.remove();
    if let Some(opener) = opener {
        focus(&opener);
    }
}

/// The name of a country in the page's language, from the browser's own table.
pub(crate) fn country_name(code: &str) -> Option<String> {
    let intl = js_sys::Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: js_sys::Function = js_sys::Reflect::get(&intl, &"DisplayNames".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"type".into(), &"region".into()).ok()?;
    let names = js_sys::Reflect::construct(&class, &js_sys::Array::of2(&"en".into(), &options)).ok()?;
    let of: js_sys::Function = js_sys::Reflect::get(&names, &"of".into()).ok()?.dyn_into().ok()?;
    of.call1(&names, &code.into())
        .ok()?
        .as_string()
        .filter(|name| name != code)
}
