//! Ids as 128 bits.

/// Whether a dash stands in front of the digit at this place of a UUID.
fn dash_before(digit: usize) -> bool {
    matches!(digit, 8 | 12 | 16 | 20)
}

/// Kind of an id and its 128 bits; kind 0 is any other text.
pub(super) fn split_id(text: &str) -> (usize, u128) {
    let dashed = text.len() == 36;
    let (mut bits, mut digits, mut lower, mut upper) = (0, 0, false, false);
    let mut bytes = text.bytes();
    while let Some(mut byte) = bytes.next() {
        if dashed && dash_before(digits) {
            match (byte, bytes.next()) {
                (b'-', Some(next)) => byte = next,
                _ => return (0, 0),
            }
        }
        let Some(digit) = char::from(byte).to_digit(16) else { return (0, 0) };
        bits = bits << 4 | u128::from(digit);
        digits += 1;
        lower |= byte.is_ascii_lowercase();
        upper |= byte.is_ascii_uppercase();
    }
    if digits != 32 || (lower && upper) {
        return (0, 0);
    }
    (1 + usize::from(dashed) * 2 + usize::from(upper), bits)
}

pub(super) fn join_id(kind: usize, bits: u128) -> Option<String> {
    if !(1..=4).contains(&kind) {
        return None;
    }
    let mut out = String::new();
    for digit in 0..32 {
        if kind >= 3 && dash_before(digit) {
            out.push('-');
        }
        let value = (bits >> (124 - 4 * digit) & 15) as u32;
        let mut character = char::from_digit(value, 16)?;
        if kind.is_multiple_of(2) {
            character.make_ascii_uppercase();
        }
        out.push(character);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_every_kind_come_back() {
        for (text, kind) in [
            ("01f0a1b2c3d41e5f8a9b0c1d2e3f4a5b", 1),
            ("00000000000000000000000000000009", 1),
            ("01F0A1B2C3D41E5F8A9B0C1D2E3F4A5B", 2),
            ("01f0a1b2-c3d4-1e5f-8a9b-0c1d2e3f4a5b", 3),
            ("01F0A1B2-C3D4-1E5F-8A9B-0C1D2E3F4A5B", 4),
        ] {
            let (found, bits) = split_id(text);
            assert_eq!((found, join_id(found, bits).as_deref()), (kind, Some(text)));
        }
        assert_eq!(join_id(0, 1), None);
        assert_eq!(join_id(5, 1), None);
    }

    #[test]
    fn every_other_text_is_none() {
        for text in [
            "",
            "01f0a1b2c3d41e5f8a9b0c1d2e3f4a5",
            "01f0a1b2c3d41e5f8a9b0c1d2e3f4a5bc",
            "01f0A1b2c3d41e5f8a9b0c1d2e3f4a5b",
            "01f0a1b2c3d41e5f8a9b0c1d2e3f4a5g",
            "+1f0a1b2c3d41e5f8a9b0c1d2e3f4a5b",
            "01f0a1b2-c3d4-1e5f-8a9b0-c1d2e3f4a5b",
            "01f0a1b2c3d4-1e5f-8a9b-0c1d2e3f4a5b-",
            "01f0a1b2c3d41e5f8a9b0c1d2e3f4a5b0000",
            "01f0a1b2--c3d4-1e5f-8a9b-c1d2e3f4a5b",
        ] {
            assert_eq!(split_id(text), (0, 0), "{text}");
        }
    }
}
