//! The order in which the parts of a context are coded, once for both directions.
//!
//! Every function takes what is to be written, which a reader leaves empty, and gives back what was written or read.

use mixing::{Class, Coder, Model};

use super::ids::{join_id, split_id};
use super::spelling::{Spelling, last_part, spell, spellings};
use crate::context::key;
use crate::json::{Number, Object, Value};
use crate::limits::{
    MAX_COLUMNS_PER_TABLE, MAX_DECODED_BYTES, MAX_DEPTH, MAX_QUERIES, MAX_STRING_BYTES, MAX_TABLES,
};
use crate::time::{Rfc3339, padded};

/// Known keys by their number in the format, from 1. New ones go to the end; 15 is "any other key".
const KEYS: [&str; 13] = [
    key::GENIE_SESSION_ID,
    key::SPACE_ID,
    key::VALIDATED_TABLES,
    key::VALIDATED_COLUMNS,
    key::USER_INTENT,
    key::EXPLORATION_SUMMARY,
    key::EXPLORATION_QUERIES,
    key::CREATED_AT,
    key::WAREHOUSE_ID,
    key::COLUMN_TYPES,
    key::KEYS,
    key::TARGET_TABLE,
    key::PATTERN_HINTS,
];
const OTHER_KEY: usize = 15;

/// First slots of the groups of flags.
mod slot {
    pub const TOP_KEY: usize = 0; // 16 trees of 16
    pub const SPECIAL: usize = 256; // one by key
    pub const TAG: usize = 272; // 8 trees of 8
    pub const MORE: usize = 336; // by kind of list
    pub const SAME_PREFIX: usize = 352;
    pub const NEXT_NAME: usize = 354;
    pub const ID_KIND: usize = 360; // 2 trees of 8
    pub const ID_HEAD: usize = 376; // by kind, two each
    pub const TIME: usize = 400;
    pub const FRACTION: usize = 408; // tree of 16
    pub const OFFSET: usize = 424; // tree of 32
    pub const COUNT: usize = 456; // unary, 2 x 32
    pub const SUMMARY: usize = 536;
    pub const REFERENCE: usize = 544; // same, then trees of 256
}

const END: u8 = 0;
const ESCAPE: u8 = 1;
/// Table references: bare, every part quoted, quoted where needed.
const REFERENCE: u8 = 2;
const EMPTY: u8 = 1;
const LITERAL: u8 = 16;

/// What can be wrong with the content of a payload; one byte, because it is handed up through every function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Budget,
    Tables,
    Columns,
    Queries,
    Text,
    Levels,
    Key,
    DuplicateKey,
    Id,
    Time,
    Value,
    Number,
    Utf8,
    Reference,
}

pub(crate) struct Layout<'a, 'b> {
    model: &'a mut Model,
    coder: &'a mut Coder<'b>,
    budget: usize,
    tables: Vec<String>,
    spellings: Vec<Spelling>,
    last_reference: usize,
    /// The first thing that was wrong. From then on nothing is coded: all flags are false and all texts empty, so every
    /// loop ends. Handing a failure up through all functions took a third more code.
    fault: Option<Fault>,
}

impl<'a, 'b> Layout<'a, 'b> {
    pub fn new(model: &'a mut Model, coder: &'a mut Coder<'b>) -> Self {
        Self {
            model,
            coder,
            budget: MAX_DECODED_BYTES,
            tables: Vec::new(),
            spellings: Vec::new(),
            last_reference: 0,
            fault: None,
        }
    }

    #[inline(never)]
    fn fail(&mut self, fault: Fault) {
        self.fault = self.fault.or(Some(fault));
    }

    fn spend(&mut self, bytes: usize) {
        match self.budget.checked_sub(bytes) {
            Some(left) => self.budget = left,
            None => self.fail(Fault::Budget),
        }
    }

    #[inline(never)]
    fn flag(&mut self, slot: usize, bit: bool) -> bool {
        self.fault.is_none() && self.model.flag(self.coder, slot, bit)
    }

