//! Binary arithmetic coding with a 40-bit range and carries, in whole numbers only.

/// Bits of a probability: `p` of 65536 that the bit is 1, from 1 to 65535.
const PROBABILITY_BITS: u32 = 16;
const TOP: u64 = 1 << 40;
const BOTTOM: u64 = 1 << 32;

/// One direction of coding.
///
/// Every function takes what is to be written, which a reader ignores, and gives back what was written or read, so
/// that model and layout exist once for both directions. One type for both also halves the module.
#[derive(Debug)]
pub struct Coder<'a> {
    range: u64,
    /// Writing: the low end of the range. Reading: how far the input lies above it.
    low: u64,
    direction: Direction<'a>,
    priming: bool,
}

#[derive(Debug)]
enum Direction<'a> {
    Write(Vec<u8>),
    /// The input, and how many of its bytes were taken.
    Read(&'a [u8], usize),
}

impl<'a> Coder<'a> {
    /// Writes bits.
    #[must_use]
    pub fn writer() -> Self {
        Self { range: TOP, low: 0, direction: Direction::Write(Vec::new()), priming: false }
    }

    /// Reads bits, and zeros behind the end of `bytes`.
    #[must_use]
    pub fn reader(bytes: &'a [u8]) -> Self {
        let mut coder = Self { range: TOP, low: 0, direction: Direction::Read(bytes, 0), priming: false };
        for _ in 0..5 {
            coder.shift();
        }
        coder
    }

    /// Sends no plain bits: they are zeros in every priming context.
    #[must_use]
    pub fn priming(self) -> Self {
        Self { priming: true, ..self }
    }

    /// True for a reader that has come to the end: a writer writes no byte that is not needed.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self.direction, Direction::Read(bytes, at) if at >= bytes.len())
    }

    /// One bit that is 1 with probability `p`.
    pub fn bit(&mut self, p: u32, bit: bool) -> bool {
        let bound = (self.range >> PROBABILITY_BITS) * u64::from(p);
        let reads = matches!(self.direction, Direction::Read(..));
        let bit = if reads { self.low < bound } else { bit };
        if bit {
            self.range = bound;
        } else {
            self.range -= bound;
            if reads {
                self.low -= bound;
            } else {
                self.low += bound;
                self.carry();
            }
        }
        while self.range < BOTTOM {
            self.shift();
            self.range <<= 8;
        }
        bit
    }

    /// `count` bits that no model can predict, highest first.
    pub fn raw(&mut self, value: u64, count: u32) -> u64 {
        if self.priming {
            return 0;
        }
        (0..count).rev().fold(0, |out, shift| {
            out << 1 | u64::from(self.bit(1 << (PROBABILITY_BITS - 1), value >> shift & 1 == 1))
        })
    }

    /// Moves one byte out of or into `low`.
    fn shift(&mut self) {
        match &mut self.direction {
            Direction::Write(out) => {
                out.push((self.low >> 32) as u8);
                self.low = (self.low & (BOTTOM - 1)) << 8;
            }
            Direction::Read(bytes, at) => {
                self.low = self.low << 8 | u64::from(bytes.get(*at).copied().unwrap_or(0));
                *at += 1;
            }
        }
    }

    fn carry(&mut self) {
        if self.low >= TOP
            && let Direction::Write(out) = &mut self.direction
        {
            self.low -= TOP;
            for byte in out.iter_mut().rev() {
                *byte = byte.wrapping_add(1);
                if *byte != 0 {
                    break;
                }
            }
        }
    }

    /// The bytes that say everything written so far. Zeros at the end are left out: a reader goes on with zeros.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        // The value in the range with the most zeros at its end.
        let end = self.low + self.range;
        for zeros in (0..=40).rev() {
            let mask = (1u64 << zeros) - 1;
            let value = (self.low + mask) & !mask;
            if value < end {
                self.low = value;
                break;
            }
        }
        self.carry();
        for _ in 0..5 {
            self.shift();
        }
        let Direction::Write(mut out) = self.direction else { return Vec::new() };
        while out.last() == Some(&0) {
            out.pop();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_back() {
        // Long runs of likely and unlikely bits, so that carries run through several bytes.
        let bits: Vec<(u32, bool)> = (0..20_000u32)
            .map(|i| {
                let r = i.wrapping_mul(2_654_435_761) >> 7;
                ([1, 100, 32_768, 65_000, 65_535][(r % 5) as usize], r % 11 < 5)
            })
            .collect();
        let mut writer = Coder::writer();
        for &(p, bit) in &bits {
            writer.bit(p, bit);
        }
        writer.raw(0xDEAD_BEEF, 32);
        let bytes = writer.finish();
        let mut reader = Coder::reader(&bytes);
        for &(p, bit) in &bits {
            assert_eq!(reader.bit(p, !bit), bit);
        }
        assert_eq!(reader.raw(0, 32), 0xDEAD_BEEF);
        assert!(reader.is_done());
    }
}
