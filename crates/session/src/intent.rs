//! Does a message say what should be built?
//!
//! Most messages of a conversation are questions to Genie. The one that matters says that something should happen
//! again and again, or should be written somewhere. Both kinds can look alike ("events per day"), so a message counts
//! only if it has a verb of loading and something that points to production: a destination, a rhythm, or a wish.

/// Verbs of loading. Forms that differ by an ending are matched by their beginning where a `*` says so.
const VERBS: &[&str] = &[
    "load*",
    "append*",
    "ingest*",
    "upsert*",
    "merge",
    "merges",
    "refresh*",
    "rebuild*",
    "reload*",
    "replace*",
    "overwrit*",
    "snapshot*",
    "sync*",
    "mirror*",
    "copy",
    "copies",
    "copied",
    "write",
    "written",
    "store",
    "stored",
    "save",
    "saved",
    "keep",
    "kept",
    "maintain*",
    "build",
    "built",
    "create",
    "materiali*",
    "automat*",
    "schedul*",
    "productioni*",
    "operationali*",
    "populat*",
    "fill",
    "publish*",
    "updat*",
    "track",
    "historis*",
    "historiz*",
    "dedup*",
    "aggregat*",
    "insert*",
    "persist*",
    "pipeline",
    "export*",
    "land",
    "need",
    "want",
    "run",
    "runs",
    "add",
    "deliver*",
    "archiv*",
    // German, French, Spanish, Portuguese: the verbs that people of those tongues use beside English table names.
    "laden",
    "lade",
    "lädt",
    "geladen",
    "schreib*",
    "speicher*",
    "aktualisier*",
    "charger",
    "charge",
    "cargar",
    "carregar",
];
/// A rhythm.
const RHYTHMS: &[&str] = &[
    "daily",
    "nightly",
    "hourly",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "every",
    "each",
    "overnight",
    "cron",
    "regularly",
    "continuously",
    "automatically",
    "incremental*",
    "täglich*",
    "stündlich*",
    "wöchentlich*",
    "monatlich*",
    "jede",
    "jeden",
    "jede*",
    "quotidien*",
    "diari*",
    "semanal*",
];
/// What stands before a destination.
const INTO: &[&str] = &["into", "in", "to", "onto", "as", "nach", "dans", "en", "para", "table"];
/// A wish.
const WISHES: &[&str] = &[
    "want", "need", "needs", "please", "should", "must", "let's", "lets", "make", "would", "wish", "bitte",
    "möchte", "möchten", "brauche", "brauchen", "quiero", "voudrais",
];
/// How questions begin.
const ASKING: &[&str] = &[
    "what", "which", "how", "who", "whose", "when", "where", "why", "is", "are", "was", "were", "do", "does",
    "did", "has", "have", "show", "list", "tell", "explain", "describe", "give", "compare", "count", "find",
    "display", "plot", "summari*", "was", "wie", "welche", "welcher", "welches", "wer", "wann", "wo",
    "warum", "zeig*", "quel*", "combien", "cuál*", "cuánt*", "qual", "quant*",
];
/// Words that are polite and say nothing.
const POLITE: &[&str] = &[
    "please", "ok", "okay", "great", "thanks", "thank", "you", "now", "and", "so", "then", "hi", "hello",
    "well", "good", "perfect", "bitte",
];
/// Verbs that ask somebody to act; with a question mark they are still requests.
const REQUESTS: &[&str] = &["can", "could", "would", "will", "kannst", "können", "könnten", "kann"];

/// Whether a message states what should be built, and is not a question to Genie.
#[must_use]
pub fn states_intent(message: &str) -> bool {
    // The last sentence can state what those before ask; each is judged alone.
    sentences(message).any(states)
}

fn sentences(message: &str) -> impl Iterator<Item = &str> {
    let mut rest = message;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        // A dot inside `a.b.c` or `3.5` ends nothing.
        let end = rest.char_indices().find_map(|(at, c)| {
            let next = at + c.len_utf8();
            let tail = rest.get(next..).unwrap_or_default();
            let ends = matches!(c, '\n' | '?' | '!')
                || (matches!(c, '.' | ';') && tail.chars().next().is_none_or(char::is_whitespace));
            ends.then_some(next)
        });
        let (sentence, tail) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, ""));
        rest = tail;
        Some(sentence)
    })
}

