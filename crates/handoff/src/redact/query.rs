//! Takes the literals, comments and hints out of one query.

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

/// The placeholder of a string.
const TEXT: &str = ":str";
/// The placeholder of a number.
const NUMBER: &str = ":num";
/// The placeholder of `X'…'`.
const BINARY: &str = ":binary";
/// Typed literals: the keywords in front of the string, and the placeholder of the whole.
const TYPED: [(&str, &str); 4] = [
    ("date", ":date"),
    ("timestamp", ":timestamp"),
    ("timestamp_ntz", ":timestamp"),
    ("timestamp_ltz", ":timestamp"),
];
/// The first argument of these functions is a word of the grammar written as a string; [`UNITS`] keep their meaning.
const UNIT_FUNCTIONS: [&str; 2] = ["date_trunc", "date_part"];
/// Such words and their placeholders.
const UNITS: [(&str, &str); 8] = [
    ("year", ":year"),
    ("quarter", ":quarter"),
    ("month", ":month"),
    ("week", ":week"),
    ("day", ":day"),
    ("hour", ":hour"),
    ("minute", ":minute"),
    ("second", ":second"),
];
/// Lists behind these words shrink to one placeholder of each kind.
const LIST_WORDS: [&str; 4] = ["in", "any", "some", "all"];
/// Types whose parameters are metadata and stay, with the digits a parameter can have.
const SIZED_TYPES: [(&str, usize); 6] =
    [("decimal", 2), ("dec", 2), ("numeric", 2), ("char", 5), ("character", 5), ("varchar", 5)];

fn find<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(w, _)| w.eq_ignore_ascii_case(word)).map(|&(_, v)| v)
}

/// Replaces every literal of `sql` by a placeholder and removes comments and hints.
///
/// Placeholders are named parameter markers, so the result stays SQL that parses, and redacting it again changes
/// nothing.
pub(crate) fn redact_query(sql: &str) -> Result<(String, Counts), Unlexable> {
    let tokens = lex(sql)?;
    let mut counts = Counts::default();
    let mut pieces = replace(&tokens, &mut counts);
    shrink_lists(&mut pieces);
    Ok((join(&pieces), counts))
}

/// One piece of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Keep(Token<'a>),
    /// A placeholder of ours, new or from an earlier redaction.
    Placeholder(&'a str),
    /// Here stood a comment or a hint.
    Gap,
}

impl Piece<'_> {
    fn is_space(&self) -> bool {
        matches!(self, Piece::Gap | Piece::Keep(Token { kind: Kind::Space, .. }))
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self, Piece::Keep(Token { kind: Kind::Symbol, text }) if *text == symbol)
    }

    fn word(&self) -> Option<&str> {
        if let Piece::Keep(Token { kind: Kind::Word, text }) = self { Some(text) } else { None }
    }
}

fn is_placeholder(marker: &str) -> bool {
    let among = |table: &[(&str, &str)]| table.iter().any(|(_, known)| *known == marker);
    [TEXT, NUMBER, BINARY].contains(&marker) || among(&TYPED) || among(&UNITS)
}

fn replace<'a>(tokens: &[Token<'a>], counts: &mut Counts) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'a>> = Vec::with_capacity(tokens.len());
    for (i, &token) in tokens.iter().enumerate() {
        let piece = match token.kind {
            Kind::Comment => {
                counts.comments += 1;
                Piece::Gap
            }
            Kind::Hint => {
                counts.hints += 1;
                Piece::Gap
            }
            Kind::Number if is_type_parameter(tokens, i) => Piece::Keep(token),
            Kind::Number => {
                counts.numbers += 1;
                Piece::Placeholder(NUMBER)
            }
            Kind::Binary => {
                counts.strings += 1;
                Piece::Placeholder(BINARY)
            }
            Kind::Text => {
                counts.strings += 1;
                match text_placeholder(&mut pieces, token.text) {
                    Some(placeholder) => Piece::Placeholder(placeholder),
                    None => continue,
                }
            }
            Kind::Marker if is_placeholder(token.text) => Piece::Placeholder(token.text),
            _ => Piece::Keep(token),
        };
        pieces.push(piece);
    }
    pieces
}

