//! The characters of a payload: version, check value, body.

use crate::error::HandoffError;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Characters of the check value.
const CHECK: usize = 6;

fn character(value: u32) -> char {
    ALPHABET.get((value & 63) as usize).map_or('A', |b| char::from(*b))
}

fn value(character: u8) -> Option<u32> {
    Some(match character {
        b'A'..=b'Z' => u32::from(character - b'A'),
        b'a'..=b'z' => u32::from(character - b'a') + 26,
        b'0'..=b'9' => u32::from(character - b'0') + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
}

/// CRC-32 as in ISO 3309 and zlib: polynomial 0xEDB88320, all ones before and after.
pub(crate) fn crc32(bytes: impl Iterator<Item = u8>) -> u32 {
    !bytes.fold(!0, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    })
}

/// The 36 bits of the check value: the CRC of version and body, then the length of the body.
fn check(version: char, body: &str) -> u64 {
    let crc = crc32(std::iter::once(version as u8).chain(body.bytes()));
    u64::from(crc) << 4 | (body.len() & 15) as u64
}

/// Four characters for every three bytes; the last bytes count as if zeros followed.
pub(crate) fn text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 2);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().chain([0, 0].iter()).take(3).fold(0, |bits, b| bits << 8 | u32::from(*b));
        for shift in [18, 12, 6, 0] {
            out.push(character(bits >> shift));
        }
    }
    out
}

/// A whole payload: bytes as base64url without padding behind version and check value. Zeros at the end are left out, and the last character is a letter or
/// a digit: Markdown and chat programs cut other characters off the end of a link.
pub(crate) fn write(version: char, bytes: &[u8]) -> String {
    let mut body = text(bytes);
    body.truncate(body.trim_end_matches('A').len());
    if body.ends_with(['-', '_']) {
        body.push('A');
    }
    seal(version, &body)
}

/// Puts version and check value in front of a body.
pub(crate) fn seal(version: char, body: &str) -> String {
    let check = check(version, body);
    let mut out = String::with_capacity(body.len() + 1 + CHECK);
    out.push(version);
    for i in (0..CHECK).rev() {
        out.push(character((check >> (6 * i)) as u32));
    }
    out.push_str(body);
    out
}

/// Checks the frame of a payload and gives back its body.
pub(crate) fn open(payload: &str) -> Result<&str, HandoffError> {
    let version = payload.chars().next().ok_or(HandoffError::Empty)?;
    let (head, body) = payload.split_at_checked(1 + CHECK).ok_or(HandoffError::Damaged)?;
    let found = head.bytes().skip(1).try_fold(0u64, |bits, c| Some(bits << 6 | u64::from(value(c)?)));
    if found == Some(check(version, body)) { Ok(body) } else { Err(HandoffError::Damaged) }
}

/// Reads base64url of any length; bits that do not fill a byte count as if zeros followed.
pub(crate) fn read(body: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len() * 3 / 4 + 1);
    let (mut bits, mut count) = (0u32, 0);
    for c in body.bytes() {
        bits = bits << 6 | value(c)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 255) as u8);
            bits &= (1 << count) - 1;
        }
    }
    if count > 0 && bits != 0 {
        out.push((bits << (8 - count) & 255) as u8);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back() {
        for bytes in
            [&b"a"[..], b"ab", b"abc", b"\xff\xff\xff", b"\xfb\xff\xfe", b"\0\0\x01", b"\xff", &[7; 100]]
        {
            let payload = write('b', bytes);
            assert!(payload.ends_with(|c: char| c.is_ascii_alphanumeric()), "{payload}");
            let mut back = read(open(&payload).unwrap()).unwrap();
            while back.last() == Some(&0) {
                back.pop();
            }
            assert_eq!(back, bytes);
        }
    }

    #[test]
    fn the_check_value_is_the_known_crc() {
        assert_eq!(crc32(b"123456789".iter().copied()), 0xCBF4_3926);
    }

    #[test]
    fn every_changed_character_is_found() {
        let payload = write('b', b"some bytes that stand for a context");
        for at in 0..payload.len() {
            for c in ALPHABET {
                let mut changed = payload.clone().into_bytes();
                if changed[at] != *c {
                    changed[at] = *c;
                    let changed = String::from_utf8(changed).unwrap();
                    assert!(open(&changed).is_err(), "{changed}");
                }
            }
        }
    }
}
