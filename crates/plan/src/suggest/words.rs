//! An intent as words with places, and which of them are negated.

/// One word, in lower case, with its place in the text (bytes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub text: String,
    pub start: usize,
    pub end: usize,
    /// Number of the sentence.
    pub sentence: usize,
    /// Number of the clause, counted over all sentences.
    pub clause: usize,
    /// Whether a negation governs it.
    pub negated: bool,
}

/// A text taken apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words<'a> {
    pub text: &'a str,
    pub list: Vec<Word>,
}

/// Only so much of an intent is looked at; what a person wants is said before that.
const MAX_WORDS: usize = 2_000;

const NEGATIONS: [&str; 19] = [
    "not",
    "no",
    "never",
    "without",
    "don't",
    "dont",
    "doesn't",
    "doesnt",
    "isn't",
    "shouldn't",
    "mustn't",
    "won't",
    "cannot",
    "can't",
    "nobody",
    "nothing",
    "neither",
    "nor",
    "nicht",
];
/// Words after which a negation no longer holds.
const ENDS: [&str; 12] = [
    "but", "just", "only", "simply", "instead", "because", "so", "then", "rather", "until", "unless",
    "please",
];

impl<'a> Words<'a> {
    pub fn of(text: &'a str) -> Self {
        let mut list: Vec<Word> = Vec::new();
        let (mut sentence, mut clause) = (0, 0);
        let mut chars = text.char_indices().peekable();
        while let Some((start, c)) = chars.next() {
            if list.len() >= MAX_WORDS {
                break;
            }
            if c == '`' || is_part(c) {
                let mut end = start + c.len_utf8();
                let mut quoted = c == '`';
                while let Some(&(at, next)) = chars.peek() {
                    let joins = match next {
                        '`' => {
                            quoted = !quoted;
                            true
                        }
                        _ if quoted => next != '\n',
                        // Inside names, times and words: `a.b`, `6:30`, `don't`, `append-only`.
                        '.' | ':' | '\'' | '’' | '-' => {
                            let behind = text.get(at + next.len_utf8()..).and_then(|t| t.chars().next());
                            let before = text.get(..at).and_then(|t| t.chars().next_back());
                            let digits = before.is_some_and(|b| b.is_ascii_digit())
                                && behind.is_some_and(|b| b.is_ascii_digit());
                            match next {
                                ':' => digits,
                                '.' => {
                                    behind.is_some_and(|b| is_part(b) || b == '`')
                                        && before.is_some_and(|b| is_part(b) || b == '`')
                                }
                                _ => behind.is_some_and(is_part),
                            }
                        }
                        _ => is_part(next),
                    };
                    if !joins {
                        break;
                    }
                    chars.next();
                    end = at + next.len_utf8();
                }
                let raw = text.get(start..end).unwrap_or_default();
                push(&mut list, raw, start, sentence, clause);
            } else {
                match c {
                    '.' | '!' | '?' | '\n' | '。' | '！' | '？' => {
                        sentence += 1;
                        clause += 1;
                    }
                    ',' | ';' | ':' | '(' | ')' | '、' | '–' | '—' => clause += 1,
                    _ => {}
                }
            }
        }
        let mut words = Self { text, list };
        words.negate();
        words
    }

    fn negate(&mut self) {
        let mut governed: Option<usize> = None;
        let texts: Vec<String> = self.list.iter().map(|w| w.text.clone()).collect();
        for (n, word) in self.list.iter_mut().enumerate() {
            if governed.is_some_and(|clause| clause != word.clause) || ENDS.contains(&word.text.as_str()) {
                governed = None;
            }
            word.negated = governed.is_some();
            let next = texts.get(n + 1).map(String::as_str);
            let negates = NEGATIONS.contains(&word.text.as_str())
                && !matches!(next, Some("only" | "just" | "matter" | "later"));
            let instead =
                matches!(word.text.as_str(), "instead" | "rather") && matches!(next, Some("of" | "than"));
            if negates || instead {
                governed = Some(word.clause);
            }
        }
        // "Replace nothing": what stands directly before is negated as well.
        for (n, text) in texts.iter().enumerate() {
            if matches!(text.as_str(), "nothing" | "nobody" | "none")
                && let Some(before) = n.checked_sub(1).and_then(|n| self.list.get_mut(n))
            {
                before.negated = true;
            }
        }
    }

