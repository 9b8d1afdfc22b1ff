//! JSON numbers as they are written, without floating point arithmetic.
//!
//! A document keeps the text of each number. RFC 8785 wants the nearest IEEE 754 double in its shortest form; the
//! library's reader and printer of doubles have 30 kB of tables and code, and a valid plan has no such number. So the
//! few lines that it takes are here, with exact whole numbers of any length.

use std::cmp::Ordering;

use crate::values::push_number;

/// A decimal number: `0.DIGITS * 10^point`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: Vec<u8>,
    point: i32,
}

/// Digits that can matter: no number halfway between two doubles has more than 767.
const MAX_DIGITS: usize = 800;

impl Decimal {
    /// Reads the text of a JSON number.
    pub(crate) fn read(text: &str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let end = text.bytes().position(|byte| byte | 32 == b'e').unwrap_or(text.len());
        let mantissa = text.get(..end).unwrap_or_default();
        let mut exponent = 0;
        // What stands behind the E. An exponent beyond any double is as good as a very large one.
        for byte in text.bytes().skip(end + 1).filter(u8::is_ascii_digit) {
            exponent = (exponent * 10 + i32::from(byte - b'0')).min(99_999);
        }
        if text.as_bytes().get(end + 1) == Some(&b'-') {
            exponent = -exponent;
        }
        let mut digits = Vec::new();
        let mut point = 0;
        let mut fraction = false;
        for byte in mantissa.bytes() {
            if byte == b'.' {
                fraction = true;
            } else if byte == b'0' && digits.is_empty() {
                point -= i32::from(fraction);
            } else {
                point += i32::from(!fraction);
                if digits.len() < MAX_DIGITS {
                    digits.push(byte - b'0');
                } else if byte != b'0' {
                    // Whatever comes here says no more than "a little above".
                    digits.truncate(MAX_DIGITS);
                    digits.push(1);
                }
            }
        }
        while digits.last() == Some(&0) {
            digits.pop();
        }
        Self { negative, point: if digits.is_empty() { 0 } else { point + exponent }, digits }
    }

    /// The number, if it is a whole one from 0 to 2^53.
    pub(crate) fn whole(&self) -> Option<u64> {
        let places = usize::try_from(self.point).ok().filter(|places| *places <= 16)?;
        if self.digits.len() > places || (self.negative && places > 0) {
            return None;
        }
        let mut number = 0;
        for place in 0..places {
            number = number * 10 + u64::from(self.digits.get(place).copied().unwrap_or_default());
        }
        (number <= 1 << 53).then_some(number)
    }

    /// The number as ECMAScript's `Number::toString` prints it (ECMA-262 section 6.1.6.1.20). A number beyond every
    /// double keeps its own digits.
    pub(crate) fn canonical(mut self) -> String {
        // Up to 15 digits are the shortest form of their double, and so are those of whole numbers up to 2^53.
        let exact = self.digits.len() <= 15 && (-306..=308).contains(&self.point);
        if !exact
            && self.whole().is_none()
            && let Some(double) = self.nearest_double()
        {
            self = double;
        }
        let mut out = String::new();
        if self.digits.is_empty() {
            out.push('0');
            return out;
        }
        if self.negative {
            out.push('-');
        }
        let count = i32::try_from(self.digits.len()).unwrap_or(i32::MAX);
        let (mut before, mut zeros) = (1, 0);
        if (-5..=0).contains(&self.point) {
            out.push_str("0.");
            zeros = -self.point;
            before = count;
        } else if (1..=21).contains(&self.point) {
            before = self.point;
        }
        for _ in 0..zeros {
            out.push('0');
        }
        for (n, digit) in (0..).zip(&self.digits) {
            if n == before {
                out.push('.');
            }
            out.push(char::from(b'0' + digit));
        }
        if (1..=21).contains(&self.point) {
            for _ in count..self.point {
                out.push('0');
            }
        } else if self.point < -5 || self.point > 21 {
            out.push_str(if self.point > 0 { "e+" } else { "e-" });
            push_number(&mut out, u64::from((self.point - 1).unsigned_abs()));
        }
        out
    }

