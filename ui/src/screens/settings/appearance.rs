//! Settings > Appearance: theme, accent, size of text, movement. A choice shows at once.

use contract::{Accent, Preferences, Theme};
use leptos::html;
use leptos::prelude::*;

use crate::app::{Liked, ui};
use crate::components::choice::Choice;
use crate::components::switch::Switch;
use crate::components::top_bar::TopBar;
use crate::locale::t;
use crate::theme;

/// All looks that can be chosen.
#[component]
pub(crate) fn Appearance() -> impl IntoView {
    let liked = Liked::follow(ui());
    let reduces = Signal::derive(move || liked.part(theme::reduces_motion).unwrap_or(false));
    let reduce = Callback::new(move |on: bool| {
        // What the device says anyway is not decided here, so that it is followed again.
        let decided = Some(on).filter(|on| *on != theme::device_reduces_motion());
        change(liked, move |preferences| preferences.reduce_motion = decided);
    });
    view! {
        <TopBar title=t!("look-title")/>
        <main class="page" data-testid="appearance">
            <Themes liked/>
            <Accents liked/>
            <TextSize liked/>
            <div class="settings">
                <Switch name=t!("look-motion") help=t!("look-motion-help") testid="look-motion" on=reduces on_change=reduce/>
            </div>
        </main>
    }
}

/// Changes what is liked, and looks like it.
fn change(liked: Liked, part: impl FnOnce(&mut Preferences)) {
    if liked.change(part) {
        liked.part_untracked(|known| liked.ui().look_as(known));
    }
}

#[component]
fn Themes(liked: Liked) -> impl IntoView {
    let chosen = Memo::new(move |_| liked.part(|known| known.theme));
    let choice = move |theme: Theme| {
        let (name, help) = match theme {
            Theme::System => (t!("look-system"), Some(t!("look-system-help"))),
            Theme::Light => (t!("look-light"), None),
            Theme::Dark => (t!("look-dark"), None),
            Theme::HighContrast => (t!("look-contrast"), Some(t!("look-contrast-help"))),
        };
        view! {
            <Choice
                group="theme"
                testid=format!("theme-{}", theme::name(theme))
                name
                help
                chosen=Signal::derive(move || chosen.get() == Some(theme))
                on_choose=move |()| change(liked, |known| known.theme = theme)
            />
        }
    };
    view! {
        <h2 class="card-label">{t!("look-theme")}</h2>
        <div class="choices" role="radiogroup" aria-label=t!("look-theme")>
            {Theme::ALL.map(choice).collect_view()}
        </div>
    }
}

#[component]
fn Accents(liked: Liked) -> impl IntoView {
    let chosen = Memo::new(move |_| liked.part(|known| known.accent));
    let choice = move |accent: Accent| {
        let name = match accent {
            Accent::Sea => t!("look-accent-sea"),
            Accent::Blue => t!("look-accent-blue"),
            Accent::Violet => t!("look-accent-violet"),
            Accent::Plum => t!("look-accent-plum"),
            Accent::Moss => t!("look-accent-moss"),
            Accent::Amber => t!("look-accent-amber"),
            Accent::Slate => t!("look-accent-slate"),
        };
        let key = theme::accent_name(accent);
        view! {
            // The sample of a colour is drawn with the tokens of that accent.
            <label class="accent" data-accent=key>
                <input
                    type="radio"
                    name="accent"
                    data-testid=format!("accent-{key}")
                    prop:checked=move || chosen.get() == Some(accent)
                    on:change=move |_| change(liked, |known| known.accent = accent)
                />
                <span class="accent-name">{name}</span>
            </label>
        }
    };
    view! {
        <h2 class="card-label">{t!("look-accent")}</h2>
        <div class="accents" role="radiogroup" aria-label=t!("look-accent")>
            {Accent::ALL.map(choice).collect_view()}
        </div>
    }
}

/// The sample changes while the slider moves, everything else when it is let go: what is held must not move away.
#[component]
fn TextSize(liked: Liked) -> impl IntoView {
    let kept = Memo::new(move |_| liked.part(|known| known.text_scale_percent).unwrap_or(100));
    let held = RwSignal::new(None::<u16>);
    let percent = Signal::derive(move || held.get().unwrap_or_else(|| kept.get()));
    let sample = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let grown = f64::from(percent.get()) / f64::from(kept.get());
        if let Some(sample) = sample.get() {
            let _ = web_sys::HtmlElement::style(&sample).set_property("--grown", &grown.to_string());
        }
    });
    let read = |event: &web_sys::Event| event_target_value(event).parse::<u16>().ok();
    let let_go = move |event: web_sys::Event| {
        held.set(None);
        if let Some(percent) = read(&event) {
            change(liked, move |known| known.text_scale_percent = percent);
        }
    };
    view! {
        <h2 class="card-label" id="look-text">{t!("look-text")}</h2>
        <div class="card text-size">
            <div class="sample" data-testid="look-sample" node_ref=sample aria-hidden="true">
                <p class="sample-bubble">{t!("look-sample-theirs")}</p>
                <p class="sample-bubble sample-mine">{t!("look-sample-mine")}</p>
            </div>
            <div class="slider">
                <input
                    type="range"
                    min=*Preferences::TEXT_SCALES.start()
                    max=*Preferences::TEXT_SCALES.end()
                    step="5"
                    data-testid="look-text-size"
                    aria-labelledby="look-text"
                    aria-describedby="look-text-help"
                    aria-valuetext=move || t!("look-text-value", percent = percent.get())
                    prop:value=move || percent.get().to_string()
                    on:input=move |event| held.set(read(&event))
                    on:change=let_go
                />
                <output class="slider-value" data-testid="look-text-value">{move || t!("look-text-value", percent = percent.get())}</output>
            </div>
            <p class="hint" id="look-text-help">{t!("look-text-help")}</p>
        </div>
    }
}