    /// The words from `at` on that match `phrase`; gives the place behind the last.
    ///
    /// A phrase is words with spaces between; `word*` is a beginning, `~` stands for up to three words of the same
    /// sentence, `a|b` for one of several.
    #[inline(never)]
    pub fn matches(&self, at: usize, phrase: &str) -> Option<usize> {
        let sentence = self.list.get(at)?.sentence;
        let mut position = at;
        let mut gap = 0usize;
        for part in phrase.split(' ') {
            if part == "~" {
                gap = 3;
                continue;
            }
            let tries = position..=position + gap;
            gap = 0;
            position = tries.into_iter().find(|n| {
                self.list
                    .get(*n)
                    .is_some_and(|w| w.sentence == sentence && part.split('|').any(|p| fits(&w.text, p)))
            })? + 1;
        }
        Some(position)
    }

    /// The first place of `phrase`.
    #[inline(never)]
    pub fn find(&self, phrase: &str) -> Option<(usize, usize)> {
        (0..self.list.len()).find_map(|n| self.matches(n, phrase).map(|end| (n, end)))
    }

    /// The text from one word to another (behind the last).
    pub fn quote(&self, from: usize, to: usize) -> (usize, usize) {
        let start = self.list.get(from).map_or(0, |w| w.start);
        let end = to.checked_sub(1).and_then(|n| self.list.get(n)).map_or(start, |w| w.end);
        (start, end.max(start))
    }

    pub fn word(&self, at: usize) -> &str {
        self.list.get(at).map_or("", |w| w.text.as_str())
    }
}

fn fits(word: &str, part: &str) -> bool {
    match part.strip_suffix('*') {
        Some(head) => word.starts_with(head) && !word.contains(['.', '_']),
        None => word == part,
    }
}

pub(crate) fn is_part(c: char) -> bool {
    c == '_' || c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}' | '\u{3099}'..='\u{309a}')
}

fn push(list: &mut Vec<Word>, raw: &str, start: usize, sentence: usize, clause: usize) {
    let word = |text: &str, start: usize, end: usize| Word {
        text: text.replace('’', "'").to_lowercase(),
        start,
        end,
        sentence,
        clause,
        negated: false,
    };
    // `append-only` is two words, `lake-house.raw.events` and `2026-01-16` are one.
    if raw.contains(['.', '`', ':']) || raw.starts_with(|c: char| c.is_ascii_digit()) || raw.contains('_') {
        let text = raw.replace('`', "");
        let mut item = word(&text, start, start + raw.len());
        if let Some(bare) = item.text.strip_suffix("'s") {
            item.text = bare.to_owned();
        }
        list.push(item);
        return;
    }
    let mut at = start;
    for part in raw.split('-') {
        if !part.is_empty() {
            list.push(word(part, at, at + part.len()));
        }
        at += part.len() + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        Words::of(text)
            .list
            .into_iter()
            .map(|w| if w.negated { format!("!{}", w.text) } else { w.text })
            .collect()
    }

    #[test]
    fn words_names_and_times() {
        assert_eq!(
            shown("Append-only: raw.`Größe x`.t, at 6:30am. Don’t!"),
            ["append", "only", "raw.größe x.t", "at", "6:30am", "don't"]
        );
    }

    #[test]
    fn negation_ends_with_its_clause() {
        assert_eq!(shown("no history needed, just rows"), ["no", "!history", "!needed", "just", "rows"]);
        assert_eq!(shown("Replace nothing, add"), ["!replace", "nothing", "add"]);
        assert_eq!(shown("not only new"), ["not", "only", "new"]);
        assert_eq!(shown("don't merge but append"), ["don't", "!merge", "but", "append"]);
    }

    #[test]
    fn phrases() {
        let words = Words::of("track the firmware changes per machine");
        assert_eq!(words.find("track* ~ change*"), Some((0, 4)));
        assert_eq!(words.find("per day|machine"), Some((4, 6)));
        assert_eq!(words.find("track change*"), None);
    }
}
