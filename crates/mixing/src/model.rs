//! The context-mixing model: predicts the next bit of a text from what came before.
//!
//! Six contexts look up a short history of the bits that followed them before; adaptive maps turn histories into
//! probabilities; a match model follows the longest repetition; two layers of mixing weigh all of them; a last stage
//! corrects what is left. Everything is whole numbers, so that every platform computes the same bits for ever.
//! `docs/link-format.md` describes each step; the two change together or not at all.

// Every index below is masked, or bounded by a count of states, when it is made; none comes from outside. The fuzz
// targets run with these checks on.
#![allow(clippy::indexing_slicing)]

use std::sync::OnceLock;

use super::range::Coder;
use super::tables::Tables;

/// Contexts with a table each.
const ORDERS: usize = 6;
/// The contexts, the match model and a constant.
const INPUTS: usize = ORDERS + 2;
const SLOT_BITS: u32 = 18;
const MATCH_BITS: u32 = 15;
const MIN_MATCH: usize = 4;
const MAX_MATCH: usize = 400;
/// Sets of weights in the first layer.
const SETS: usize = 2;
const CLASSES: usize = 8;
/// How many flags of their own statistics there are.
pub const FLAGS: usize = 1024;
/// Points of one curve of the last stage.
const CURVE: usize = 33;
/// What every weight of the first layer starts with, of 65536.
const WEIGHT: i32 = 65_536 / 4;
/// Shift of the steps that weights take; smaller is faster.
const RATE: u32 = 14;
/// Errors of the first layer below this, of 65536, teach nothing: most bits are foreseen that well, and the time is
/// better spent elsewhere.
const SMALL_ERROR: i32 = 1024;
/// Largest count of an adaptive probability.
const LIMIT: u32 = 1020;

/// What a text is. The model keeps some statistics apart by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Table names.
    Table,
    /// Column names.
    Column,
    /// Queries.
    Sql,
    /// Result summaries.
    Summary,
    /// The intent.
    Intent,
    /// Keys that the format does not know.
    Key,
    /// Every other text.
    Other,
    /// Types of columns.
    Type,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(Tables::new)
}

/// The whole state of the model; a clone goes on from the same point.
#[derive(Clone)]
pub struct Model {
    /// Check (high byte) and history (low byte) by context and hash.
    slots: Vec<u16>,
    /// Probability (22 bits) and count (10 bits) by context and history.
    maps: Vec<[u32; 256]>,
    /// The same by length of the match and expected bit.
    match_map: [u32; 128],
    weights: [Vec<[i32; INPUTS]>; SETS],
    final_weights: Vec<[i32; SETS]>,
    curves: [Vec<[u16; CURVE]>; 2],
    flags: [u16; FLAGS],
    text: Text,
}

/// The text so far and what contexts are made of.
#[derive(Clone, Default)]
struct Text {
    bytes: Vec<u8>,
    /// The last four bytes, the newest lowest.
    last: u32,
    /// The byte before them.
    fifth: u32,
    /// Hash of the word that is being written, and of the one before.
    word: u32,
    previous: u32,
    /// Where each hash of [`MIN_MATCH`] bytes was met last.
    places: Vec<u32>,
    /// Where the match goes on, and how long it is; 0 without one.
    match_at: usize,
    match_length: usize,
}

/// Mixes two numbers into one that looks random.
fn hash(a: u32, b: u32) -> u32 {
    let h = a.wrapping_mul(0x2F0B_4C47) ^ b.wrapping_mul(0x9E37_79B1).rotate_left(13);
    let h = (h ^ h >> 15).wrapping_mul(0x85EB_CA6B);
    h ^ h >> 13
}

/// Moves an adaptive probability towards the bit, in large steps at first.
fn learn(entry: &mut u32, bit: bool, limit: u32, tables: &Tables) {
    let (p, n) = (i64::from(*entry >> 10), *entry & 1023);
    let target = if bit { (1 << 22) - 1 } else { 0 };
    let p = p + (((target - p) * i64::from(tables.reciprocal[n as usize])) >> 16);
    *entry = (p as u32) << 10 | if n < limit { n + 1 } else { n };
}

impl Text {
    fn new() -> Self {
        Self { places: vec![0; 1 << MATCH_BITS], ..Self::default() }
    }