    /// Whether there is a double for it: what is larger is infinite for whoever reads JSON as JavaScript does.
    pub(crate) fn is_finite(&self) -> bool {
        self.point <= 308 || self.nearest_double().is_some()
    }

    /// The shortest digits that are read as the double that these digits are read as. `None` beyond every double.
    fn nearest_double(&self) -> Option<Self> {
        if self.point > 309 {
            return None;
        }
        let count = i32::try_from(self.digits.len()).unwrap_or(i32::MAX);
        let (mut over, mut under) = (Big(Vec::new()), Big(vec![1]));
        for digit in &self.digits {
            over.times(10, u32::from(*digit));
        }
        // Below this everything is zero.
        let power = (self.point - count).max(-2000);
        over.ten_to(power);
        under.ten_to(-power);
        // `mantissa * 2^exponent`, with 53 bits of mantissa where the number is large enough for that.
        let mut exponent = (over.bits() - under.bits() - 53).max(-1074);
        let mantissa = loop {
            let (mut rest, mut by) = (over.clone(), under.clone());
            rest.two_to(-exponent);
            by.two_to(exponent);
            let mantissa = rest.divide(&by);
            if mantissa >> 53 == 0 {
                rest.two_to(1);
                let up = match rest.compare(&by) {
                    Ordering::Less => 0,
                    Ordering::Equal => mantissa & 1,
                    Ordering::Greater => 1,
                };
                break mantissa + up;
            }
            exponent += 1;
        };
        if exponent > 971 || (exponent == 971 && mantissa >> 53 == 1) {
            return None;
        }
        let (digits, point) = shortest(mantissa, exponent, self.point);
        Some(Self { digits, point, negative: self.negative })
    }
}

/// The shortest digits between the halfway points to the doubles beside `mantissa * 2^exponent`, and where their
/// decimal point is. `point` is a good guess for it. This is the algorithm of Steele and White (1990).
fn shortest(mantissa: u64, exponent: i32, mut point: i32) -> (Vec<u8>, i32) {
    let mut digits = Vec::new();
    if mantissa == 0 {
        return (digits, 0);
    }
    // All in units of half the distance to the next double; the distance below a power of two is half as long.
    let narrow = i32::from(mantissa == 1 << 52 && exponent > -1074);
    let (mut value, mut unit, mut above, mut below) =
        (Big::from(mantissa), Big(vec![1]), Big(vec![1]), Big(vec![1]));
    value.two_to(exponent.max(0) + 1 + narrow);
    above.two_to(exponent.max(0) + narrow);
    below.two_to(exponent.max(0));
    unit.two_to((-exponent).max(0) + 1 + narrow);
    for part in [&mut value, &mut above, &mut below] {
        part.ten_to(-point);
    }
    unit.ten_to(point);
    // Halfway points belong to the even neighbour.
    let even = mantissa & 1 == 0;
    let reaches = |value: &Big, above: &Big, unit: &Big| {
        let order = value.plus(above).compare(unit);
        order == Ordering::Greater || (even && order == Ordering::Equal)
    };
    let by_ten = |parts: [&mut Big; 3]| parts.into_iter().for_each(|part| part.times(10, 0));
    while reaches(&value, &above, &unit) {
        unit.times(10, 0);
        point += 1;
    }
    loop {
        by_ten([&mut value, &mut above, &mut below]);
        if !digits.is_empty() || reaches(&value, &above, &unit) {
            break;
        }
        point -= 1;
    }
    loop {
        let mut digit = 0;
        while value.compare(&unit) != Ordering::Less {
            value.minus(&unit);
            digit += 1;
        }
        let order = value.compare(&below);
        let low = order == Ordering::Less || (even && order == Ordering::Equal);
        let high = reaches(&value, &above, &unit);
        if low || high {
            // The nearer of two, and of two that are equally near the even one.
            let up = match value.plus(&value).compare(&unit) {
                _ if !low => true,
                _ if !high => false,
                Ordering::Less => false,
                Ordering::Equal => digit & 1 == 1,
                Ordering::Greater => true,
            };
            digits.push(digit + u8::from(up));
            return (digits, point);
        }
        digits.push(digit);
        by_ten([&mut value, &mut above, &mut below]);
    }
}

