//! What a link must hold for: every context, every damage, every stranger's text.

// Helpers of tests may stop the test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod support;

use handoff::{
    Context, ContextBuilder, DecodeOptions, EncodeOptions, Format, Mode, Value, decode, encode, redact,
};
use proptest::prelude::*;
use support::contexts;

fn open(text: &str) -> Result<handoff::Decoded, handoff::HandoffError> {
    decode(text, &DecodeOptions::default())
}

#[track_caller]
fn round_trip(context: &Context) {
    let (clean, _) = redact(context);
    for mode in [Mode::Primed, Mode::Plain] {
        let made = encode(context, &EncodeOptions { mode }).unwrap();
        let opened = open(&made.payload).unwrap();
        assert_eq!(opened.context.to_json(), clean.to_json());
        let again = encode(&opened.context, &EncodeOptions { mode }).unwrap();
        assert_eq!(again.payload, made.payload);
    }
}

#[test]
fn contexts_come_back_without_their_data() {
    contexts().iter().for_each(|(_, context)| round_trip(context));
}

#[test]
fn other_tools_forms_are_read() {
    let base = |text: &str, alphabet: &[u8; 64], pad: bool| {
        let mut out = String::new();
        for chunk in text.as_bytes().chunks(3) {
            let n = chunk.iter().chain(&[0, 0]).take(3).fold(0u32, |n, b| n << 8 | u32::from(*b));
            for i in 0..4 {
                if i <= chunk.len() {
                    out.push(char::from(alphabet[(n >> (18 - 6 * i) & 63) as usize]));
                } else if pad {
                    out.push('=');
                }
            }
        }
        out
    };
    let url = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let std = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let percent = |text: &str| {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect::<String>()
    };
    for (name, context) in contexts() {
        let compact = context.to_json();
        let spaced = format!("\n  {compact} \n");
        for (text, format) in [
            (compact.clone(), Format::Json),
            (spaced.clone(), Format::Json),
            (base(&compact, url, false), Format::Base64Json),
            (base(&compact, std, true), Format::Base64Json),
            (base(&spaced, url, true), Format::Base64Json),
            (base(&compact, std, true).replace('+', " "), Format::Base64Json),
            (percent(&compact), Format::PercentJson),
            (percent(&base(&compact, std, true)), Format::Base64Json),
        ] {
            if text.len() > handoff::limits::MAX_LINK_CHARS {
                continue;
            }
            let opened = open(&text).unwrap_or_else(|e| panic!("{name} {format:?}: {e}"));
            assert_eq!((opened.format, opened.context.to_json()), (format, compact.clone()), "{name}");
        }
        let link = format!("https://h.example/handoff?context={}&x=1", base(&compact, url, false));
        assert_eq!(open(&link).unwrap().context, context);
    }
    let carries = open(&contexts()[1].1.to_json()).unwrap();
    assert!(carries.warnings.iter().any(|w| w.code == "link_carries_data"));
}

#[test]
fn errors_have_names() {
    for (text, code) in [
        ("", "link_empty"),
        ("https://h.example/handoff", "link_empty"),
        ("https://h.example/handoff#context=", "link_empty"),
        ("hello world", "link_unrecognised"),
        ("b", "link_damaged"),
        ("bAAAAAA", "link_damaged"),
        ("z1234567", "link_version_unknown"),
        ("eyJhIjoxfQ", "context_invalid"),
        ("{\"a\":", "json_invalid"),
        ("[]", "link_unrecognised"),
        ("%7B%ZZ", "link_unrecognised"),
        ("e\u{301}", "link_unrecognised"),
    ] {
        assert_eq!(open(text).unwrap_err().code(), code, "{text}");
    }
    let deep = format!("{{\"a\": {}1{}}}", "[".repeat(200), "]".repeat(200));
    assert_eq!(open(&deep).unwrap_err().code(), "too_large");
    let wide = format!("{{\"a\": \"{}\"}}", "x".repeat(handoff::limits::MAX_STRING_BYTES + 1));
    assert_eq!(Context::from_json_str(&wide).unwrap_err().code(), "too_large");
    let long = "b".repeat(handoff::limits::MAX_LINK_CHARS + 1);
    assert_eq!(open(&long).unwrap_err().code(), "too_large");
    let short = decode("bAAAAAAA", &DecodeOptions { max_chars: Some(5) });
    assert_eq!(short.unwrap_err().code(), "too_large");
}

