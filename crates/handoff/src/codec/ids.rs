//! Ids as 128 bits.

/// Kind of an id and its 128 bits; kind 0 is any other text.
pub(super) fn split_id(text: &str) -> (usize, u128) {
    let dashes = [8, 13, 18, 23];
    let dashed =
        text.len() == 36 && text.bytes().enumerate().all(|(i, b)| (b == b'-') == dashes.contains(&i));
    let hex: String = if dashed { text.replace('-', "") } else { text.to_owned() };
    if hex.len() != 32 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return (0, 0);
    }
    let lower = !hex.bytes().any(|b| b.is_ascii_uppercase());
    let upper = !hex.bytes().any(|b| b.is_ascii_lowercase());
    let kind = 1 + usize::from(dashed) * 2 + usize::from(!lower);
    match u128::from_str_radix(&hex, 16) {
        Ok(bits) if lower || upper => (kind, bits),
        _ => (0, 0),
    }
}

pub(super) fn join_id(kind: usize, bits: u128) -> Option<String> {
    let lower = format!("{bits:032x}");
    let hex = if kind.is_multiple_of(2) { lower.to_ascii_uppercase() } else { lower };
    match kind {
        1 | 2 => Some(hex),
        3 | 4 => {
            let part = |a, b| hex.get(a..b);
            Some([part(0, 8)?, part(8, 12)?, part(12, 16)?, part(16, 20)?, part(20, 32)?].join("-"))
        }
        _ => None,
    }
}
