//! Takes the literals, comments and hints out of one query.

use std::ops::Range;

use super::lex::{Kind, Token, Unlexable, ends_value, is_word, lex};

/// How many things were taken out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Strings, binary and typed literals (`DATE '…'`).
    pub strings: usize,
    /// Numbers.
    pub numbers: usize,
    /// Comments.
    pub comments: usize,
    /// Hints.
    pub hints: usize,
}

/// What stands for a literal: of a string, a number and `X'…'`, of typed literals, and of units.
const PLACEHOLDERS: [&str; 13] = [
    TEXT, NUMBER, BINARY, ":date", TIMESTAMP, ":year", ":quarter", ":month", ":week", ":day", ":hour",
    ":minute", ":second",
];
const TEXT: &str = ":str";
const NUMBER: &str = ":num";
const BINARY: &str = ":binary";
const TIMESTAMP: &str = ":timestamp";
/// Those of typed literals, `DATE '…'`: one placeholder for keyword and string.
const TYPED: Range<usize> = 3..5;
/// Kinds of timestamps that have its placeholder.
const TIMESTAMPS: [&str; 2] = ["timestamp_ntz", "timestamp_ltz"];
/// Those of words of the grammar that are written as strings, as the first argument of these functions.
const UNITS: Range<usize> = 5..13;
const UNIT_FUNCTIONS: [&str; 2] = ["date_trunc", "date_part"];
/// Lists behind these words shrink to one placeholder of each kind.
const LIST_WORDS: [&str; 4] = ["in", "any", "some", "all"];
/// Types whose parameters are metadata and stay, with up to two digits and with up to five.
const SCALED_TYPES: [&str; 3] = ["decimal", "dec", "numeric"];
const SIZED_TYPES: [&str; 3] = ["char", "character", "varchar"];

fn is_one(words: &[&str], text: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The placeholder with this name among some of them.
fn named(range: Range<usize>, name: &str) -> Option<&'static str> {
    let among = PLACEHOLDERS.get(range).unwrap_or_default();
    among.iter().find(|it| it.get(1..).is_some_and(|it| it.eq_ignore_ascii_case(name))).copied()
}

/// Replaces every literal of `sql` by a placeholder and removes comments and hints.
///
/// Placeholders are named parameter markers, so the result stays SQL that parses, and redacting it again changes
/// nothing.
pub(crate) fn redact_query(sql: &str) -> Result<(String, Counts), Unlexable> {
    let tokens = lex(sql)?;
    let mut counts = Counts::default();
    let pieces = replace(&tokens, &mut counts);
    Ok((join(&shrink_lists(&pieces)), counts))
}

fn is_space(piece: &Token<'_>) -> bool {
    matches!(piece.kind, Kind::Gap | Kind::Space)
}

/// What stands before `at` without the space between, which `at` then names; nothing at the start. The texts of words and
/// symbols are those of no other kind.
fn step_back<'a>(pieces: &[Token<'a>], at: &mut usize) -> Option<Token<'a>> {
    loop {
        *at = at.checked_sub(1)?;
        let piece = pieces.get(*at)?;
        if !is_space(piece) {
            return Some(*piece);
        }
    }
}

fn text_of<'a>(piece: Option<Token<'a>>) -> &'a str {
    piece.map_or("", |piece| piece.text)
}

/// The pieces of the result, still with gaps where comments were.
fn replace<'a>(tokens: &[Token<'a>], counts: &mut Counts) -> Vec<Token<'a>> {
    let mut pieces: Vec<Token<'a>> = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let (counter, kind, text) = match token.kind {
            Kind::Comment => (&mut counts.comments, Kind::Gap, ""),
            Kind::Hint => (&mut counts.hints, Kind::Gap, ""),
            Kind::Number if !is_type_parameter(tokens, at) => {
                (&mut counts.numbers, Kind::Placeholder, NUMBER)
            }
            Kind::Binary => (&mut counts.strings, Kind::Placeholder, BINARY),
            Kind::Text => match text_placeholder(&mut pieces, token.text) {
                Some(placeholder) => (&mut counts.strings, Kind::Placeholder, placeholder),
                None => {
                    counts.strings += 1;
                    continue;
                }
            },
            kind => {
                let ours = kind == Kind::Marker && PLACEHOLDERS.contains(&token.text);
                pieces.push(Token { kind: if ours { Kind::Placeholder } else { kind }, ..*token });
                continue;
            }
        };
        *counter += 1;
        pieces.push(Token { kind, text });
    }
    pieces
}