    fn byte(&mut self, class: Class, byte: u8) -> u8 {
        if self.fault.is_some() { END } else { self.model.byte(self.coder, class, byte) }
    }

    /// Bits that nobody can predict.
    fn raw(&mut self, value: u64, bits: u32) -> u64 {
        if self.fault.is_some() { 0 } else { self.coder.raw(value, bits) }
    }

    fn symbol(&mut self, slot: usize, bits: u32, value: usize) -> usize {
        let mut node = 1;
        for shift in (0..bits).rev() {
            node = node << 1 | usize::from(self.flag(slot + node, value >> shift & 1 == 1));
        }
        node - (1 << bits)
    }

    /// A number from 0: its length in bits as a run of ones, then its bits without the highest.
    fn number(&mut self, slot: usize, value: u64) -> u64 {
        let value = value.wrapping_add(1);
        let wanted = value.checked_ilog2().unwrap_or(0) as usize;
        let mut bits = 0;
        while bits < 63 && self.flag(slot + bits.min(23), bits < wanted) {
            bits += 1;
        }
        let low = value & !(1 << bits);
        let low = match bits {
            0 => 0,
            // Small numbers have trees, larger ones plain bits.
            1..=3 => self.symbol(slot + 24 + (1 << bits), bits as u32, low as usize) as u64,
            _ => self.raw(low, bits as u32),
        };
        (1 << bits | low) - 1
    }

    pub fn context(&mut self, input: &Object) -> Result<Object, Fault> {
        let out = self.entries(input);
        self.fault.map_or(Ok(out), Err)
    }

    fn entries(&mut self, input: &Object) -> Object {
        let mut out = Object::new();
        let mut previous = 0;
        loop {
            let entry = input.0.get(out.0.len());
            let number =
                entry.map_or(0, |(k, _)| KEYS.iter().position(|n| n == k).map_or(OTHER_KEY, |i| i + 1));
            let number = self.symbol(slot::TOP_KEY + previous * 16, 4, number);
            if number == 0 {
                return self.unique(out);
            }
            self.spend(4);
            let value = entry.map_or(&Value::Null, |(_, v)| v);
            let name = match number.checked_sub(1).and_then(|i| KEYS.get(i)) {
                Some(name) => (*name).to_owned(),
                None => {
                    if number != OTHER_KEY {
                        self.fail(Fault::Key);
                    }
                    self.text(Class::Key, entry.map_or("", |(k, _)| k))
                }
            };
            let value = self.top_value(number, &name, value);
            out.0.push((name, value));
            previous = number;
        }
    }

    fn top_value(&mut self, number: usize, name: &str, value: &Value) -> Value {
        let special = is_special(name, value);
        if number == OTHER_KEY || name == key::PATTERN_HINTS || !self.flag(slot::SPECIAL + number, special) {
            return self.generic(value, 0, 2);
        }
        match name {
            key::GENIE_SESSION_ID | key::SPACE_ID => {
                self.id(usize::from(name == key::SPACE_ID), text_of(value))
            }
            key::VALIDATED_TABLES => self.table_list(value),
            key::VALIDATED_COLUMNS | key::KEYS => self.by_table(value, Self::columns),
            key::COLUMN_TYPES => self.by_table(value, Self::types),
            key::EXPLORATION_SUMMARY => self.summary(value),
            key::EXPLORATION_QUERIES => self.queries(value),
            key::CREATED_AT => self.time(text_of(value)),
            key::USER_INTENT => Value::String(self.text(Class::Intent, text_of(value))),
            key::TARGET_TABLE => Value::String(self.text(Class::Table, text_of(value))),
            _ => Value::String(self.text(Class::Other, text_of(value))),
        }
    }

