//! The app's bridge: its few IPC commands.

use std::rc::Rc;

use contract::{AttachmentId, Event, Failure, VoiceProgress};
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::reading::from_json;
use super::{Answer, Bytes, ChosenFile, PlaceKind, Transport, broken};

/// Speaks to `src-tauri` through `window.__TAURI__.core`.
pub(crate) struct Bridge;

impl Transport for Bridge {
    fn call(&self, command: String) -> Answer {
        Box::pin(async move {
            let request = JSON::parse(&command).map_err(|_| broken("request"))?;
            ask("command", &[("request", request)]).await
        })
    }

    fn stage(&self, file: ChosenFile) -> Answer {
        Box::pin(async move { reply(&settled(start_stage(&file)).await?) })
    }

    fn save(&self, attachment: AttachmentId) -> Answer {
        Box::pin(async move { ask("save", &[("attachment", number(attachment))]).await })
    }

    fn open_link(&self, url: String) -> Answer {
        Box::pin(async move {
            invoke("open_link", &[("url", url.into())]).await?;
            Ok(String::new())
        })
    }

    fn take_shared(&self) -> Answer {
        Box::pin(ask("take_shared", &[]))
    }

    fn read_link(&self, url: String) -> Answer {
        Box::pin(async move { ask("read_link", &[("url", url.into())]).await })
    }

    fn start_voice(&self, tell: Rc<dyn Fn(VoiceProgress)>) -> Answer {
        Box::pin(async move {
            let progress = channel(tell).map_err(|_| broken("bridge"))?;
            ask("start_voice", &[("progress", progress)]).await
        })
    }

    fn finish_voice(&self) -> Answer {
        Box::pin(ask("finish_voice", &[]))
    }

    fn sound(&self, attachment: AttachmentId) -> Bytes {
        Box::pin(async move {
            let bytes = invoke("sound", &[("attachment", number(attachment))]).await?;
            bytes.dyn_into().map_err(|_| broken("reply"))
        })
    }

    fn forget_voice(&self) -> Answer {
        Box::pin(async move {
            invoke("forget_voice", &[]).await?;
            Ok(String::new())
        })
    }

    fn protect_screen(&self, on: bool) -> Answer {
        Box::pin(async move {
            invoke("protect_screen", &[("on", on.into())]).await?;
            Ok(String::new())
        })
    }

    fn scan_phrase(&self, picture: js_sys::Uint8Array) -> Answer {
        Box::pin(async move {
            let started = start_raw("scan_phrase", &picture, &Object::new());
            reply(&settled(started).await?)
        })
    }

    fn scan_id(&self, picture: js_sys::Uint8Array) -> Answer {
        Box::pin(async move {
            let started = start_raw("scan_id", &picture, &Object::new());
            reply(&settled(started).await?)
        })
    }

    fn choose_place(&self, kind: PlaceKind) -> Answer {
        let kind = match kind {
            PlaceKind::Folder => "folder",
            PlaceKind::Backup => "backup",
        };
        Box::pin(async move { ask("choose_place", &[("kind", kind.into())]).await })
    }

    fn call_at_place(&self, command: String, reason: &str) -> Answer {
        let reason = JsValue::from_str(reason);
        Box::pin(async move {
            let request = JSON::parse(&command).map_err(|_| broken("request"))?;
            ask("command_at_place", &[("request", request), ("reason", reason)]).await
        })
    }

    fn logs(&self) -> Answer {
        Box::pin(ask("logs", &[]))
    }

    fn save_logs(&self) -> Answer {
        Box::pin(ask("save_logs", &[]))
    }

    fn open_settings(&self) -> Answer {
        Box::pin(ask("open_settings", &[]))
    }

    fn share_text(&self, text: &str) -> Answer {
        let text = JsValue::from_str(text);
        Box::pin(async move { ask("share_text", &[("text", text)]).await })
    }

    fn erase_unopened(&self) -> Answer {
        Box::pin(ask("erase_unopened", &[]))
    }

