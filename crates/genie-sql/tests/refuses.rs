//! What is not read, by name; and that nothing makes the reader panic, overflow its stack or take long.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test file"
)]

use std::time::Instant;

use genie_sql::{Known, limits, read};
use proptest::prelude::*;

fn code(sql: &str) -> &'static str {
    read(sql, &Known::default()).map_or_else(|e| e.code(), |_| "read")
}

#[test]
fn by_name() {
    for (sql, expected) in [
        ("", "query_empty"),
        (" ; -- nothing\n /* here */ ;", "query_empty"),
        ("SELECT 1; SELECT 2", "query_several_statements"),
        ("SELECT ';' ; DROP TABLE x", "query_several_statements"),
        ("SELECT ';'", "read"),
        ("DROP TABLE x", "query_not_a_query"),
        ("INSERT INTO a SELECT 1", "query_not_a_query"),
        ("MERGE INTO a USING b ON a.x = b.x WHEN MATCHED THEN DELETE", "query_not_a_query"),
        ("WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM x", "query_not_a_query"),
        ("SELECT * INTO a FROM b", "query_not_a_query"),
        ("EXPLAIN SELECT 1", "query_not_a_query"),
        ("FROM a |> WHERE b > 1 |> JOIN c ON TRUE", "query_not_supported"),
        ("SELECT FROM WHERE", "query_unparsable"),
        ("hello world", "query_unparsable"),
        ("SELECT 'open", "query_unparsable"),
        ("SELECT 1 2 3", "query_unparsable"),
    ] {
        assert_eq!(code(sql), expected, "{sql}");
    }
}

#[test]
fn places_are_named_and_data_is_not() {
    let error = read("SELECT a\nFROM b WHERE c = = 'secret'", &Known::default()).unwrap_err();
    assert_eq!(error.to_string(), "the query cannot be read at line 2, column 20");
}

#[test]
fn too_long_and_too_deep() {
    assert_eq!(code(&format!("SELECT '{}'", "x".repeat(limits::MAX_BYTES))), "query_too_long");
    assert_eq!(code(&format!("SELECT {}1", "1,".repeat(limits::MAX_TOKENS))), "query_too_long");
    let many = |n: usize, head: &str, body: &str, tail: &str| {
        format!("{}{}{}{}", "SELECT ", head.repeat(n), body, tail.repeat(n))
    };
    for sql in [
        many(500, "(", "1", ")"),
        many(5_000, "", "1", " + 1"),
        many(5_000, "NOT ", "a", ""),
        many(5_000, "- ", "a", ""),
        many(5_000, "", "a", " AND b"),
        many(3_000, "", "a", "::string"),
        many(3_000, "", "a", ".b"),
        many(2_000, "", "a", " UNION SELECT 1"),
        many(400, "(SELECT ", "a", ")"),
        many(2_000, "CASE WHEN a THEN ", "a", " END"),
        many(2_000, "CAST(a AS ", "INT", ")"),
        format!("SELECT CAST(a AS {}INT{})", "ARRAY<".repeat(3_000), ">".repeat(3_000)),
        format!("SELECT CAST(a AS {}INT{})", "STRUCT<a: INT, b: ".repeat(1_000), ">".repeat(1_000)),
        format!("SELECT 1 FROM a {}", "JOIN b ON TRUE ".repeat(3_000)),
        format!("SELECT 1 FROM a {} ", "JOIN b ".repeat(3_000)),
        format!("SELECT 1 FROM {}a{}", "(".repeat(90), ")".repeat(90)),
        format!("SELECT {}", "x -> ".repeat(4_000)),
        format!("SELECT {}", "INTERVAL ".repeat(7_000)),
        format!("SELECT {}", "EXISTS ".repeat(7_000)),
        "WITH a AS (".repeat(90),
        format!("SELECT 1 WHERE a {}", "BETWEEN 1 AND ".repeat(4_000)),
    ] {
        let started = Instant::now();
        let got = code(&sql);
        assert!(matches!(got, "query_too_deep" | "query_unparsable"), "{got}: {}", &sql[..60]);
        assert!(started.elapsed().as_secs() < 5, "{}", &sql[..60]);
    }
}

#[test]
fn within_the_limits_no_stack_overflows() {
    // The stack of a WebAssembly module has 1 MiB; frames of a debug build are several times as large.
    let stack = if cfg!(debug_assertions) { 4 << 20 } else { 1 << 20 };
    let reader = std::thread::Builder::new().stack_size(stack).spawn(|| {
        let chain = " + a".repeat(limits::MAX_CHAIN - 20);
        for depth in 1..limits::MAX_DEPTH * 2 {
            for (head, tail) in
                [("(", ")"), ("(SELECT ", ")"), ("f(", ")"), ("CASE WHEN a THEN ", " END"), ("[", "]")]
            {
                let _ = code(&format!("SELECT {}a{chain}{}", head.repeat(depth), tail.repeat(depth)));
            }
            let _ = code(&format!("SELECT 1 FROM {}a{}", "(SELECT * FROM ".repeat(depth), ")".repeat(depth)));
        }
        assert_eq!(code(&format!("SELECT a{chain}")), "read");
    });
    reader.unwrap().join().unwrap();
}

fn pieces() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "SELECT",
        "*",
        "FROM",
        "a.b.c",
        "`x``y`",
        "t",
        "WHERE",
        "JOIN",
        "ON",
        "USING",
        "(",
        ")",
        "(",
        ")",
        ",",
        "=",
        ">=",
        "<=>",
        "AND",
        "OR",
        "NOT",
        "GROUP BY",
        "ORDER BY",
        "ALL",
        "MAX(x)",
        "ROW_NUMBER() OVER (PARTITION BY a ORDER BY b DESC)",
        "QUALIFY",
        "WITH t AS (",
        "UNION",
        "LATERAL VIEW explode(x) e AS y",
        ":str",
        ":num",
        "'s'",
        "1",
        "INTERVAL 1 DAY",
        "current_date()",
        "CASE WHEN",
        "THEN",
        "END",
        "DATE_TRUNC('day', x)",
        "::",
        "[",
        "]",
        ".",
        ";",
        "->",
        "AS",
        "LIMIT 1",
        "売上",
        "\u{301}",
        "\"q\"",
        "IN",
        "BETWEEN",
        "EXISTS",
        "COUNT(DISTINCT x)",
        "HAVING",
        "PIVOT",
        "VALUES",
        "|>",
        "{",
        "}",
        "/*",
        "*/",
        "--",
        "\n",
        "$",
        "\\",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|w| w.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_give_an_answer(sql in pieces()) {
        let _ = read(&sql, &Known::default());
        let _ = read(&format!("SELECT {sql}"), &Known::default());
    }

    #[test]
    fn any_text_gives_an_answer(sql in "\\PC{0,200}") {
        let _ = read(&sql, &Known::default());
    }
}