/// The placeholder for a string behind `pieces`; `None` if it joins the string before it.
fn text_placeholder(pieces: &mut Vec<Token<'_>>, text: &str) -> Option<&'static str> {
    let mut at = pieces.len();
    let Some(last) = step_back(pieces, &mut at) else { return Some(TEXT) };
    if last.kind == Kind::Placeholder && last.text != NUMBER {
        // Neighbouring strings are one value in Databricks.
        pieces.truncate(at + 1);
        return None;
    }
    let typed = if is_one(&TIMESTAMPS, last.text) { Some(TIMESTAMP) } else { named(TYPED, last.text) };
    if typed.is_some() {
        pieces.truncate(at);
        return typed;
    }
    if last.text == "(" && is_one(&UNIT_FUNCTIONS, text_of(step_back(pieces, &mut at))) {
        let inner = text.trim_matches(['\'', '"']);
        return named(UNITS, inner).or(Some(TEXT));
    }
    Some(TEXT)
}

/// True for the numbers of `AS DECIMAL(10, 2)` and `::VARCHAR(20)`: part of a type, not of the data.
fn is_type_parameter(tokens: &[Token<'_>], at: usize) -> bool {
    let number = tokens.get(at).map_or("", |token| token.text);
    let mut at = at;
    let mut next = text_of(step_back(tokens, &mut at));
    if next == "," {
        step_back(tokens, &mut at);
        next = text_of(step_back(tokens, &mut at));
    }
    let name = text_of(step_back(tokens, &mut at));
    let most = if is_one(&SCALED_TYPES, name) {
        2
    } else if is_one(&SIZED_TYPES, name) {
        5
    } else {
        0
    };
    next == "("
        && number.len() <= most
        && number.bytes().all(|b| b.is_ascii_digit())
        && is_one(&["as", "::", ":"], text_of(step_back(tokens, &mut at)))
}

/// `IN ('a', 'b', 3)` becomes `IN (:str, :num)`: how many values there were is nobody's business either.
fn shrink_lists<'a>(pieces: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut out = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        out.push(*piece);
        at += 1;
        if !is_one(&LIST_WORDS, piece.text) {
            continue;
        }
        let Some((kinds, end)) = list_at(pieces, at) else { continue };
        while let Some(piece) = pieces.get(at).filter(|piece| is_space(piece)) {
            out.push(*piece);
            at += 1;
        }
        let mut between = Token { kind: Kind::Symbol, text: "(" };
        for text in kinds {
            out.push(between);
            if between.text == "," {
                out.push(Token { kind: Kind::Space, text: " " });
            }
            out.push(Token { kind: Kind::Placeholder, text });
            between.text = ",";
        }
        at = end;
    }
    out
}

/// The different placeholders of a list that holds nothing else, each once, and where its end stands.
fn list_at<'a>(pieces: &[Token<'a>], from: usize) -> Option<(Vec<&'a str>, usize)> {
    let mut pieces = pieces.iter().enumerate().skip(from).filter(|(_, piece)| !is_space(piece));
    let mut kinds: Vec<&str> = Vec::new();
    let mut before = pieces.next()?.1.text;
    if before != "(" {
        return None;
    }
    loop {
        let (at, piece) = pieces.next()?;
        let valued = before.starts_with(':');
        match piece.text {
            ")" if valued => return Some((kinds, at)),
            "," if valued => {}
            "-" | "+" if matches!(before, "(" | ",") => {}
            text if piece.kind == Kind::Placeholder && !valued => {
                if !kinds.contains(&text) {
                    kinds.push(text);
                }
            }
            _ => return None,
        }
        before = piece.text;
    }
}

