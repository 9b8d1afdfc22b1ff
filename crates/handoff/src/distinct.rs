//! Texts, each once.

use std::collections::BTreeMap;

/// Texts, each once, with what they stand for. One map for every use in the codec: each further kind of map is compiled
/// once more, and a page pays for it.
#[derive(Debug, Default)]
pub(crate) struct Distinct(BTreeMap<String, String>);

impl Distinct {
    /// Adds `text`; false if it is there already.
    pub fn add(&mut self, text: &str) -> bool {
        self.set(text.to_owned(), "")
    }

    /// Lets `text` stand for `meaning`, unless it stands for something already; then false.
    #[inline(never)]
    pub fn set(&mut self, text: String, meaning: &str) -> bool {
        let new = !self.0.contains_key(&text);
        if new {
            self.0.insert(text, meaning.to_owned());
        }
        new
    }

    /// What `text` stands for.
    pub fn get(&self, text: &str) -> Option<&str> {
        self.0.get(text).map(String::as_str)
    }
}