    fn push(&mut self, byte: u8) {
        self.bytes.push(byte);
        self.fifth = self.last >> 24;
        self.last = self.last << 8 | u32::from(byte);
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 {
            self.word = hash(self.word.wrapping_add(1), u32::from(byte.to_ascii_lowercase()));
        } else if self.word != 0 {
            self.previous = self.word;
            self.word = 0;
        }
        self.follow(byte);
    }

    fn follow(&mut self, byte: u8) {
        if self.match_length > 0 && self.bytes[self.match_at] == byte {
            self.match_at += 1;
            self.match_length = (self.match_length + 1).min(MAX_MATCH);
        } else {
            self.match_length = 0;
        }
        let end = self.bytes.len();
        if end < MIN_MATCH {
            return;
        }
        let place = (hash(self.last, 0) >> (32 - MATCH_BITS)) as usize;
        if self.match_length == 0 {
            let at = self.places[place] as usize;
            let (new, old) = (&self.bytes, &self.bytes[..at]);
            let length = old.iter().rev().zip(new.iter().rev()).take(32).take_while(|(a, b)| a == b).count();
            if length >= MIN_MATCH {
                (self.match_at, self.match_length) = (at, length);
            }
        }
        self.places[place] = end as u32;
    }

    fn contexts(&self, class: Class) -> [u32; ORDERS] {
        let one = self.last & 0xFF;
        let idle = if self.word == 0 { (one + 1) << 4 } else { 0 };
        [
            hash(one, 1 + ((class as u32) << 4)),
            hash(self.last & 0xFFFF, 2),
            hash(self.last & 0xFF_FFFF, 3),
            hash(hash(self.last, 4), self.fifth),
            hash(self.word, 5 + idle),
            hash(hash(self.word, self.previous), 6),
        ]
    }

    /// A small number for the length of the match.
    fn match_bucket(&self) -> usize {
        match self.match_length {
            n @ 0..=15 => n,
            n @ 16..=31 => 16 + (n - 16) / 8,
            n => 18 + (n - 32) / 16,
        }
    }
}

impl Model {
    /// A model that knows nothing.
    #[must_use]
    pub fn new() -> Self {
        let tables = tables();
        let mut map = [1 << 31; 256];
        for (entry, start) in map.iter_mut().zip(&tables.start) {
            *entry = u32::from(*start) << 16;
        }
        let mut match_map = [0; 128];
        for (i, entry) in match_map.iter_mut().enumerate() {
            let doubt = 32_768 / (i as u32 / 2 + 2);
            *entry = if i % 2 == 1 { 65_536 - doubt } else { doubt } << 16;
        }
        let mut weights = [WEIGHT; INPUTS];
        weights[INPUTS - 1] = 0;
        let mut curve = [0; CURVE];
        for (i, point) in curve.iter_mut().enumerate() {
            *point = tables.squash((i as i32 - 16) * 128) as u16;
        }
        Self {
            slots: vec![0; ORDERS << SLOT_BITS],
            maps: vec![map; ORDERS],
            match_map,
            weights: [vec![weights; CLASSES * 256], vec![weights; 64]],
            final_weights: vec![[65_536 / SETS as i32; SETS]; CLASSES * 256],
            curves: [vec![curve; 512], vec![curve; 2048]],
            flags: [1 << 15; FLAGS],
            text: Text::new(),
        }
    }

    /// Codes one bit that has statistics of its own.
    pub fn flag(&mut self, coder: &mut Coder<'_>, slot: usize, bit: bool) -> bool {
        let p = &mut self.flags[slot & (FLAGS - 1)];
        let bit = coder.bit(u32::from(*p).clamp(64, 65_472), bit);
        *p = if bit { *p + ((65_535 - *p) >> 4) } else { *p - (*p >> 4) };
        bit
    }

    /// Adds text that both sides know to what the contexts see.
    pub fn inject(&mut self, text: &str) {
        text.bytes().for_each(|b| self.text.push(b));
    }

