//! Icons: strokes on a 24 × 24 grid in the manner of Lucide (ISC licence), hidden from assistive technology. The
//! control around an icon carries the name.

use leptos::prelude::*;

/// One icon's strokes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Icon(&'static str);

pub(crate) const BACK: Icon = Icon("m15 18-6-6 6-6");
pub(crate) const FORWARD: Icon = Icon("m9 18 6-6-6-6");
pub(crate) const PLUS: Icon = Icon("M12 5v14M5 12h14");
pub(crate) const SEND: Icon = Icon("M12 19V5m-7 7 7-7 7 7");
pub(crate) const CLOSE: Icon = Icon("M18 6 6 18M6 6l12 12");
pub(crate) const DEVICES: Icon = Icon("M3 5h13v10H3zM1 19h12M17 10h5v10h-5zM19.5 17v.01");
pub(crate) const DOWN: Icon = Icon("M12 5v14m7-7-7 7-7-7");
pub(crate) const PIN: Icon = Icon("M12 17v5M8 3h8l-1 7 3 3v2H6v-2l3-3z");
pub(crate) const COPY: Icon = Icon(
    "M10 8h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2zM4 16a2 2 0 0 1-2-2V4c0-1.1.9-2 2-2h10a2 2 0 0 1 2 2",
);
pub(crate) const QR: Icon = Icon(
    "M3 3h6v6H3zM15 3h6v6h-6zM3 15h6v6H3zM15 15h2v2h-2zM21 15v.01M21 21v-2M17 21h-2v-1M12 3v4M12 11v2H9M3 12h2M21 12h-4",
);
pub(crate) const MORE: Icon = Icon("M12 5v.01M12 12v.01M12 19v.01");
pub(crate) const CLOCK: Icon = Icon("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2");
pub(crate) const CIRCLE_DOTS: Icon =
    Icon("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12v.01M12 12v.01M16 12v.01");
pub(crate) const CHECK: Icon = Icon("m5 13 4 4L19 7");
pub(crate) const CHECKS: Icon = Icon("m2 13 4 4L16 7M12 16l1 1L23 7");
pub(crate) const ALERT: Icon = Icon("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5v5M12 16v.01");
pub(crate) const OFFLINE: Icon = Icon(
    "M3 3l18 18M8.5 16.4a5 5 0 0 1 7 0M5 12.9a10 10 0 0 1 5.2-2.7M19 12.9a10 10 0 0 0-2-1.5M2 8.8a15 15 0 0 1 4.2-2.6M22 8.8A15 15 0 0 0 10.7 5M12 20v.01",
);
pub(crate) const MESSAGE: Icon = Icon("M21 12a8 8 0 0 1-8 8H4l1.6-3.2A8 8 0 1 1 21 12z");
pub(crate) const INBOX: Icon =
    Icon("M3 13h5l1.5 3h5L16 13h5M5.5 5h13L21 13v5a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-5z");
pub(crate) const GIFT: Icon = Icon(
    "M20 12v8H4v-8M3 8h18v4H3zM12 8v12M12 8S11 3 8 3a2.5 2.5 0 0 0 0 5zM12 8s1-5 4-5a2.5 2.5 0 0 1 0 5z",
);
pub(crate) const ROUTE: Icon = Icon(
    "M6 16a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM18 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM9 19h8.5a3.5 3.5 0 0 0 0-7h-11a3.5 3.5 0 0 1 0-7H15",
);
pub(crate) const KEY: Icon = Icon("M7.5 11a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM11 12.5 21 2.5M16 7.5l3 3");
pub(crate) const SERVER: Icon = Icon(
    "M4 3h16a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM4 14h16a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1zM7 6.5v.01M7 17.5v.01",
);
pub(crate) const BOX: Icon = Icon("M4 8v12h16V8M3 4h18v4H3zM10 12h4");
pub(crate) const SUN: Icon = Icon(
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
);
pub(crate) const PENCIL: Icon = Icon("M4 20h4L19.5 8.5a2.8 2.8 0 0 0-4-4L4 16zM14 6l4 4");
pub(crate) const IMAGE: Icon = Icon(
    "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM9 8a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM20 15l-4-4-8 9",
);
pub(crate) const CAMERA: Icon = Icon(
    "M9 5h6l1.5 2.5H20a1 1 0 0 1 1 1V18a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8.500a1 1 0 0 1 1-1h3.500zM12 10a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
);
pub(crate) const PERSON: Icon = Icon("M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5 21a7 7 0 0 1 14 0");
pub(crate) const BOOKMARK: Icon = Icon("M7 3h10a1 1 0 0 1 1 1v17l-6-4-6 4V4a1 1 0 0 1 1-1z");
pub(crate) const EYE_OFF: Icon = Icon(
    "M3 3l18 18M10.6 5.1A10.7 10.7 0 0 1 12 5c6.5 0 10 7 10 7a17 17 0 0 1-2.5 3.4M6.6 6.6A17 17 0 0 0 2 12s3.5 7 10 7a9.7 9.7 0 0 0 5.4-1.6M9.9 9.9a3 3 0 0 0 4.2 4.2",
);
pub(crate) const SEARCH: Icon = Icon("M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM21 21l-5-5");
pub(crate) const BELL: Icon = Icon("M6 9a6 6 0 0 1 12 0c0 6 2.5 8 2.5 8h-17S6 15 6 9zM10 21h4");
pub(crate) const BELL_OFF: Icon =
    Icon("M3 3l18 18M8.5 4.2A6 6 0 0 1 18 9c0 1.9.2 3.4.6 4.6M17 17H3.5S6 15 6 9c0-.6.1-1.2.2-1.7M10 21h4");
