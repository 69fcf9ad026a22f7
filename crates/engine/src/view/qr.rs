//! QR codes as modules.

use contract::{ErrorCode, Failure, QrView};
use qrcode::{Color, EcLevel, QrCode};

/// Draws a text as a QR code of medium error correction.
pub(crate) fn draw(text: &str) -> Result<QrView, Failure> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|_| Failure::new(ErrorCode::Unknown).with("code", "qr"))?;
    let side = code.width();
    let colors = code.to_colors();
    let row = |row: &[Color]| row.iter().map(|color| color.select('1', '0')).collect();
    Ok(QrView {
        size: u16::try_from(side).unwrap_or(u16::MAX),
        rows: colors.chunks(side.max(1)).map(row).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_and_has_its_finder_patterns() {
        let code = draw("05d2ad010eeb72d72e561d9de7bd7b6989af77dcabffa03a5111a6c859ae5c3a72").unwrap();
        assert_eq!(code.rows.len(), usize::from(code.size));
        assert!(code.rows.iter().all(|row| row.len() == usize::from(code.size)));
        assert!(code.rows[0].starts_with("11111110") && code.rows[0].ends_with("01111111"));
    }
}