/// The placeholder for a string behind `pieces`; `None` if it joins the string before it.
fn text_placeholder(pieces: &mut Vec<Piece<'_>>, text: &str) -> Option<&'static str> {
    let last = pieces.iter().rposition(|p| !p.is_space());
    let Some(last) = last else { return Some(TEXT) };
    match pieces.get(last)? {
        // Neighbouring strings are one value in Databricks.
        Piece::Placeholder(m) if *m != NUMBER => {
            pieces.truncate(last + 1);
            return None;
        }
        piece if piece.word().is_some() => {
            if let Some(placeholder) = piece.word().and_then(|w| find(&TYPED, w)) {
                pieces.truncate(last);
                return Some(placeholder);
            }
        }
        piece if piece.is_symbol("(") => {
            let function = pieces.iter().take(last).rev().find(|p| !p.is_space()).and_then(Piece::word);
            if function.is_some_and(|w| UNIT_FUNCTIONS.iter().any(|f| f.eq_ignore_ascii_case(w))) {
                let inner = text.trim_matches(|c| c == '\'' || c == '"');
                return Some(find(&UNITS, inner).unwrap_or(TEXT));
            }
        }
        _ => {}
    }
    Some(TEXT)
}

/// True for the numbers of `AS DECIMAL(10, 2)` and `::VARCHAR(20)`: part of a type, not of the data.
fn is_type_parameter(tokens: &[Token<'_>], at: usize) -> bool {
    let Some(number) = tokens.get(at) else { return false };
    let mut before = tokens.iter().take(at).rev().filter(|t| t.kind != Kind::Space);
    let mut next = before.next();
    if next.is_some_and(|t| t.text == ",") {
        before.next();
        next = before.next();
    }
    if next.is_none_or(|t| t.text != "(") {
        return false;
    }
    let digits = before.next().and_then(|t| find(&SIZED_TYPES, t.text)).unwrap_or(0);
    let in_type =
        before.next().is_some_and(|t| t.text.eq_ignore_ascii_case("as") || t.text == "::" || t.text == ":");
    in_type && number.text.len() <= digits && number.text.bytes().all(|b| b.is_ascii_digit())
}

/// `IN ('a', 'b', 3)` becomes `IN (:str, :num)`: how many values there were is nobody's business either.
fn shrink_lists(pieces: &mut Vec<Piece<'_>>) {
    let mut at = 0;
    while at < pieces.len() {
        let is_list = pieces
            .get(at)
            .and_then(Piece::word)
            .is_some_and(|w| LIST_WORDS.iter().any(|l| l.eq_ignore_ascii_case(w)));
        at += 1;
        if !is_list {
            continue;
        }
        let skip = |from: usize| from + pieces.iter().skip(from).take_while(|p| p.is_space()).count();
        let open = skip(at);
        if !pieces.get(open).is_some_and(|p| p.is_symbol("(")) {
            continue;
        }
        let mut kinds: Vec<&str> = Vec::new();
        let mut end = skip(open + 1);
        let closed = loop {
            if pieces.get(end).is_some_and(|p| p.is_symbol("-") || p.is_symbol("+")) {
                end = skip(end + 1);
            }
            let Some(Piece::Placeholder(kind)) = pieces.get(end) else { break false };
            if !kinds.contains(kind) {
                kinds.push(kind);
            }
            end = skip(end + 1);
            match pieces.get(end) {
                Some(p) if p.is_symbol(")") => break true,
                Some(p) if p.is_symbol(",") => end = skip(end + 1),
                _ => break false,
            }
        };
        if closed {
            let comma = Piece::Keep(Token { kind: Kind::Symbol, text: "," });
            let space = Piece::Keep(Token { kind: Kind::Space, text: " " });
            let mut rest = pieces.split_off(end);
            pieces.truncate(open + 1);
            for (i, kind) in kinds.into_iter().enumerate() {
                if i > 0 {
                    pieces.push(comma);
                    pieces.push(space);
                }
                pieces.push(Piece::Placeholder(kind));
            }
            pieces.append(&mut rest);
            at = open;
        }
    }
}

fn join(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    // What the last piece was, where it decides about a space.
    let (mut gap, mut placeholder) = (false, false);
    for piece in pieces {
        match piece {
            Piece::Gap => gap = true,
            Piece::Keep(Token { kind: Kind::Space, text }) if gap => {
                space_behind_gap(&mut out, text, &mut gap)
            }
            Piece::Keep(Token { text, .. }) => {
                let sticks = placeholder && text.starts_with(is_word);
                if (sticks || gap) && out.ends_with(|c: char| !c.is_whitespace()) && !out.ends_with('(') {
                    out.push(' ');
                }
                out.push_str(text);
                gap = false;
            }
            Piece::Placeholder(marker) => {
                if out.ends_with(|c| ends_value(c) || c == ':')
                    || (gap && out.ends_with(|c: char| !c.is_whitespace() && c != '('))
                {
                    out.push(' ');
                }
                out.push_str(marker);
                gap = false;
            }
        }
        placeholder = matches!(piece, Piece::Placeholder(_));
    }
    out.trim().to_owned()
}

/// White space behind a removed comment: a line that held nothing else goes, a line that did loses its tail.
fn space_behind_gap(out: &mut String, space: &str, gap: &mut bool) {
    let line = out.rfind('\n').map_or(0, |i| i + 1);
    let blank = out.get(line..).is_none_or(|l| l.trim().is_empty());
    match space.split_once('\n') {
        Some((_, tail)) => {
            out.truncate(out.trim_end_matches([' ', '\t']).len());
            if !blank {
                out.push('\n');
            }
            out.push_str(tail);
            *gap = false;
        }
        None if blank || out.ends_with(char::is_whitespace) => {}
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