    fn id(&mut self, which: usize, text: &str) -> Value {
        let (kind, bytes) = split_id(text);
        let kind = self.symbol(slot::ID_KIND + which * 8, 3, kind);
        if kind == 0 {
            return Value::String(self.text(Class::Other, text));
        }
        // Bits in the order they are sent: head, version, variant, then what nobody can predict.
        let (head, version, variant) = (bytes >> 117, bytes >> 76 & 15, bytes >> 62 & 3);
        let time_ordered = self.flag(slot::ID_HEAD + kind * 2, (head, version, variant) == (0x0f, 1, 2));
        let random = !time_ordered && self.flag(slot::ID_HEAD + kind * 2 + 1, (version, variant) == (4, 2));
        let mut out = 0u128;
        for shift in (0..128).rev() {
            let known = match shift {
                117..=127 if time_ordered => Some(0x0fu128 >> (shift - 117) & 1),
                76..=79 if time_ordered => Some(1u128 >> (shift - 76) & 1),
                76..=79 if random => Some(4u128 >> (shift - 76) & 1),
                62..=63 if time_ordered || random => Some(2u128 >> (shift - 62) & 1),
                _ => None,
            };
            let bit = known.unwrap_or_else(|| u128::from(self.raw((bytes >> shift & 1) as u64, 1)));
            out = out << 1 | bit;
        }
        self.spend(32);
        let id = join_id(kind, out);
        if id.is_none() {
            self.fail(Fault::Id);
        }
        Value::String(id.unwrap_or_default())
    }

    fn time(&mut self, text: &str) -> Value {
        const FROM: i64 = 1_704_067_200; // 2024-01-01
        const YEAR_0: i64 = -62_167_219_200;
        let time =
            Rfc3339::parse(text).unwrap_or(Rfc3339 { local_seconds: FROM, fraction: "", offset: None });
        let near = (0..1 << 28).contains(&(time.local_seconds - FROM));
        let (base, bits) = if self.flag(slot::TIME, near) { (FROM, 28) } else { (YEAR_0, 39) };
        let seconds = self.raw((time.local_seconds - base) as u64, bits) as i64 + base;
        let digits = self.symbol(slot::FRACTION, 4, time.fraction.len());
        if digits > 9 {
            self.fail(Fault::Time);
        }
        let mut fraction = String::new();
        if digits > 0 {
            let largest = 10u64.pow(digits as u32);
            let value = self.raw(time.fraction.parse().unwrap_or(0), 64 - (largest - 1).leading_zeros());
            if value >= largest {
                self.fail(Fault::Time);
            }
            padded(&mut fraction, "", value as i64, digits);
        }
        let offset = if self.flag(slot::TIME + 1, time.offset.is_none()) {
            None
        } else {
            let minutes = time.offset.unwrap_or(0) + 1_440;
            let whole = self.flag(slot::TIME + 2, minutes % 60 == 0);
            // Hours from -15 to +16 have a tree; anything else is rare.
            let minutes = if whole && self.flag(slot::TIME + 3, (9..41).contains(&(minutes / 60))) {
                (self.symbol(slot::OFFSET, 5, (minutes / 60 - 9).max(0) as usize) as i32 + 9) * 60
            } else {
                self.raw(minutes as u64, 12) as i32
            };
            Some(minutes - 1_440)
        };
        self.spend(35);
        let text = Rfc3339 { local_seconds: seconds, fraction: &fraction, offset }.print();
        if Rfc3339::parse(&text).is_none() {
            self.fail(Fault::Time);
        }
        Value::String(text)
    }

    fn table_list(&mut self, value: &Value) -> Value {
        let input = value.as_array().unwrap_or_default();
        let mut out: Vec<Value> = Vec::new();
        let mut prefix = String::new();
        while self.flag(slot::MORE, out.len() < input.len()) {
            if out.len() >= MAX_TABLES {
                self.fail(Fault::Tables);
            }
            let name = input.get(out.len()).map_or("", text_of);
            let tail = name.strip_prefix(prefix.as_str()).filter(|t| !t.contains('.'));
            let name = if !prefix.is_empty() && self.flag(slot::SAME_PREFIX, tail.is_some()) {
                self.spend(prefix.len());
                prefix + &self.text(Class::Table, tail.unwrap_or_default())
            } else {
                self.text(Class::Table, name)
            };
            prefix = name.rfind('.').and_then(|dot| name.get(..=dot)).unwrap_or_default().to_owned();
            out.push(Value::from(name.as_str()));
            self.tables.push(name);
        }
        // Only a writer looks for them.
        if !input.is_empty() {
            self.spellings = spellings(&self.tables);
        }
        Value::Array(out)
    }

