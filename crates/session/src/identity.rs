//! What makes two handoffs the same.

use sha2::{Digest, Sha256};

/// Characters of a handoff id; with 36 letters and digits that is 103 bits.
const LENGTH: usize = 20;

/// The id of the handoff that `parts` describe: 20 characters of `a-z0-9`. Equal parts give the same id, so that asking
/// again finds what is there. Parts are told apart by their lengths.
#[must_use]
pub fn handoff_id(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let mut number = digest.iter().take(16).fold(0u128, |number, byte| number << 8 | u128::from(*byte));
    let mut out = String::with_capacity(LENGTH);
    for _ in 0..LENGTH {
        let digit = (number % 36) as u8;
        number /= 36;
        out.push(char::from(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_parts_give_the_same_id_and_others_do_not() {
        let id = handoff_id(&["a", "bc"]);
        assert_eq!(id, handoff_id(&["a", "bc"]));
        assert!(id.len() == 20 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{id}");
        for other in [&["ab", "c"][..], &["abc"], &["a", "bc", ""], &["bc", "a"]] {
            assert_ne!(id, handoff_id(other));
        }
    }
}
