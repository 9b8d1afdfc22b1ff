//! Secrets planted in queries and summaries must not be in any byte of a link.

// Helpers of tests may stop the test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use handoff::{ContextBuilder, DecodeOptions, EncodeOptions, decode, encode};
use proptest::prelude::*;

/// A secret that occurs nowhere else.
const SECRET: &str = "zqXsecretXqz";
const NUMBER: &str = "8675309424242";

/// One place for a secret in a query: what stands before and after it, and whether it has to be digits.
fn places() -> Vec<(&'static str, &'static str, bool)> {
    vec![
        ("WHERE a = '", "'", false),
        ("WHERE a = \"", "\"", false),
        ("WHERE a = r'\\", "'", false),
        ("WHERE a = R\"", "\"", false),
        ("WHERE a = 'it''s ", "'", false),
        ("WHERE a = 'it\\'s ", "'", false),
        ("WHERE a LIKE '%", "%' ESCAPE '!'", false),
        ("WHERE a IN ('x', '", "', 'y')", false),
        ("WHERE a = 'x' '", "'", false),
        ("WHERE d = DATE '", "'", false),
        ("WHERE d = TIMESTAMP'", "'", false),
        ("WHERE i = INTERVAL '", "' DAY", false),
        ("WHERE m['", "'] = 1", false),
        ("WHERE j:a['", "'] = 1", false),
        ("-- ", "\nWHERE a", false),
        ("/* ", " */ WHERE a", false),
        ("/* a /* ", " */ b */ WHERE a", false),
        ("/*+ ", " */ WHERE a", false),
        ("-- x \\\n ", "\nWHERE a", false),
        ("WHERE a = '", "", false),
        ("WHERE a = /* ", "", false),
        ("WHERE a = ‘", "’", false),
        ("WHERE a = $$", "$$", false),
        ("# ", "", false),
        ("WHERE n = ", "", true),
        ("WHERE n = -", "", true),
        ("WHERE n = ", "L", true),
        ("WHERE n = ", ".25BD", true),
        ("WHERE n = 1.", "e-3", true),
        ("WHERE n = 1e", "", true),
        ("WHERE n = 0x", "", true),
        ("WHERE n = .", "", true),
        ("WHERE n = t.", "", true),
        ("WHERE n = 1_", "", true),
        ("WHERE n = X'", "'", true),
        ("WHERE n BETWEEN 1 AND ", "", true),
        ("WHERE n IN (1,", ",3)", true),
        ("GROUP BY ", "", true),
        ("LIMIT ", "", true),
        ("CAST(a AS DECIMAL(", "))", true),
    ]
}

fn scan(text: &str) -> Result<(), TestCaseError> {
    let lower = text.to_lowercase();
    prop_assert!(!lower.contains(&SECRET.to_lowercase()), "{text}");
    prop_assert!(!lower.contains(NUMBER), "{text}");
    // A part of a secret is one too.
    prop_assert!(!lower.contains("secretx") && !lower.contains("8675309"), "{text}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn planted_secrets_never_reach_a_link(
        planted in proptest::collection::vec((0usize..40, prop_oneof![Just(""), Just("x "), Just("é"), Just("1 ")], any::<bool>()), 1..4),
        summary in prop_oneof![
            Just(SECRET.to_string()), Just(format!("3 rows, {SECRET} leads")), Just(format!("3 {SECRET}")), Just(format!("{NUMBER} rows")),
            Just(format!("total = {NUMBER}")), Just(format!("id {SECRET}; 5 rows")), Just(format!("'{SECRET}' 12 rows"))],
        key in "[a-z]{1,8}",
    ) {
        let places = places();
        let mut builder = ContextBuilder::new("s", "").columns("a.b.c", ["id", "n"]).user_intent("i");
        for (i, (place, noise, upper)) in planted.iter().enumerate() {
            let (before, after, digits) = places[place % places.len()];
            let secret = if digits { NUMBER.to_owned() } else { format!("{noise}{SECRET}") };
            let keyword = if *upper { "SELECT id FROM" } else { "select id from" };
            builder = builder.query(&format!("{keyword} a.b.c t{i} {before}{secret}{after} "), Some(&summary));
        }
        let mut context = builder.build().unwrap();
        let mut json = context.to_json();
        // An entry with a key that nobody knows.
        if !["query"].contains(&key.as_str()) {
            json = json.replacen(r#"[{"query""#, &format!(r#"[{{"{key}":["{SECRET}",{NUMBER}],"query""#), 1);
            context = handoff::Context::from_json_str(&json).unwrap();
        }
        let made = encode(&context, &EncodeOptions::default()).unwrap();
        scan(&made.payload)?;
        scan(&made.context.to_json())?;
        let opened = decode(&made.payload, &DecodeOptions::default()).unwrap();
        prop_assert_eq!(&opened.context, &made.context);
        scan(&opened.context.to_json())?;
    }
}

/// The tool that plants must be able to notice: without redaction every place would be found.
#[test]
fn the_scan_finds_what_is_there() {
    for (before, after, digits) in places() {
        let secret = if digits { NUMBER } else { SECRET };
        assert!(scan(&format!("SELECT id {before}{secret}{after}")).is_err());
    }
}