fn join(pieces: &[Token<'_>]) -> String {
    let mut out = String::new();
    // What the last piece was, where it decides about a space.
    let (mut gap, mut placeholder) = (false, false);
    for piece in pieces {
        let before = out.chars().next_back().unwrap_or(' ');
        let apart = before.is_whitespace() || before == '(';
        let sticks = match piece.kind {
            Kind::Placeholder => ends_value(before) || before == ':',
            _ => placeholder && piece.text.starts_with(is_word),
        };
        placeholder = piece.kind == Kind::Placeholder;
        match piece.kind {
            Kind::Gap => gap = true,
            Kind::Space if gap => space_behind_gap(&mut out, piece.text, &mut gap),
            _ => {
                if (sticks || gap) && !apart {
                    out.push(' ');
                }
                out.push_str(piece.text);
                gap = false;
            }
        }
    }
    out.trim().to_owned()
}

/// White space behind a removed comment: a line that held nothing else goes, a line that did loses its tail.
fn space_behind_gap(out: &mut String, space: &str, gap: &mut bool) {
    let line = out.rfind('\n').map_or(0, |i| i + 1);
    let blank = out.get(line..).is_none_or(|l| l.trim().is_empty());
    match space.split_once('\n') {
        Some((_, tail)) => {
            while out.ends_with([' ', '\t']) {
                out.pop();
            }
            if !blank {
                out.push('\n');
            }
            out.push_str(tail);
            *gap = false;
        }
        None if blank || out.trim_end().len() < out.len() => {}
        None => {
            out.push_str(space);
            *gap = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: &str) {
        let (once, _) = redact_query(sql).unwrap();
        assert_eq!(once, expected);
        let (twice, counts) = redact_query(&once).unwrap();
        assert_eq!((twice.as_str(), counts), (expected, Counts::default()), "a second time");
    }

    #[test]
    fn strings() {
        check("SELECT 'a' , \"b\", r'c\\', R\"d'\"", "SELECT :str , :str, :str, :str");
        check(r"WHERE a = 'it\'s' AND b = 'it''s' AND c='\\'", "WHERE a = :str AND b = :str AND c=:str");
        check("SELECT 'a' 'b'\n 'c' AS x", "SELECT :str AS x");
        check("a LIKE'%x%'ESCAPE'!' OR b", "a LIKE :str ESCAPE :str OR b");
        check(
            "tags['team'], raw:owner['x'].y, raw:a::string",
            "tags[:str], raw:owner[:str].y, raw:a::string",
        );
        check("CASE WHEN a THEN 'x'ELSE 'y'END", "CASE WHEN a THEN :str ELSE :str END");
    }

    #[test]
    fn numbers() {
        for number in [
            "1",
            "10L",
            "5S",
            "1Y",
            "2.5BD",
            "1e10",
            ".5",
            "5.",
            "1.5E+10",
            "1.0f",
            "0x1F",
            "1_000",
            "4111111111111111",
        ] {
            check(&format!("SELECT {number}, x"), "SELECT :num, x");
        }
        check("a BETWEEN -1 AND+2 LIMIT 100", "a BETWEEN -:num AND+:num LIMIT :num");
        check("GROUP BY 1, 2 HAVING count(*)>3", "GROUP BY :num, :num HAVING count(*)>:num");
        check("t1.c2 = fp1_date AND u.5 > a.b.2024_sales", "t1.c2 = fp1_date AND u :num > a.b.2024_sales");
        check(
            "CAST(a AS DECIMAL(10, 2)), b::varchar(20), char(65)",
            "CAST(a AS DECIMAL(10, 2)), b::varchar(20), char(:num)",
        );
        check("CAST(a AS DECIMAL(4111111111111111))", "CAST(a AS DECIMAL(:num))");
        check(
            "x[0], ROWS BETWEEN 6 PRECEDING AND CURRENT ROW",
            "x[:num], ROWS BETWEEN :num PRECEDING AND CURRENT ROW",
        );
        check("١٢٣, ５00", ":num, :num");
    }

    #[test]
    fn typed_literals() {
        check("d >= DATE '2024-01-01' AND t < timestamp'2024-01-01 00:00'", "d >= :date AND t < :timestamp");
        check("TIMESTAMP_NTZ \"2024\", X'1F', x\"00\"", ":timestamp, :binary, :binary");
        check(
            "INTERVAL '1' DAY + INTERVAL 30 DAYS + interval '1-2' year to month",
            "INTERVAL :str DAY + INTERVAL :num DAYS + interval :str year to month",
        );
        check(
            "DATE_TRUNC('MONTH', d), date_part( \"day\", d), date_trunc('s3cret', d)",
            "DATE_TRUNC(:month, d), date_part( :day, d), date_trunc(:str, d)",
        );
        check("f('month')", "f(:str)");
        check("SELECT date, timestamp FROM t", "SELECT date, timestamp FROM t");
    }

    #[test]
    fn lists() {
        check("a IN ('x', 'y','z')", "a IN (:str)");
        check("a NOT IN(1,-2, 'x', 3) AND b in (SELECT 1)", "a NOT IN(:num, :str) AND b in (SELECT :num)");
        check("a LIKE ANY ('x%', /* y */ 'z%')", "a LIKE ANY (:str)");
        check("a IN (:mine, 'x', 'y')", "a IN (:mine, :str, :str)");
        check("a IN ('x', b, 'y')", "a IN (:str, b, :str)");
        check("IN ('a' 'b', 'c'", "IN (:str, :str");
    }

    #[test]
    fn comments_and_hints() {
        check("SELECT /*+ BROADCAST(secret) */ a -- pin 1234\nFROM t", "SELECT a\nFROM t");
        check("-- who asked: Jane\n-- again\nSELECT a\n  -- tail\n  , b", "SELECT a\n  , b");
        check("SELECT a/* x /* nested ' */ y */FROM t", "SELECT a FROM t");
        check("a -/**/- b /**/ - /* */", "a - - b -");
        check("f(/* x */a /* y */)", "f(a )");
        check("-- goes on \\\nsecret\nSELECT a", "SELECT a");
        check("/* only */", "");
        check("SELECT '--no', `--no` -- yes", "SELECT :str, `--no`");
    }

    #[test]
    fn names_stay() {
        check(
            "SELECT `o``dd name`, 小売.数量, straße FROM `prod-us`.a.`2024`",
            "SELECT `o``dd name`, 小売.数量, straße FROM `prod-us`.a.`2024`",
        );
        check(
            "SELECT * FROM t WHERE id = :customer AND x = ?",
            "SELECT * FROM t WHERE id = :customer AND x = ?",
        );
    }

    #[test]
    fn what_cannot_be_taken_apart_is_refused() {
        for sql in [
            "SELECT 'a",
            "SELECT \"a",
            "SELECT `a",
            "SELECT /* a",
            "/* a /* b */",
            "SELECT a # b",
            "SELECT $$secret$$",
            "SELECT \\",
            "SELECT ‘a’",
            "a@b.example",
            "r'a",
            "\u{0}",
        ] {
            assert_eq!(redact_query(sql), Err(Unlexable), "{sql}");
        }
    }
}