pub(crate) const TRASH: Icon = Icon("M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5");
pub(crate) const BAN: Icon = Icon("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM5.7 5.7l12.6 12.6");
pub(crate) const INFO: Icon = Icon("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8v.01");
pub(crate) const MAIL: Icon =
    Icon("M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM3.5 7l8.5 6 8.5-6");
pub(crate) const MAIL_OPEN: Icon = Icon("M3 10l9-6 9 6v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1zM3.5 11l8.5 5 8.5-5");
pub(crate) const PERSON_OFF: Icon = Icon("M10 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM3 21a7 7 0 0 1 14 0M17 8h5");
pub(crate) const BROOM: Icon = Icon("M19 4l-7 7M9 10l5 5-3 5H4l-1-1 2-4zM7 20l1-3");
pub(crate) const MESSAGES: Icon =
    Icon("M17 8h3a1 1 0 0 1 1 1v12l-4-3H9a1 1 0 0 1-1-1v-1M3 3h13a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H7l-4 3z");
pub(crate) const TIMER: Icon = Icon("M12 6a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 10v4M9 2h6");
pub(crate) const EYE: Icon =
    Icon("M2 12s3.5-7 10-7 10 7 10 7-3.5 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z");
pub(crate) const FILE: Icon = Icon("M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5");
pub(crate) const PLAY: Icon = Icon("M7 4.5v15l12-7.5z");
pub(crate) const PAUSE: Icon = Icon("M8 5v14M16 5v14");
pub(crate) const STOP: Icon = Icon("M7 6h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1z");
pub(crate) const MIC: Icon =
    Icon("M12 2a3 3 0 0 1 3 3v7a3 3 0 0 1-6 0V5a3 3 0 0 1 3-3zM19 11v1a7 7 0 0 1-14 0v-1M12 19v3M8 22h8");
pub(crate) const LOCK: Icon =
    Icon("M6 11h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1zM8 11V7a4 4 0 0 1 8 0v4");
pub(crate) const SHARE: Icon = Icon("M15 5l6 6-6 6M21 11H10a7 7 0 0 0-7 7v1");
pub(crate) const ANSWER: Icon = Icon("M9 5l-6 6 6 6M3 11h11a7 7 0 0 1 7 7v1");
pub(crate) const MINUS: Icon = Icon("M5 12h14");
pub(crate) const LINK: Icon = Icon(
    "M10 14a4.5 4.5 0 0 0 6.4 0l3.2-3.2a4.5 4.5 0 0 0-6.4-6.4L12 5.6M14 10a4.5 4.5 0 0 0-6.4 0l-3.2 3.2a4.5 4.5 0 0 0 6.4 6.4l1.2-1.2",
);
pub(crate) const PHOTO: Icon = Icon(
    "M5 4h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM3 17l5-5 4 4 3-3 6 5M15.5 8.5v.01",
);

/// Draws an icon.
#[component]
pub(crate) fn Glyph(
    /// Which one.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.0/>
        </svg>
    }
}

/// The product's mark: a tern on the wing.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 64 64" aria-hidden="true" focusable="false">
            <path
                class="mark-wing"
                d="M3 22c14 0 22 5 27 13 6-12 15-19 31-22-8 8-13 14-15 22-2 9-8 16-18 16-6 0-10-2-13-5l-9 3 5-7C8 36 6 30 3 22z"
            />
            <path class="mark-bill" d="M6 49l5-7 4 4z"/>
        </svg>
    }
}
