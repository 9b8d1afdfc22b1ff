//! Binary arithmetic coding with a 40-bit range and carries, in whole numbers only.

/// Bits of a probability: `p` of 65536 that the bit is 1, from 1 to 65535.
pub(crate) const PROBABILITY_BITS: u32 = 16;
const TOP: u64 = 1 << 40;
const BOTTOM: u64 = 1 << 32;

/// One direction of coding. `bit` takes the bit to write, which a reader ignores, and gives back the bit that was
/// written or read, so that the model is written once for both.
pub(crate) trait Coder {
    fn bit(&mut self, p: u32, bit: bool) -> bool;
    /// `count` bits that no model can predict, highest first.
    fn raw(&mut self, value: u64, count: u32) -> u64 {
        let mut out = 0;
        for shift in (0..count).rev() {
            out = out << 1 | u64::from(self.bit(1 << (PROBABILITY_BITS - 1), value >> shift & 1 == 1));
        }
        out
    }
}

/// Writes bits.
#[derive(Debug)]
pub(crate) struct Encoder {
    low: u64,
    range: u64,
    out: Vec<u8>,
}

impl Encoder {
    pub fn new() -> Self {
        Self { low: 0, range: TOP, out: Vec::new() }
    }

    fn carry(&mut self) {
        if self.low >= TOP {
            self.low -= TOP;
            for byte in self.out.iter_mut().rev() {
                *byte = byte.wrapping_add(1);
                if *byte != 0 {
                    break;
                }
            }
        }
    }

    /// The bytes that say everything written so far. Zeros at the end are left out: a reader goes on with zeros.
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
        for shift in [32, 24, 16, 8, 0] {
            self.out.push((self.low >> shift & 255) as u8);
        }
        while self.out.last() == Some(&0) {
            self.out.pop();
        }
        self.out
    }
}

impl Coder for Encoder {
    fn bit(&mut self, p: u32, bit: bool) -> bool {
        let bound = (self.range >> PROBABILITY_BITS) * u64::from(p);
        if bit {
            self.range = bound;
        } else {
            self.low += bound;
            self.range -= bound;
            self.carry();
        }
        while self.range < BOTTOM {
            self.out.push((self.low >> 32) as u8);
            self.low = (self.low & (BOTTOM - 1)) << 8;
            self.range <<= 8;
        }
        bit
    }
}

/// Reads bits; goes on with zeros behind the end.
#[derive(Debug)]
pub(crate) struct Decoder<'a> {
    code: u64,
    range: u64,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Decoder<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        let mut decoder = Self { code: 0, range: TOP, bytes, at: 0 };
        for _ in 0..5 {
            decoder.shift();
        }
        decoder
    }

    fn shift(&mut self) {
        self.code = self.code << 8 | u64::from(self.bytes.get(self.at).copied().unwrap_or(0));
        self.at += 1;
    }

    /// True if the reader has come to the end of the bytes: an encoder writes none that are not needed.
    pub fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }
}

impl Coder for Decoder<'_> {
    fn bit(&mut self, p: u32, _: bool) -> bool {
        let bound = (self.range >> PROBABILITY_BITS) * u64::from(p);
        let bit = self.code < bound;
        if bit {
            self.range = bound;
        } else {
            self.code -= bound;
            self.range -= bound;
        }
        while self.range < BOTTOM {
            self.shift();
            self.range <<= 8;
        }
        bit
    }
}
