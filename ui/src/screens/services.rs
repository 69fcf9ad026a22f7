//! Settings > Network services, to read.

use contract::{ListServices, ServiceKind, ServiceView};
use leptos::prelude::*;

use crate::app::ui;
use crate::clock;
use crate::components::top_bar::TopBar;
use crate::locale::t;

/// One card for each service of the network profile.
#[component]
pub(crate) fn Services() -> impl IntoView {
    let ui = ui();
    let services = RwSignal::new(Vec::<ServiceView>::new());
    ui.ask(ListServices {}, move |found| {
        let _ = services.try_set(found);
    });
    let network = move || {
        ui.startup.with(|startup| {
            startup
                .as_ref()
                .map(|s| t!("set-network", name = s.network.as_str()))
        })
    };
    view! {
        <TopBar title=t!("services-title")/>
        <main class="page">
            <p class="lead">{t!("services-body")}</p>
            <p class="hint" data-testid="services-network">{network}</p>
            <ul class="cards" aria-label=t!("services-title")>
                {move || services.get().into_iter().map(card).collect_view()}
            </ul>
        </main>
    }
}

fn card(service: ServiceView) -> impl IntoView {
    let (name, help, testid) = match service.kind {
        ServiceKind::Seeds => (t!("services-seeds"), t!("services-seeds-help"), "service-seeds"),
        ServiceKind::FileServer => (t!("services-files"), t!("services-files-help"), "service-files"),
        ServiceKind::PushServer => (t!("services-push"), t!("services-push-help"), "service-push"),
        ServiceKind::Communities => (
            t!("services-communities"),
            t!("services-communities-help"),
            "service-communities",
        ),
        ServiceKind::Names => (t!("services-names"), t!("services-names-help"), "service-names"),
        _ => (t!("services-other"), String::new(), "service-other"),
    };
    let state = if service.addresses.is_empty() {
        t!("services-none")
    } else {
        state(&service)
    };
    view! {
        <li class="card service" data-testid=testid>
            <h2 class="card-title">{name}</h2>
            <p class="hint">{help}</p>
            <ul class="addresses">
                {service
                    .addresses
                    .into_iter()
                    .map(|address| view! { <li><bdi class="mono" dir="ltr" translate="no">{address}</bdi></li> })
                    .collect_view()}
            </ul>
            <p class="hint">{state}</p>
        </li>
    }
}

fn state(service: &ServiceView) -> String {
    let at = |moment| clock::local(moment).with_day(clock::now());
    match (service.silent_since_ms, service.last_answered_ms) {
        (Some(since), _) => t!("services-silent", time = at(since)),
        (None, Some(last)) => t!("services-answered", time = at(last)),
        (None, None) => t!("services-unused"),
    }
}