    fn by_table(&mut self, value: &Value, each: fn(&mut Self, &str, &Value) -> Value) -> Value {
        let empty = Object::new();
        let input = value.as_object().unwrap_or(&empty);
        let mut out = Object::new();
        let mut expected = 0;
        while self.flag(slot::MORE + 1, out.len() < input.len()) {
            if out.len() >= MAX_TABLES {
                self.fail(Fault::Tables);
            }
            let entry = input.0.get(out.len());
            let name = entry.map_or("", |(k, _)| k);
            let next = self.tables.get(expected).cloned();
            let name = self.expected_name(next.as_deref(), name);
            // Tables may be left out: go on behind the one that came.
            if let Some(at) = self.tables.iter().position(|t| *t == name) {
                expected = at + 1;
            }
            let item = each(self, &name, entry.map_or(&Value::Null, |(_, v)| v));
            out.0.push((name, item));
        }
        Value::Object(self.unique(out))
    }

    /// The table that is due next takes one flag.
    fn expected_name(&mut self, expected: Option<&str>, name: &str) -> String {
        if let Some(expected) = expected
            && self.flag(slot::NEXT_NAME, expected == name)
        {
            self.spend(expected.len() + 4);
            return expected.to_owned();
        }
        self.text(Class::Table, name)
    }

    fn columns(&mut self, table: &str, value: &Value) -> Value {
        self.model.inject(last_part(table));
        self.model.inject("\0");
        let input = value.as_array().unwrap_or_default();
        let mut out = Vec::new();
        loop {
            let name = input.get(out.len()).map(text_of);
            let Some(name) = self.item(Class::Column, name) else { return Value::Array(out) };
            if out.len() >= MAX_COLUMNS_PER_TABLE {
                self.fail(Fault::Columns);
            }
            out.push(Value::String(name));
        }
    }

    fn types(&mut self, _: &str, value: &Value) -> Value {
        let empty = Object::new();
        let input = value.as_object().unwrap_or(&empty);
        let mut out = Object::new();
        while self.flag(slot::MORE + 2, out.len() < input.len()) {
            let entry = input.0.get(out.len());
            let name = self.text(Class::Column, entry.map_or("", |(k, _)| k));
            let text = self.text(Class::Type, entry.map_or("", |(_, v)| text_of(v)));
            out.0.push((name, Value::String(text)));
        }
        Value::Object(self.unique(out))
    }

    fn summary(&mut self, value: &Value) -> Value {
        let input = value.as_object();
        let count = |name| match input.and_then(|o| o.get(name)) {
            Some(Value::Number(n)) => n.as_u64().unwrap_or(0),
            _ => 0,
        };
        let queries = self.number(slot::COUNT, count(key::QUERIES_RUN));
        let listed = self.tables.len() as u64;
        let tables = count(key::TABLES_EXPLORED);
        let tables = if self.flag(slot::SUMMARY, tables == listed) {
            listed
        } else {
            self.number(slot::COUNT + 40, tables)
        };
        let reviewed = input.and_then(|o| o.get(key::SAMPLE_DATA_REVIEWED)) == Some(&Value::Bool(true));
        let reviewed = self.flag(slot::SUMMARY + 1, reviewed);
        let mut out = Object::new();
        out.0.push((key::QUERIES_RUN.to_owned(), Value::Number(queries.into())));
        out.0.push((key::TABLES_EXPLORED.to_owned(), Value::Number(tables.into())));
        out.0.push((key::SAMPLE_DATA_REVIEWED.to_owned(), Value::Bool(reviewed)));
        Value::Object(out)
    }