fn states(sentence: &str) -> bool {
    let is_question = sentence.trim_end().ends_with('?');
    let words: Vec<String> = words(sentence).collect();
    let mut start = words.as_slice();
    while let Some((first, rest)) = start.split_first() {
        if !POLITE.contains(&first.as_str()) {
            break;
        }
        start = rest;
    }
    let Some(first) = start.first() else { return false };
    let asked_to_act = is(first, REQUESTS);
    if (is(first, ASKING) || is_question) && !asked_to_act {
        return false;
    }
    if asked_to_act
        && start
            .iter()
            .take(4)
            .any(|word| is(word, &["show", "tell", "list", "explain", "give", "see", "zeig*"]))
    {
        return false;
    }
    let verb = start.iter().any(|word| is(word, VERBS));
    let rhythm = start.iter().any(|word| is(word, RHYTHMS));
    let destination = start.windows(2).any(|pair| match pair {
        [before, name] => is(before, INTO) && name.contains('.') && name.len() > 4,
        _ => false,
    });
    let wish = asked_to_act || start.iter().any(|word| is(word, WISHES));
    // "I need this every day" has no verb of its own but a wish and a rhythm.
    (verb && (rhythm || destination))
        || (wish && rhythm)
        || (verb && wish && start.iter().any(|word| is(word, INTO)))
}

fn words(sentence: &str) -> impl Iterator<Item = String> {
    sentence
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '\'' | '-' | '`')))
        .map(|word| word.trim_matches(|c: char| matches!(c, '.' | '\'' | '-' | '`')).to_lowercase())
        .filter(|word| !word.is_empty())
}

fn is(word: &str, list: &[&str]) -> bool {
    list.iter().any(|known| match known.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => word == *known,
    })
}

/// Full or short table names in a text that stand behind a word for a destination, last first.
pub(crate) fn destinations(text: &str) -> Vec<String> {
    // Names keep their case here, so words are cut by hand.
    let cut: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"' | '!' | '?'))
        .map(|word| word.trim_end_matches(['.', ':']))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found: Vec<String> = cut
        .windows(2)
        .filter_map(|pair| match pair {
            [before, name]
                if matches!(
                    before.to_lowercase().as_str(),
                    "into" | "to" | "table" | "onto" | "in" | "nach" | "dans"
                ) =>
            {
                (2..=3).contains(&name.split('.').count()).then(|| (*name).to_owned())
            }
            _ => None,
        })
        .collect();
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_for_production_are_intents() {
        for text in [
            "I want to load new customer events daily into curated.customer_daily",
            "Great. Please refresh main.mart.revenue every night at 2.",
            "Can you load this daily into main.mart.orders?",
            "I need this every day",
            "Append new rows to prod.curated.events each hour",
            "Keep main.dim.customer up to date, weekly is enough",
            "Thanks! Now write the result to main.mart.totals.",
            "Bitte lade die neuen Bestellungen täglich nach main.mart.bestellungen",
            "How many are there? Ok, load them nightly into a.b.c",
        ] {
            assert!(states_intent(text), "{text}");
        }
    }

    #[test]
    fn questions_and_chat_are_not() {
        for text in [
            "",
            "How many events did we receive per day in the last two weeks?",
            "Which event types are most frequent?",
            "Show me the last events of jane.roe@literal-canary.example",
            "What do we know about customer events?",
            "How does that look per device",
            "Can you show me events per day?",
            "thanks",
            "How often is the table refreshed every day?",
            "events per day",
            "list orders in main.sales.orders daily",
            "Do we load this daily into curated.customer_daily?",
        ] {
            assert!(!states_intent(text), "{text}");
        }
    }

    #[test]
    fn destinations_are_names_behind_a_preposition() {
        assert_eq!(
            destinations("load new events daily into curated.customer_daily."),
            ["curated.customer_daily"]
        );
        assert_eq!(destinations("Write to A.b.C, not into x.y"), ["x.y", "A.b.C"]);
        assert!(destinations("orders in 2025 to the team, version 3.5.1.2").is_empty());
    }
}
