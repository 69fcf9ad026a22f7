//! A QR code, always dark on white with its quiet margin, whatever the theme.

use contract::QrView;
use leptos::prelude::*;

/// Light modules around the code, as scanners expect.
const MARGIN: usize = 4;

/// Draws a code.
#[component]
pub(crate) fn QrCode(
    /// The modules.
    code: QrView,
    /// What it is a code of.
    #[prop(into)]
    label: String,
    /// The element's test id.
    testid: &'static str,
) -> impl IntoView {
    let side = usize::from(code.size) + 2 * MARGIN;
    view! {
        <svg class="qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=label data-testid=testid>
            <path class="qr-light" d=format!("M0 0h{side}v{side}H0z")/>
            <path class="qr-dark" d=outline(&code.rows)/>
        </svg>
    }
}

/// One rectangle for every run of dark modules.
fn outline(rows: &[String]) -> String {
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        let mut x = 0;
        for run in row.as_bytes().chunk_by(|a, b| a == b) {
            if run.first() == Some(&b'1') {
                let (x, y, width) = (x + MARGIN, y + MARGIN, run.len());
                path.push_str(&format!("M{x} {y}h{width}v1h-{width}z"));
            }
            x += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_modules_is_one_rectangle_inside_the_margin() {
        assert_eq!(
            outline(&["1101".into(), "0010".into()]),
            "M4 4h2v1h-2zM7 4h1v1h-1zM6 5h1v1h-1z"
        );
    }
}
