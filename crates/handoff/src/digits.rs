//! Numbers in texts. Each kind of number has code of its own in the standard library; one small function is enough for
//! what a page loads first.

/// Appends a whole number.
#[inline(never)]
pub fn push_number(text: &mut String, number: u64) {
    if number > 9 {
        push_number(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// A count or a place in a list as a text.
#[must_use]
#[inline(never)]
pub fn digits(number: usize) -> String {
    let mut text = String::new();
    push_number(&mut text, number as u64);
    text
}

/// Appends the number of a character, at least four hexadecimal digits.
pub fn push_code(text: &mut String, c: char) {
    let code = u32::from(c);
    for shift in [20, 16, 12, 8, 4, 0] {
        if shift < 16 || code >> shift > 0 {
            let digit = char::from_digit(code >> shift & 15, 16).unwrap_or_default();
            text.push(digit.to_ascii_uppercase());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_library_does() {
        let mut numbers = vec![0, 9, 10, 99, 100, 101, u64::MAX, u64::MAX - 1, 10_000_000_000_000_000_000];
        numbers.extend((0..64).flat_map(|bit| [1 << bit, (1_u64 << bit) - 1]));
        for number in numbers {
            let mut text = "n".to_owned();
            push_number(&mut text, number);
            assert_eq!(text, format!("n{number}"));
        }
        assert_eq!(digits(2_000), "2000");
    }

    #[test]
    fn codes_have_four_digits_or_more() {
        for (c, code) in [('\0', "0000"), ('\u{7f}', "007F"), ('\u{202e}', "202E"), ('\u{10fffd}', "10FFFD")]
        {
            let mut text = String::new();
            push_code(&mut text, c);
            assert_eq!(text, code);
            assert_eq!(text, format!("{:04X}", u32::from(c)));
        }
    }
}
