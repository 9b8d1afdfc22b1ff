//! Canonical JSON (RFC 8785) and the plan hash.

use std::fmt;

use handoff::{Object, Value, write_json_text};
use sha2::block_api::compress256;

use crate::document::{AsDocument, Document};
use crate::number::Decimal;
use crate::order::sort_by;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// What SHA-256 starts with: the first 32 bits of the fractions of the square roots of the first eight primes.
const START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// SHA-256 as hexadecimal digits. The rounds are the library's; its ways to feed them piece by piece cost more than the
/// padding of a whole text (FIPS 180-4 section 5.1.1), which is all that is needed here.
fn sha256_hex(bytes: &[u8]) -> String {
    let mut state = START;
    let (blocks, rest) = bytes.as_chunks();
    compress256(&mut state, blocks);
    let mut last = rest.to_vec();
    last.push(0x80);
    while last.len() % 64 != 56 {
        last.push(0);
    }
    last.extend_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
    compress256(&mut state, last.as_chunks().0);
    let mut hex = String::with_capacity(64);
    for word in state {
        for byte in word.to_be_bytes() {
            for digit in [byte >> 4, byte & 15] {
                hex.push(char::from(HEX.get(usize::from(digit)).copied().unwrap_or_default()));
            }
        }
    }
    hex
}

/// The plan hash: SHA-256 of the canonical JSON (RFC 8785) of the whole document.
///
/// It covers everything, descriptions and unknown parts included: what was reviewed is what runs, and nobody has
/// to know which keys count. Key order, white space, escapes and number spelling (`60`, `60.0`) do not change it.
/// A default that is left out and a default that is written down are two documents and have two hashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PlanHash(String);

impl PlanHash {
    /// The hash of a document, whether it is a valid plan or not.
    #[must_use]
    pub fn of(document: &impl AsDocument) -> Self {
        Self::of_document(&document.as_document())
    }

    pub(crate) fn of_document(document: &Document) -> Self {
        let mut text = String::new();
        write_value(&mut text, document);
        Self(sha256_hex(text.as_bytes()))
    }

    /// 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlanHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A document as canonical JSON, <https://www.rfc-editor.org/rfc/rfc8785>.
///
/// Numbers are IEEE 754 doubles there, as in JavaScript: an integer above 2^53 is written as its nearest double.
#[must_use]
pub fn canonical_json(document: &impl AsDocument) -> String {
    let mut out = String::new();
    write_value(&mut out, &document.as_document());
    out
}

/// The entries of an object by their keys. RFC 8785 section 3.2.3: by UTF-16 code units, which is not the order of
/// UTF-8 bytes beyond U+FFFF.
pub(crate) fn sorted(object: &Object) -> Vec<(&str, &Value)> {
    let mut entries: Vec<(&str, &Value)> = object.iter().collect();
    sort_by(&mut entries, |(a, _), (b, _)| comes_first(a, b));
    entries
}

pub(crate) fn comes_first(a: &str, b: &str) -> bool {
    // UTF-8 has the order of UTF-16 but for one thing: what UTF-16 writes as two surrogates, with F0 and above as its
    // first byte here, comes before U+E000 to U+FFFF.
    let place = |byte: u8| if byte == 0xee || byte == 0xef { 0xff } else { byte };
    match a.bytes().zip(b.bytes()).find(|(a, b)| a != b) {
        Some((0xee | 0xef, 0xee | 0xef)) | None => a < b,
        Some((a, b)) => place(a) < place(b),
    }
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Number(number) => out.push_str(&Decimal::read(number.as_str()).canonical()),
        Value::String(text) => write_json_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write_value(out, item);
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            for (n, (key, item)) in sorted(object).into_iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write_json_text(key, out);
                out.push(':');
                write_value(out, item);
            }
            out.push('}');
        }
        Value::Null | Value::Bool(_) => out.push_str(&value.to_json()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn canonical(text: &str) -> String {
        canonical_json(&crate::parse_document(text).unwrap())
    }

    #[test]
    fn the_hash_is_the_one_of_the_library() {
        use sha2::{Digest as _, Sha256};
        let bytes: Vec<u8> = (0..=255).cycle().take(300).collect();
        for length in 0..bytes.len() {
            let expected: String =
                Sha256::digest(&bytes[..length]).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(sha256_hex(&bytes[..length]), expected, "{length}");
        }
    }

    #[test]
    fn the_example_of_the_rfc() {
        let input = r#"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#;
        let expected = concat!(
            r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#,
            r#""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        );
        assert_eq!(canonical(input), expected);
    }

    #[test]
    fn utf8_can_be_sorted_as_utf16() {
        let parts = [
            "",
            "a",
            "é",
            "\u{7ff}",
            "\u{800}",
            "\u{d7ff}",
            "\u{e000}",
            "\u{fffd}",
            "\u{10000}",
            "\u{10ffff}",
        ];
        let texts: Vec<String> =
            parts.iter().flat_map(|a| parts.iter().map(move |b| [*a, b, "x"].concat())).collect();
        for a in &texts {
            for b in &texts {
                assert_eq!(comes_first(a, b), a.encode_utf16().lt(b.encode_utf16()), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn keys_sort_by_utf16() {
        let input =
            r#"{"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7}"#;
        assert_eq!(
            canonical(input),
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}"
        );
    }

    #[test]
    fn numbers_as_in_the_rfcs_table() {
        for (bits, text) in [
            (0x0000_0000_0000_0000_u64, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        ] {
            // More digits than any double needs.
            assert_eq!(canonical(&format!("{:.25e}", f64::from_bits(bits))), text, "{bits:#x}");
        }
    }

    #[test]
    fn the_hash_ignores_order_and_spelling_only() {
        let hash = |text: &str| PlanHash::of(&crate::parse_document(text).unwrap());
        assert_eq!(hash(r#"{"a":1,"b":[2,"é"]}"#), hash(r#" {"b": [2.0, "\u00e9"], "a": 1e0} "#));
        assert_ne!(hash(r#"{"a":[1,2]}"#), hash(r#"{"a":[2,1]}"#));
        assert_ne!(hash(r#"{"a":"1"}"#), hash(r#"{"a":1}"#));
        // sha256 of "{}", from `printf '{}' | sha256sum`.
        assert_eq!(
            PlanHash::of(&json!({})).as_str(),
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
    }
}