    fn queries(&mut self, value: &Value) -> Value {
        let input = value.as_array().unwrap_or_default();
        let mut out = Vec::new();
        loop {
            let entry = input.get(out.len()).and_then(Value::as_object);
            let field = |name| entry.and_then(|o| o.get(name)).map(text_of);
            let Some(query) = self.item(Class::Sql, field(key::QUERY)) else { return Value::Array(out) };
            if out.len() >= MAX_QUERIES {
                self.fail(Fault::Queries);
            }
            let summary = self.text(Class::Summary, field(key::RESULT_SUMMARY).unwrap_or_default());
            let mut fields = Object::new();
            fields.0.push((key::QUERY.to_owned(), Value::String(query)));
            fields.0.push((key::RESULT_SUMMARY.to_owned(), Value::String(summary)));
            out.push(Value::Object(fields));
        }
    }

    fn generic(&mut self, value: &Value, parent: usize, depth: usize) -> Value {
        self.spend(2);
        let tag = match value {
            Value::Null => 0,
            Value::Bool(false) => 1,
            Value::Bool(true) => 2,
            Value::Number(_) => 3,
            Value::String(_) => 4,
            Value::Array(_) => 5,
            Value::Object(_) => 6,
        };
        let tag = self.symbol(slot::TAG + parent * 8, 3, tag);
        if tag > 4 && depth > MAX_DEPTH {
            self.fail(Fault::Levels);
        }
        match tag {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => {
                let text = if let Value::Number(n) = value { n.as_str() } else { "" };
                match Value::from_json_str(&self.text(Class::Other, text)) {
                    Ok(Value::Number(n)) => Value::Number(n),
                    _ => {
                        self.fail(Fault::Number);
                        Value::Null
                    }
                }
            }
            4 => Value::String(self.text(Class::Other, text_of(value))),
            5 => {
                let input = value.as_array().unwrap_or_default();
                let mut out = Vec::new();
                while self.flag(slot::MORE + 3, out.len() < input.len()) {
                    let item = input.get(out.len()).unwrap_or(&Value::Null);
                    out.push(self.generic(item, tag, depth + 1));
                }
                Value::Array(out)
            }
            6 => {
                let empty = Object::new();
                let input = value.as_object().unwrap_or(&empty);
                let mut out = Object::new();
                while self.flag(slot::MORE + 4, out.len() < input.len()) {
                    let entry = input.0.get(out.len());
                    let name = self.text(Class::Key, entry.map_or("", |(k, _)| k));
                    let item = self.generic(entry.map_or(&Value::Null, |(_, v)| v), tag, depth + 1);
                    out.0.push((name, item));
                }
                Value::Object(self.unique(out))
            }
            _ => {
                self.fail(Fault::Value);
                Value::Null
            }
        }
    }

    fn text(&mut self, class: Class, text: &str) -> String {
        self.bytes(class, Some(text), false).unwrap_or_default()
    }

    /// One text of a list that ends with an empty one.
    fn item(&mut self, class: Class, text: Option<&str>) -> Option<String> {
        self.bytes(class, text, true)
    }

    fn bytes(&mut self, class: Class, text: Option<&str>, in_list: bool) -> Option<String> {
        let input = text.unwrap_or_default();
        let mut out: Vec<u8> = Vec::new();
        let mut at = 0;
        self.spend(4);
        let mut marked = false;
        loop {
            let reference = if class == Class::Sql { self.reference_at(input, at) } else { None };
            let (symbol, length) = match (&reference, input.as_bytes().get(at)) {
                (Some((length, _, style)), _) => (REFERENCE + style, *length),
                (None, None) if in_list && text.is_some() && input.is_empty() && !marked => (ESCAPE, 0),
                (None, None) => (END, 0),
                (None, Some(&byte)) if byte < 5 => (ESCAPE, 1),
                (None, Some(&byte)) => (byte, 1),
            };
            let symbol = self.byte(class, symbol);
            match symbol {
                END if in_list && out.is_empty() && !marked => return None,
                END => break,
                ESCAPE => {
                    let byte = input.as_bytes().get(at).map_or(EMPTY, |b| b + LITERAL);
                    let byte = self.byte(class, byte);
                    if byte == EMPTY {
                        marked = true;
                    } else {
                        out.push(byte.wrapping_sub(LITERAL));
                        self.spend(6);
                    }
                }
                2..=4 => {
                    if class != Class::Sql || self.tables.is_empty() {
                        self.fail(Fault::Reference);
                        break;
                    }
                    let index = self.reference(reference.map_or(0, |r| r.1));
                    let name = self.tables.get(index).map(|table| spell(table, symbol - REFERENCE));
                    if name.is_none() {
                        self.fail(Fault::Reference);
                    }
                    let name = name.unwrap_or_default();
                    self.spend(name.len());
                    self.model.inject(last_part(&name));
                    out.extend_from_slice(name.as_bytes());
                }
                byte => {
                    out.push(byte);
                    self.spend(1);
                }
            }
            if out.len() > MAX_STRING_BYTES {
                self.fail(Fault::Text);
            }
            at += length;
        }
        let text = String::from_utf8(out);
        if text.is_err() {
            self.fail(Fault::Utf8);
        }
        text.ok()
    }

