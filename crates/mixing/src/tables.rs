//! Constant tables of the model. All of them follow from the formulas and lists in `docs/link-format.md`.

/// `squash` at -2048, -1920, … 2048, close to 65536 / (1 + e^(-x/256)). The list is what counts.
const SQUASH: [i32; 33] = [
    22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108, 4971, 7812, 11955, 17625, 24744, 32768, 40792,
    47911, 53581, 57724, 60565, 62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438, 65476, 65500, 65514,
];

/// The probability (of 65536) of a bit whose odds have the logarithm `x / 256`; straight lines between the points.
pub(crate) fn squash(x: i32) -> i32 {
    let at = (x.clamp(-2047, 2047) + 2048) as usize;
    let (index, weight) = (at >> 7, (at & 127) as i32);
    let low = SQUASH.get(index).copied().unwrap_or(0);
    let high = SQUASH.get(index + 1).copied().unwrap_or(0);
    low + (((high - low) * weight) >> 7)
}

/// Largest count of the rarer bit, by index, and with it of the other bit, that a history can hold.
const LARGEST: [u8; 5] = [32, 20, 10, 7, 5];

/// Everything the model looks up.
#[derive(Debug)]
pub(crate) struct Tables {
    /// Logarithm of the odds times 256, by probability / 16.
    pub stretch: [i16; 4096],
    /// Next history by history and bit.
    pub next: [[u8; 2]; 256],
    /// Probability of a 1 that a history starts with.
    pub start: Vec<u16>,
    /// 65536 / (n + 1.5).
    pub reciprocal: [u16; 1024],
    squash: [u16; 4096],
}

impl Tables {
    pub fn new() -> Self {
        let (list, start) = histories();
        let mut next = [[0; 2]; 256];
        next.iter_mut().zip(list).for_each(|(to, from)| *to = from);
        let mut reciprocal = [0; 1024];
        (0..).zip(&mut reciprocal).for_each(|(n, r)| *r = (131_072 / (2 * n + 3)) as u16);
        let mut squashed = [0; 4096];
        (-2048..).zip(&mut squashed).for_each(|(x, p)| *p = squash(x) as u16);
        Self { stretch: stretch(), next, start, reciprocal, squash: squashed }
    }

    /// [`squash`] from a table, for `x` from -2048 to 2048.
    pub fn squash(&self, x: i32) -> i32 {
        self.squash.get((x + 2048) as usize).map_or(65_514, |p| i32::from(*p))
    }
}

fn stretch() -> [i16; 4096] {
    let mut out = [0; 4096];
    let mut x = -2047;
    for (i, entry) in (0..).zip(&mut out) {
        while x < 2047 && squash(x) < i * 16 + 8 {
            x += 1;
        }
        *entry = x as i16;
    }
    out
}

/// Histories in order: by count of zeros, then of ones, then by the last bit; it counts only where both occurred.
fn histories() -> (Vec<[u8; 2]>, Vec<u16>) {
    let largest = |n: u8| LARGEST.get(usize::from(n)).copied().unwrap_or(0);
    let allowed = |a: u8, b: u8| a.min(b) <= 4 && a.max(b) <= largest(a.min(b));
    let mut list: Vec<(u8, u8, u8)> = Vec::new();
    for zeros in 0..=32 {
        for ones in 0..=32 {
            for last in 0..=1 {
                if allowed(zeros, ones) && (last == 0 || (zeros > 0 && ones > 0)) {
                    list.push((zeros, ones, last));
                }
            }
        }
    }
    let discount = |n: u8| match n {
        0..=5 => n,
        6 => 5,
        7 => 6,
        _ => 7,
    };
    let step = |(zeros, ones, _): (u8, u8, u8), bit: u8| {
        // The bit that came is counted, the other one fades.
        let (mut same, mut other) =
            if bit == 1 { (ones + 1, discount(zeros)) } else { (zeros + 1, discount(ones)) };
        while !allowed(same, other) {
            if same.min(other) <= 4 && same > other {
                same -= 1;
            } else {
                other -= 1;
            }
        }
        let (zeros, ones) = if bit == 1 { (other, same) } else { (same, other) };
        let last = if zeros > 0 && ones > 0 { bit } else { 0 };
        list.iter().position(|&s| s == (zeros, ones, last)).unwrap_or(0) as u8
    };
    let next = list.iter().map(|&s| [step(s, 0), step(s, 1)]).collect();
    let start = list.iter().map(|&(zeros, ones, _)| {
        (u32::from(2 * ones + 1) * 65_535 / u32::from(2 * (zeros + ones) + 2)) as u16
    });
    (next, start.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histories_are_complete() {
        let (next, start) = histories();
        assert_eq!((next.len(), start.len()), (201, 201));
        assert!(next.iter().flatten().all(|&s| s < 201));
        assert_eq!(start.first(), Some(&32_767));
    }

    #[test]
    fn stretch_undoes_squash() {
        let stretch = stretch();
        for p in (64..65_472).step_by(16) {
            let back = squash(i32::from(stretch[p / 16]));
            assert!((back - p as i32).abs() <= 160, "{p} {back}");
        }
    }
}
