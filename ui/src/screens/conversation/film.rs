//! Films: fetched whole when they are to be played, since the web view's players on Linux know no schemes of an app's own.

use contract::AttachmentId;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Ui;
use crate::browser;
use crate::components::icon::{Glyph, PLAY};
use crate::locale::t;

/// A film's bytes as players find them; let go with the surrounding component.
#[derive(Clone, Copy)]
struct Reel {
    /// `None` until they are here.
    address: RwSignal<Option<String>>,
    /// They cannot be read, or not be played.
    broken: RwSignal<bool>,
}

impl Reel {
    fn load(ui: Ui, id: AttachmentId) -> Self {
        let this = Self {
            address: RwSignal::new(None),
            broken: RwSignal::new(false),
        };
        on_cleanup(move || {
            if let Some(Some(address)) = this.address.try_get_untracked() {
                browser::forget_bytes(&address);
            }
        });
        spawn_local(async move {
            let bytes = ui.core.sound(id).await.ok();
            match bytes.and_then(|bytes| browser::address_of_bytes(&bytes)) {
                Some(address) => {
                    // Nobody waits for it any more.
                    if let Some(Some(late)) = this.address.try_set(Some(address)) {
                        browser::forget_bytes(&late);
                    }
                }
                None => drop(this.broken.try_set(true)),
            }
        });
        this
    }
}

/// A film in a message; a tap plays it in its place.
#[component]
pub(crate) fn Film(ui: Ui, id: AttachmentId) -> impl IntoView {
    let wanted = RwSignal::new(false);
    view! {
        {move || match wanted.get() {
            true => view! { <Projector ui id class="file-video" starts=true/> }.into_any(),
            false => view! {
                <button class="file-video film" aria-label=t!("film-play") data-testid="film-play" on:click=move |_| wanted.set(true)>
                    <Glyph icon=PLAY/>
                </button>
            }
                .into_any(),
        }}
    }
}

/// A film with the controls of the web view.
#[component]
pub(crate) fn Projector(
    ui: Ui,
    id: AttachmentId,
    /// The class of what shows the film.
    class: &'static str,
    /// Whether it plays as soon as it can.
    #[prop(optional)]
    starts: bool,
) -> impl IntoView {
    let reel = Reel::load(ui, id);
    let player = NodeRef::<html::Video>::new();
    // What was asked for by a tap is started here: by itself the web view would wait for another tap.
    let start = move |_| {
        if starts && let Some(player) = player.get_untracked() {
            browser::play(&player);
        }
    };
    view! {
        {move || match reel.broken.get() {
            true => view! { <p class="film-broken" role="status" data-testid="film-broken">{t!("film-broken")}</p> }
                .into_any(),
            false => view! {
                <video
                    class=class
                    controls
                    autofocus
                    node_ref=player
                    src=move || reel.address.get()
                    data-testid="film"
                    on:loadeddata=start
                    on:error=move |_| reel.broken.set(true)
                ></video>
            }
                .into_any(),
        }}
    }
}

/// How long a film lasts, in seconds, once the web view has looked at it. Shows nothing.
#[component]
pub(crate) fn FilmLength(ui: Ui, id: AttachmentId, length: RwSignal<Option<f64>>) -> impl IntoView {
    let reel = Reel::load(ui, id);
    let player = NodeRef::<html::Video>::new();
    let measured = move |_| {
        let seconds = player.get_untracked().map(|player| player.duration());
        length.set(seconds.filter(|seconds| seconds.is_finite()));
    };
    view! { <video hidden preload="metadata" src=move || reel.address.get() node_ref=player on:loadedmetadata=measured></video> }
}