/// One character changed, dropped, doubled, or the rest cut: 20,000 tries, none may open as another context.
#[test]
fn damaged_links_never_open_as_another_context() {
    let links: Vec<String> =
        contexts().iter().map(|(_, c)| encode(c, &EncodeOptions::default()).unwrap().payload).collect();
    let characters: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['-', '_']).collect();
    let mut seed = 1u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for i in 0..20_000 {
        let link = &links[random(links.len())];
        let mut damaged: Vec<char> = link.chars().collect();
        let at = random(damaged.len());
        match i % 4 {
            0 => damaged[at] = characters[random(64)],
            1 => drop(damaged.remove(at)),
            2 => damaged.insert(at, damaged[at]),
            _ => damaged.truncate(at),
        }
        let damaged: String = damaged.into_iter().collect();
        if damaged != *link {
            let opened = open(&damaged);
            assert!(opened.is_err(), "{damaged}");
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-z_]{1,12}",
        2 => "[A-Z][a-z]{1,8}[A-Z]{1,3}",
        1 => "[äöüß日本語é -]{1,6}",
        1 => Just("__proto__".to_owned()),
        1 => any::<String>().prop_map(|s| s.chars().take(20).collect()),
    ]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        prop_oneof!["-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,5})?([eE][+-]?[0-9]{1,3})?"]
            .prop_map(|n| Value::from_json_str(&n).unwrap()),
        any::<String>().prop_map(|s| Value::from(s.as_str())),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::vec((name(), inner), 0..4).prop_map(|entries| {
                let mut object = handoff::Object::new();
                entries.into_iter().for_each(|(k, v)| object.insert(&k, v));
                Value::Object(object)
            }),
        ]
    })
}

fn id() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9a-f]{32}",
        "[0-9A-F]{32}",
        "01f0[0-9a-f]{8}1[0-9a-f]{3}8[0-9a-f]{15}",
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
        any::<String>()
    ]
}

fn time() -> impl Strategy<Value = String> {
    prop_oneof![
        "20[0-4][0-9]-0[1-9]-[012][1-8]T[01][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[1-9]|1[0-9]):[0-5][0-9])",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,11})?(Z|z|[+-][0-9]{2}:[0-9]{2})",
        any::<String>(),
    ]
}

prop_compose! {
    fn context()(
        session in id(), space in id(),
        tables in proptest::collection::vec((name(), name(), name(), proptest::collection::vec(name(), 0..6)), 0..5),
        queries in proptest::collection::vec((any::<String>(), any::<Option<String>>(), 0usize..6, 0u8..4), 0..4),
        intent in any::<String>(), created in time(), more in proptest::collection::vec((name(), json()), 0..3), counts in any::<(u64, u64, bool)>(),
    ) -> Context {
        let mut builder = ContextBuilder::new(&session, &space).user_intent(&intent).created_at(&created).summary(handoff::ExplorationSummary {
            queries_run: counts.0 >> (counts.1 % 64), tables_explored: tables.len() as u64, sample_data_reviewed: counts.2 });
        let names: Vec<String> = tables.iter().map(|(a, b, c, _)| format!("{a}.{b}.{c}")).collect();
        for (name, (_, _, _, columns)) in names.iter().zip(&tables) {
            builder = builder.columns(name, columns.iter().map(String::as_str));
        }
        for (text, summary, table, style) in &queries {
            let table = names.get(*table).cloned().unwrap_or_default();
            let table = match style { 0 => table, 1 => format!("`{}`", table.replace('.', "`.`")), _ => table.to_uppercase() };
            builder = builder.query(&format!("SELECT {} FROM {table} t", text.replace(['\'', '"', '`', '\\'], "x")), summary.as_deref());
        }
        for (key, value) in more {
            if !handoff::key::REQUIRED.contains(&key.as_str()) && !handoff::key::OPTIONAL.contains(&key.as_str()) {
                builder = builder.with(&key, value);
            }
        }
        builder.build().unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_context_comes_back(context in context()) {
        round_trip(&context);
    }

    #[test]
    fn redaction_is_idempotent_and_does_not_grow(context in context()) {
        let (once, _) = redact(&context);
        prop_assert_eq!(&redact(&once).0, &once);
        prop_assert!(once.to_json().len() <= 3 * context.to_json().len());
    }

    #[test]
    fn any_text_gives_a_context_or_an_error(text in any::<String>(), head in "[abse{%]") {
        let _ = open(&text);
        let _ = open(&format!("{head}{text}"));
    }
}