/// A whole number of any length, 32 bits in each place, the lowest first and no zero last.
#[derive(Debug, Clone)]
struct Big(Vec<u32>);

impl Big {
    fn from(number: u64) -> Self {
        let mut big = Self(Vec::new());
        for shift in (0..64).step_by(16).rev() {
            big.times(1 << 16, u32::try_from(number >> shift & 0xffff).unwrap_or_default());
        }
        big
    }

    fn bits(&self) -> i32 {
        let top = self.0.last().map_or(0, |top| top.leading_zeros());
        i32::try_from(self.0.len()).unwrap_or(i32::MAX) * 32 - top.cast_signed()
    }

    /// `self * factor + more`
    fn times(&mut self, factor: u32, more: u32) {
        let mut carry = u64::from(more);
        for place in &mut self.0 {
            carry += u64::from(*place) * u64::from(factor);
            *place = low(carry);
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(low(carry));
        }
    }

    /// `self * 10^power`; nothing for a negative power.
    fn ten_to(&mut self, power: i32) {
        for _ in 0..power / 9 {
            self.times(1_000_000_000, 0);
        }
        for _ in 0..power % 9 {
            self.times(10, 0);
        }
    }

    /// `self * 2^power`; nothing for a negative power.
    fn two_to(&mut self, power: i32) {
        for _ in 0..power / 16 {
            self.times(1 << 16, 0);
        }
        for _ in 0..power % 16 {
            self.times(2, 0);
        }
    }

    fn halve(&mut self) {
        let mut carry = 0;
        for place in self.0.iter_mut().rev() {
            let odd = *place & 1;
            *place = *place >> 1 | carry << 31;
            carry = odd;
        }
        self.trim();
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let mut order = self.0.len().cmp(&other.0.len());
        for place in (0..self.0.len()).rev() {
            order = order.then(self.0.get(place).cmp(&other.0.get(place)));
        }
        order
    }

    fn plus(&self, other: &Self) -> Self {
        let mut sum = Vec::with_capacity(self.0.len() + 1);
        let mut carry = 0_u64;
        for n in 0..self.0.len().max(other.0.len()) {
            for side in [&self.0, &other.0] {
                carry += u64::from(side.get(n).copied().unwrap_or_default());
            }
            sum.push(low(carry));
            carry >>= 32;
        }
        if carry > 0 {
            sum.push(low(carry));
        }
        Self(sum)
    }

    /// `self - other`, which is not larger.
    fn minus(&mut self, other: &Self) {
        let mut borrow = 0_i64;
        for (n, place) in self.0.iter_mut().enumerate() {
            borrow += i64::from(*place) - i64::from(other.0.get(n).copied().unwrap_or_default());
            *place = low(borrow.cast_unsigned());
            borrow >>= 32;
        }
        self.trim();
    }

