//! Letters and digits of the scripts that names are written in.
//!
//! The standard library knows all of them, with tables of 3 kB. A character that is missing here costs nothing but
//! comfort: a query with one outside of quotes and comments does not travel. Nothing may be here that is no letter.

/// Where letters begin and end, in turn: a character is one if an odd number of these is not above it.
const BOUNDS: [u16; 88] = [
    0x00AA, 0x00AB, 0x00B5, 0x00B6, 0x00BA, 0x00BB, 0x00C0, 0x00D7, 0x00D8, 0x00F7, 0x00F8,
    0x02C2, // Latin
    0x0386, 0x0387, 0x0388, 0x038B, 0x038E, 0x03A2, 0x03A3, 0x03F6, 0x03F7, 0x0482, // Greek, Cyrillic
    0x048A, 0x0530, 0x0531, 0x0557, 0x0560, 0x0589, // Cyrillic, Armenian
    0x05D0, 0x05EB, 0x0620, 0x0658, 0x066E, 0x06D4, // Hebrew, Arabic
    0x0900, 0x093C, 0x093D, 0x094D, 0x0955, 0x0964, 0x0971, 0x0984, // Devanagari
    0x0E01, 0x0E3B, 0x0E40, 0x0E47, // Thai
    0x10A0, 0x10C6, 0x10D0, 0x10FB, 0x10FC, 0x1249, // Georgian, Hangul, Ethiopic
    0x1E00, 0x1F16, 0x1F20, 0x1F46, 0x1F5F, 0x1F7E, 0x1F80, 0x1FB5, // Latin, Greek
    0x3005, 0x3007, 0x3041, 0x3097, 0x309D, 0x30A0, 0x30A1, 0x30FB, 0x30FC, 0x3100, // Kana
    0x3105, 0x3130, 0x3131, 0x318F, 0x3400, 0x4DC0, 0x4E00, 0xA48D, // Bopomofo, Hangul, Han, Yi
    0xAC00, 0xD7A4, 0xF900, 0xFA6E, // Hangul, Han
    0xFF21, 0xFF3B, 0xFF41, 0xFF5B, 0xFF66, 0xFFBF, // full and half width
];

/// The zeros of the decimal digits that are read, ten each.
const ZEROS: [u16; 5] = [0x0660, 0x06F0, 0x0966, 0x0E50, 0xFF10];

/// True for a letter.
pub(crate) fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    let Ok(code) = u16::try_from(u32::from(c)) else { return ('\u{20000}'..'\u{2A6E0}').contains(&c) };
    let mut letter = false;
    for bound in BOUNDS {
        letter ^= bound <= code;
    }
    letter
}

/// True for a digit that is not ASCII.
pub(crate) fn is_other_digit(c: char) -> bool {
    let code = u32::from(c);
    ZEROS.iter().any(|zero| (u32::from(*zero)..u32::from(*zero) + 10).contains(&code))
}

/// True for a letter or digit.
pub(crate) fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_digit() || is_letter(c) || is_other_digit(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_a_letter_here_is_one() {
        assert!(BOUNDS.is_sorted());
        for c in '\0'..=char::MAX {
            assert!(!is_letter(c) || (c.is_alphabetic() && !c.is_numeric()), "{c:?}");
            assert!(!is_other_digit(c) || (c.is_numeric() && !c.is_ascii()), "{c:?}");
            assert!(!c.is_ascii() || is_letter_or_digit(c) == c.is_ascii_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn names_of_many_scripts_are_words() {
        let names = "größe Ærø İzmir Łódź œuvre Ångström αριθμός Ώρα ЁЛКА ґанок տուն שם اسم नाम ชื่อ სახელი 이름 \
                     なまえ カタカナ々 ｶﾀｶﾅ 数量 㐂 ＡＢＣ ｘｙｚ 𠮷 ﬀ";
        let strange: String =
            names.chars().filter(|c| !is_letter_or_digit(*c) && !c.is_whitespace()).collect();
        // A Thai tone mark, which the standard library does not count as a letter either; a ligature.
        assert_eq!(strange, "\u{e48}ﬀ");
        for digits in ["٠٩", "۰۹", "०९", "๐๙", "０９"] {
            assert!(digits.chars().all(is_other_digit), "{digits}");
        }
        for none in ['×', '÷', '€', '“', '–', '₂', '½', '，', '。', '〇', '\u{a0}', '😀'] {
            assert!(!is_letter_or_digit(none), "{none}");
        }
    }
}