    /// Codes one byte of a text.
    pub fn byte(&mut self, coder: &mut Coder<'_>, class: Class, byte: u8) -> u8 {
        let tables = tables();
        let contexts = self.text.contexts(class);
        let expected = if self.text.match_length > 0 {
            Some(u32::from(self.text.bytes[self.text.match_at]))
        } else {
            None
        };
        let bucket = self.text.match_bucket();
        let class = class as usize;
        // The bits of this byte so far behind a leading 1.
        let mut partial = 1usize;
        let mut bases = [0u32; ORDERS];
        for position in 0..8u32 {
            if position == 0 || position == 4 {
                for (base, context) in bases.iter_mut().zip(&contexts) {
                    *base = hash(*context, partial as u32);
                }
            }
            let nibble = if position < 4 {
                partial
            } else {
                partial & ((1 << (position - 4)) - 1) | 1 << (position - 4)
            };
            let mut inputs = [0i32; INPUTS];
            let mut places = [0usize; ORDERS];
            let mut known = 0;
            for order in 0..ORDERS {
                let base = bases[order];
                let place = order << SLOT_BITS | (base as usize ^ (nibble * 0x11)) & ((1 << SLOT_BITS) - 1);
                places[order] = place;
                let check = (base >> 24) as u16;
                let slot = &mut self.slots[place];
                if *slot >> 8 != check {
                    *slot = check << 8;
                }
                let state = usize::from(*slot & 255);
                if state != 0 {
                    known += usize::from(order > 0);
                    inputs[order] = i32::from(tables.stretch[(self.maps[order][state] >> 20) as usize]);
                }
            }
            let mut match_entry = None;
            if let Some(expected) = expected
                && (expected | 256) >> (8 - position) == partial as u32
            {
                let entry = bucket * 2 + (expected >> (7 - position) & 1) as usize;
                match_entry = Some(entry);
                inputs[ORDERS] = i32::from(tables.stretch[(self.match_map[entry] >> 20) as usize]);
            }
            inputs[INPUTS - 1] = 256;

            let length = if match_entry.is_none() { 0 } else { (1 + self.text.match_length / 4).min(7) };
            let sets = [class * 256 + partial, known * 8 + length];
            let (mut scores, mut guesses) = ([0i32; SETS], [0i32; SETS]);
            for set in 0..SETS {
                let weights = &self.weights[set][sets[set]];
                let dot: i64 = inputs.iter().zip(weights).map(|(i, w)| i64::from(*i) * i64::from(*w)).sum();
                scores[set] = ((dot >> 16) as i32).clamp(-2047, 2047);
                guesses[set] = tables.squash(scores[set]);
            }
            let finals = &mut self.final_weights[class * 256 + partial];
            let dot: i64 = scores.iter().zip(finals.iter()).map(|(s, w)| i64::from(*s) * i64::from(*w)).sum();
            let score = ((dot >> 16) as i32).clamp(-2047, 2047);
            let mixed = tables.squash(score);

            let (point, part) = (((score + 2048) >> 7) as usize, (score + 2048) & 127);
            let corrections = [usize::from(match_entry.is_some()) << 8 | partial, known << 8 | partial];
            let mut p = mixed * 2;
            for (curves, at) in self.curves.iter().zip(corrections) {
                let curve = &curves[at];
                p += (i32::from(curve[point]) * (128 - part) + i32::from(curve[point + 1]) * part) >> 7;
            }
            let p = (p >> 2).clamp(16, 65_520);
            let bit = coder.bit(p as u32, byte >> (7 - position) & 1 == 1);

            let target = if bit { 65_535 } else { 0 };
            for (curves, at) in self.curves.iter_mut().zip(corrections) {
                let near = &mut curves[at][point + usize::from(part >= 64)];
                *near = (i32::from(*near) + ((target - i32::from(*near)) >> 6)) as u16;
            }
            let error = target - mixed;
            for (weight, score) in finals.iter_mut().zip(scores) {
                *weight = weight.wrapping_add((score * error + (1 << 16)) >> 17);
            }
            for set in 0..SETS {
                let error = target - guesses[set];
                if error.abs() < SMALL_ERROR {
                    continue;
                }
                for (weight, input) in self.weights[set][sets[set]].iter_mut().zip(&inputs) {
                    *weight = weight.wrapping_add((input * error + (1 << (RATE - 1))) >> RATE);
                }
            }
            for (map, place) in self.maps.iter_mut().zip(places) {
                let slot = &mut self.slots[place];
                let state = usize::from(*slot & 255);
                learn(&mut map[state], bit, LIMIT, tables);
                *slot = *slot & 0xFF00 | u16::from(tables.next[state][usize::from(bit)]);
            }
            if let Some(entry) = match_entry {
                learn(&mut self.match_map[entry], bit, LIMIT, tables);
            }
            partial = partial << 1 | usize::from(bit);
        }
        let byte = (partial & 255) as u8;
        self.text.push(byte);
        byte
    }
}

impl Default for Model {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Model({} bytes seen)", self.text.bytes.len())
    }
}