    /// Leaves the remainder and gives the quotient, which has at most 55 bits.
    fn divide(&mut self, by: &Self) -> u64 {
        let mut quotient = 0;
        let mut part = by.clone();
        part.two_to(54);
        for _ in 0..55 {
            quotient <<= 1;
            if self.compare(&part) != Ordering::Less {
                self.minus(&part);
                quotient |= 1;
            }
            part.halve();
        }
        quotient
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is asked for")]
fn low(number: u64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        Decimal::read(text).canonical()
    }

    /// Compares with what the standard library makes of the same text, laid out as ECMAScript does it.
    #[track_caller]
    fn check(text: &str) {
        let double: f64 = text.parse().unwrap();
        let mut decimal = Decimal::read(&format!("{double:e}"));
        decimal.negative &= !decimal.digits.is_empty();
        let found = canonical(text);
        if found == layout(&decimal) {
            return;
        }
        // Of two digits that are equally near it takes the larger one, and ECMAScript the even one.
        let exact = Decimal::read(&format!("{double:.780e}")).digits;
        assert!(exact.len() == decimal.digits.len() + 1 && exact.last() == Some(&5), "{text}: {found}");
        if let Some(last) = decimal.digits.last_mut().filter(|last| **last & 1 == 1) {
            *last -= 1;
        }
        assert_eq!(found, layout(&decimal), "{text}");
    }

    fn layout(decimal: &Decimal) -> String {
        let digits: String = decimal.digits.iter().map(|d| char::from(b'0' + d)).collect();
        let sign = if decimal.negative { "-" } else { "" };
        let (count, point) = (i32::try_from(digits.len()).unwrap(), decimal.point);
        let at = |n: i32| usize::try_from(n).unwrap();
        if digits.is_empty() {
            "0".to_owned()
        } else if count <= point && point <= 21 {
            format!("{sign}{digits}{}", "0".repeat(at(point - count)))
        } else if 0 < point && point <= 21 {
            let (whole, fraction) = digits.split_at(at(point));
            format!("{sign}{whole}.{fraction}")
        } else if -6 < point && point <= 0 {
            format!("{sign}0.{}{digits}", "0".repeat(at(-point)))
        } else {
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            let plus = if point > 0 { "+" } else { "-" };
            format!("{sign}{first}{dot}{rest}e{plus}{}", (point - 1).abs())
        }
    }

    #[test]
    fn agrees_with_the_standard_library() {
        let mut seed = 42_u64;
        let mut random = || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        };
        for _ in 0..4_000 {
            let double = f64::from_bits(random());
            if !double.is_finite() {
                continue;
            }
            for text in [format!("{double:e}"), format!("{double:.20e}"), format!("{:.3e}", double)] {
                check(&text);
            }
            let text = format!("{}.{}e{}", random(), random(), random() % 40);
            check(&text);
            let text = format!("{}", random() >> (random() % 60));
            check(&text);
        }
    }

    #[test]
    fn halfway_points_and_limits() {
        for text in [
            "9007199254740993",
            "9007199254740993.00000000000000000000000000000000000001",
            "9007199254740992.99999999999999999999999999999999999999",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "4.9406564584124654e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "5.684341886080801e-14",
            "9.5367431640625e-7",
            "1e23",
            "9e22",
            "1221953339504170.25",
            "1221953339504170.75",
            "123456789012345678",
            "4503599627370496.5",
            "0.1000000000000000055511151231257827021181583404541015625",
            "1e-400",
            "-0.0",
            "0e99999999999",
        ] {
            check(text);
        }
        let mut long = "0.".to_owned() + &"0".repeat(400) + "1" + &"0".repeat(2000) + "1e400";
        check(&long);
        long = "9007199254740993.".to_owned() + &"0".repeat(2000) + "1";
        assert_eq!(canonical(&long), "9007199254740994");
    }

    #[test]
    fn beyond_every_double_numbers_keep_their_digits() {
        for (text, written) in [
            ("1e400", "1e+400"),
            ("-12.50E400", "-1.25e+401"),
            ("1.7976931348623159e308", "1.7976931348623159e+308"),
            ("1e99999999999999999999", "1e+99999"),
        ] {
            assert_eq!(canonical(text), written, "{text}");
        }
    }

    #[test]
    fn whole_numbers() {
        let whole = |text| Decimal::read(text).whole();
        for (text, number) in [
            ("60", 60),
            ("60.0", 60),
            ("6e1", 60),
            ("600E-1", 60),
            ("0", 0),
            ("-0", 0),
            ("9007199254740992", 1 << 53),
            ("0.5e1", 5),
        ] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for text in ["-1", "1.5", "9007199254740993", "1e17", "1e-1", "99999999999999999999999"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }
}