    fn unlock(&self, passphrase: String) -> Answer {
        Box::pin(async move {
            invoke("unlock", &[("passphrase", passphrase.into())]).await?;
            Ok(String::new())
        })
    }

    fn subscribe(&self, deliver: Rc<dyn Fn(Event)>) {
        let Ok(channel) = channel(deliver) else { return };
        leptos::task::spawn_local(async move {
            // Without events the screens still answer to what the user does; the first command says what is wrong.
            let _ = invoke("events", &[("channel", channel)]).await;
        });
    }
}

/// Calls a command of the app; its reply as JSON.
async fn ask(command: &str, values: &[(&str, JsValue)]) -> Result<String, Failure> {
    reply(&invoke(command, values).await?)
}

async fn invoke(command: &str, values: &[(&str, JsValue)]) -> Result<JsValue, Failure> {
    settled(start(command, values)).await
}

async fn settled(started: Result<Promise, JsValue>) -> Result<JsValue, Failure> {
    let promise = started.map_err(|_| broken("bridge"))?;
    JsFuture::from(promise).await.map_err(|refusal| {
        text_of(&refusal)
            .and_then(|json| from_json(&json).ok())
            .unwrap_or_else(|| broken("refused"))
    })
}

fn start(command: &str, values: &[(&str, JsValue)]) -> Result<Promise, JsValue> {
    let core = tauri_core()?;
    let arguments = Object::new();
    for (name, value) in values {
        Reflect::set(&arguments, &(*name).into(), value)?;
    }
    let invoke: Function = Reflect::get(&core, &"invoke".into())?.dyn_into()?;
    invoke.call2(&core, &command.into(), &arguments)?.dyn_into()
}

/// A file's bytes go as they are; what is to be known of them goes in headers.
fn start_stage(file: &ChosenFile) -> Result<Promise, JsValue> {
    let headers = Object::new();
    let name = js_sys::encode_uri_component(&file.name);
    Reflect::set(&headers, &"name".into(), &name)?;
    for (name, is_so) in [("voice", file.voice), ("original", file.original)] {
        Reflect::set(&headers, &name.into(), &if is_so { "1" } else { "0" }.into())?;
    }
    start_raw("stage", &file.bytes, &headers)
}

fn start_raw(command: &str, bytes: &js_sys::Uint8Array, headers: &Object) -> Result<Promise, JsValue> {
    let core = tauri_core()?;
    let options = Object::new();
    Reflect::set(&options, &"headers".into(), headers)?;
    let invoke: Function = Reflect::get(&core, &"invoke".into())?.dyn_into()?;
    invoke.call3(&core, &command.into(), bytes, &options)?.dyn_into()
}

fn channel<T: DeserializeOwned + 'static>(deliver: Rc<dyn Fn(T)>) -> Result<JsValue, JsValue> {
    let class: Function = Reflect::get(&tauri_core()?, &"Channel".into())?.dyn_into()?;
    let channel = Reflect::construct(&class, &Array::new())?;
    let on_message = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
        if let Some(it) = text_of(&message).and_then(|json| from_json(&json).ok()) {
            deliver(it);
        }
    });
    Reflect::set(&channel, &"onmessage".into(), on_message.as_ref())?;
    // A channel lives as long as the page.
    on_message.forget();
    Ok(channel)
}

fn tauri_core() -> Result<JsValue, JsValue> {
    let tauri = Reflect::get(&js_sys::global(), &"__TAURI__".into())?;
    Reflect::get(&tauri, &"core".into())
}

fn number(attachment: AttachmentId) -> JsValue {
    JsValue::from_f64(attachment.0 as f64)
}

fn reply(value: &JsValue) -> Result<String, Failure> {
    text_of(value).ok_or_else(|| broken("reply"))
}

fn text_of(value: &JsValue) -> Option<String> {
    JSON::stringify(value).ok().and_then(|text| text.as_string())
}
