//! What the camera of a phone sees, looked through a few times a second until the code is in it.

use contract::ErrorCode;
use js_sys::{Function, Promise, Reflect};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlVideoElement, MediaStream, MediaStreamTrack};

use super::{Look, Scanned, scan};
use crate::browser;
use crate::locale::t;

/// Between two pictures.
const REST_MS: i32 = 350;

/// The longest side of a picture that is looked through, in pixels.
const SIDE: f64 = 900.0;

/// The camera's picture, for as long as the component is there.
#[component]
pub(super) fn Camera(
    /// Looks for what is wanted.
    look: Look,
    /// What is said of a picture without it.
    missing: ErrorCode,
    /// What each picture led to; scanning goes on until something was found.
    on_scanned: Callback<(Scanned,)>,
) -> impl IntoView {
    let video = NodeRef::<html::Video>::new();
    let stream = StoredValue::new_local(None::<MediaStream>);
    on_cleanup(move || {
        let _ = stream.try_with_value(|stream| stream.as_ref().map(stop));
    });
    video.on_load(move |element| {
        spawn_local(async move {
            let Ok(opened) = open().await else {
                on_scanned.run((Err(ErrorCode::CameraDenied.into()),));
                return;
            };
            if stream.try_set_value(Some(opened.clone())).is_some() {
                // Closed while the user was being asked.
                stop(&opened);
                return;
            }
            element.set_src_object(Some(&opened));
            browser::play(&element);
            watch((look, missing), element, stream, on_scanned).await;
        });
    });
    view! {
        // On phones a film fills the screen unless it is told to stay.
        <video class="scan-camera" playsinline muted aria-label=t!("scan-view") node_ref=video></video>
    }
}

/// Looks at one picture after the other until something was found, or nobody looks any more.
async fn watch(
    (look, missing): (Look, ErrorCode),
    video: HtmlVideoElement,
    stream: StoredValue<Option<MediaStream>, LocalStorage>,
    on_scanned: Callback<(Scanned,)>,
) {
    let is_here = || stream.try_with_value(|_| ()).is_some();
    while is_here() {
        if let Some(picture) = picture(&video).await {
            let scanned = scan(look, missing, picture).await;
            if !is_here() {
                return;
            }
            let done = matches!(scanned, Ok(Some(_)));
            on_scanned.run((scanned,));
            if done {
                return;
            }
        }
        browser::rest(REST_MS).await;
    }
}

/// Opens the camera at the back.
async fn open() -> Result<MediaStream, JsValue> {
    let devices = browser::window().navigator().media_devices()?;
    // A page without a secure origin has none.
    if devices.is_undefined() {
        return Err(JsValue::UNDEFINED);
    }
    let constraints = web_sys::MediaStreamConstraints::new();
    let facing = js_sys::Object::new();
    Reflect::set(&facing, &"facingMode".into(), &"environment".into())?;
    constraints.set_video(&facing);
    let opened = JsFuture::from(devices.get_user_media_with_constraints(&constraints)?).await?;
    opened.dyn_into()
}

fn stop(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

/// What the camera sees now, as a JPEG; `None` before it sees anything.
async fn picture(video: &HtmlVideoElement) -> Option<web_sys::Blob> {
    let (width, height) = (f64::from(video.video_width()), f64::from(video.video_height()));
    let longest = width.max(height);
    if longest < 1.0 {
        return None;
    }
    let scale = (SIDE / longest).min(1.0);
    let (width, height) = ((width * scale).round(), (height * scale).round());
    let canvas: JsValue = browser::document().create_element("canvas").ok()?.into();
    Reflect::set(&canvas, &"width".into(), &width.into()).ok()?;
    Reflect::set(&canvas, &"height".into(), &height.into()).ok()?;
    let method = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok()?.dyn_into::<Function>().ok();
    let context = method(&canvas, "getContext")?.call1(&canvas, &"2d".into()).ok()?;
    let drawn: [JsValue; 5] = [video.into(), 0.into(), 0.into(), width.into(), height.into()];
    let drawn: js_sys::Array = drawn.into_iter().collect();
    method(&context, "drawImage")?.apply(&context, &drawn).ok()?;
    let to_blob = method(&canvas, "toBlob")?;
    let made = Promise::new(&mut |done, _| {
        let taken = Closure::once_into_js(move |blob: JsValue| drop(done.call1(&JsValue::NULL, &blob)));
        let _ = to_blob.call2(&canvas, &taken, &"image/jpeg".into());
    });
    JsFuture::from(made).await.ok()?.dyn_into().ok()
}