    /// An object that has no key twice.
    fn unique(&mut self, object: Object) -> Object {
        if object.has_duplicates() {
            self.fail(Fault::DuplicateKey);
        }
        object
    }

    fn reference(&mut self, index: usize) -> usize {
        let last = self.last_reference;
        let count = self.tables.len();
        let index = if count == 1 || self.flag(slot::REFERENCE, index == last) {
            last
        } else {
            let bits = usize::BITS - (count - 1).leading_zeros();
            if bits <= 8 {
                self.symbol(slot::REFERENCE + 1, bits, index)
            } else {
                self.raw(index as u64, bits) as usize
            }
        };
        self.last_reference = index;
        index
    }

    fn reference_at(&self, text: &str, at: usize) -> Option<(usize, usize, u8)> {
        let before = at.checked_sub(1).and_then(|i| text.as_bytes().get(i));
        if before.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'`' | b'.') || *b >= 0x80)
        {
            return None;
        }
        let rest = text.as_bytes().get(at..)?;
        let matching = self.spellings.iter().filter(|(text, _, _)| rest.starts_with(text.as_bytes()));
        // The longest one; of two equal ones there is only the first.
        matching
            .max_by_key(|(text, _, _)| text.len())
            .map(|(text, index, style)| (text.len(), *index, *style))
    }
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn is_special(name: &str, value: &Value) -> bool {
    let all_text = |v: &Value| v.as_array().is_some_and(|a| a.iter().all(|i| i.as_str().is_some()));
    match name {
        key::VALIDATED_TABLES => all_text(value),
        key::VALIDATED_COLUMNS | key::KEYS => value.as_object().is_some_and(|o| o.iter().all(|(_, v)| all_text(v))),
        key::COLUMN_TYPES => value.as_object().is_some_and(|o| {
            o.iter().all(|(_, v)| v.as_object().is_some_and(|t| t.iter().all(|(_, v)| v.as_str().is_some())))
        }),
        key::EXPLORATION_SUMMARY => value.as_object().is_some_and(|o| {
            let small = |v: &Value| matches!(v, Value::Number(n) if n.as_u64().is_some_and(|u| u < 1 << 53 && Number::from(u) == *n));
            let expected = [key::QUERIES_RUN, key::TABLES_EXPLORED, key::SAMPLE_DATA_REVIEWED];
            o.iter().map(|(k, _)| k).eq(expected) && o.iter().all(|(_, v)| small(v) || matches!(v, Value::Bool(_)))
        }),
        key::EXPLORATION_QUERIES => value.as_array().is_some_and(|a| {
            a.iter().all(|e| {
                e.as_object().is_some_and(|o| {
                    o.iter().map(|(k, _)| k).eq([key::QUERY, key::RESULT_SUMMARY]) && o.iter().all(|(_, v)| v.as_str().is_some())
                })
            })
        }),
        key::CREATED_AT => value.as_str().is_some_and(|s| Rfc3339::parse(s).is_some()),
        _ => value.as_str().is_some(),
    }
}
