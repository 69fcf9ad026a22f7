//! The app's bridge: three IPC commands, `command`, `unlock` and `events`.

use std::rc::Rc;

use contract::{ErrorCode, Event, Failure};
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{Answer, Transport};

/// Speaks to `src-tauri` through `window.__TAURI__.core`.
pub(crate) struct Bridge;

impl Transport for Bridge {
    fn call(&self, command: String) -> Answer {
        Box::pin(async move {
            let request = JSON::parse(&command).map_err(|_| broken("request"))?;
            let reply = invoke("command", "request", &request).await?;
            text_of(&reply).ok_or_else(|| broken("reply"))
        })
    }

    fn unlock(&self, passphrase: String) -> Answer {
        Box::pin(async move {
            invoke("unlock", "passphrase", &passphrase.into()).await?;
            Ok(String::new())
        })
    }

    fn subscribe(&self, deliver: Rc<dyn Fn(Event)>) {
        let Ok(channel) = channel(deliver) else { return };
        leptos::task::spawn_local(async move {
            // Without events the screens still answer to what the user does; the first command says what is wrong.
            let _ = invoke("events", "channel", &channel).await;
        });
    }
}

async fn invoke(command: &str, name: &str, value: &JsValue) -> Result<JsValue, Failure> {
    let promise = start(command, name, value).map_err(|_| broken("bridge"))?;
    JsFuture::from(promise).await.map_err(|refusal| {
        text_of(&refusal)
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_else(|| broken("refused"))
    })
}

fn start(command: &str, name: &str, value: &JsValue) -> Result<Promise, JsValue> {
    let core = tauri_core()?;
    let arguments = Object::new();
    Reflect::set(&arguments, &name.into(), value)?;
    let invoke: Function = Reflect::get(&core, &"invoke".into())?.dyn_into()?;
    invoke.call2(&core, &command.into(), &arguments)?.dyn_into()
}

fn channel(deliver: Rc<dyn Fn(Event)>) -> Result<JsValue, JsValue> {
    let class: Function = Reflect::get(&tauri_core()?, &"Channel".into())?.dyn_into()?;
    let channel = Reflect::construct(&class, &Array::new())?;
    let on_message = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
        if let Some(event) = text_of(&message).and_then(|json| serde_json::from_str(&json).ok()) {
            deliver(event);
        }
    });
    Reflect::set(&channel, &"onmessage".into(), on_message.as_ref())?;
    // The channel lives as long as the page.
    on_message.forget();
    Ok(channel)
}

fn tauri_core() -> Result<JsValue, JsValue> {
    let tauri = Reflect::get(&js_sys::global(), &"__TAURI__".into())?;
    Reflect::get(&tauri, &"core".into())
}

fn text_of(value: &JsValue) -> Option<String> {
    JSON::stringify(value).ok().and_then(|text| text.as_string())
}

fn broken(code: &str) -> Failure {
    Failure::new(ErrorCode::Unknown).with("code", code)
}
