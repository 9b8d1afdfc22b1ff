//! Just enough reading of SQL to answer a statement believably. No parser: what is not recognised is left alone.

/// A piece of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A bare word, in capitals.
    Word(String),
    /// A dotted name with its quotes removed, in lower case; a bare word that is followed by a dot is part of one.
    Name(Vec<String>),
    /// A text literal.
    Text,
    /// Anything else.
    Symbol(char),
}

/// What a statement does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The first word, in capitals; empty for an empty statement.
    pub(crate) verb: String,
    /// For EXPLAIN, the verb of what is explained.
    pub(crate) explained: Option<String>,
    /// Three-part names that are read from or written to, in order, without repetition.
    pub(crate) tables: Vec<String>,
    /// Alias of a COUNT that is the first thing selected; `count(1)` without one.
    pub(crate) count: Option<String>,
    /// Whether there is another statement after a semicolon.
    pub(crate) several: bool,
}

/// Words after which a table is named.
const BEFORE_TABLE: [&str; 7] = ["FROM", "JOIN", "INTO", "TABLE", "UPDATE", "USING", "VIEW"];
/// Words between such a word and the name.
const BETWEEN: [&str; 5] = ["IF", "NOT", "EXISTS", "OVERWRITE", "TABLE"];

/// Reads a statement.
pub(crate) fn read(sql: &str) -> Reading {
    let tokens = tokens(sql);
    let end = tokens.iter().position(|token| *token == Token::Symbol(';')).unwrap_or(tokens.len());
    let several = tokens.iter().skip(end).any(|token| *token != Token::Symbol(';'));
    let words: Vec<&str> = tokens
        .iter()
        .filter_map(|token| match token {
            Token::Word(word) => Some(word.as_str()),
            _ => None,
        })
        .take(4)
        .collect();
    let verb = words.first().copied().unwrap_or_default().to_owned();
    let explained = (verb == "EXPLAIN").then(|| {
        let modes = ["EXTENDED", "CODEGEN", "COST", "FORMATTED"];
        words.iter().skip(1).find(|word| !modes.contains(word)).copied().unwrap_or_default().to_owned()
    });
    let mut names: Vec<String> = Vec::new();
    let mut expects = false;
    for token in &tokens {
        match token {
            Token::Word(word) if BEFORE_TABLE.contains(&word.as_str()) => expects = true,
            Token::Word(word) if expects && BETWEEN.contains(&word.as_str()) => {}
            Token::Name(parts) if expects && parts.len() == 3 => {
                let name = parts.join(".");
                if !names.contains(&name) {
                    names.push(name);
                }
                expects = false;
            }
            _ => expects = false,
        }
    }
    Reading { verb, explained, tables: names, count: count(&tokens), several }
}

/// The alias in `SELECT COUNT(...) AS alias`.
fn count(tokens: &[Token]) -> Option<String> {
    let word = |at: usize, wanted: &str| matches!(tokens.get(at), Some(Token::Word(word)) if word == wanted);
    if !word(0, "SELECT") || !word(1, "COUNT") || tokens.get(2) != Some(&Token::Symbol('(')) {
        return None;
    }
    let close = tokens.iter().position(|token| *token == Token::Symbol(')'))?;
    let after = if word(close + 1, "AS") { close + 2 } else { close + 1 };
    match tokens.get(after) {
        Some(Token::Name(parts)) if parts.len() == 1 => parts.first().cloned(),
        Some(Token::Word(alias)) if alias != "FROM" => Some(alias.to_lowercase()),
        _ => Some("count(1)".to_owned()),
    }
}

fn tokens(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '-' if chars.peek() == Some(&'-') => while chars.next_if(|c| *c != '\n').is_some() {},
            '/' if chars.peek() == Some(&'*') => {
                let mut before = ' ';
                for c in chars.by_ref() {
                    if before == '*' && c == '/' {
                        break;
                    }
                    before = c;
                }
            }
            '\'' | '"' => {
                while let Some(inside) = chars.next() {
                    if inside == '\\' {
                        chars.next();
                    } else if inside == c {
                        break;
                    }
                }
                tokens.push(Token::Text);
            }
            '`' => {
                let mut part = String::new();
                while let Some(inside) = chars.next() {
                    if inside == '`' && chars.next_if_eq(&'`').is_none() {
                        break;
                    }
                    part.push(inside);
                }
                append(&mut tokens, part, true);
            }
            c if c.is_alphanumeric() || c == '_' => {
                let mut part = String::from(c);
                while let Some(next) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    part.push(next);
                }
                append(&mut tokens, part, false);
            }
            c if c.is_whitespace() => {}
            c => tokens.push(Token::Symbol(c)),
        }
    }
    tokens
}

/// Adds an identifier, to the name before it if there is a dot between.
fn append(tokens: &mut Vec<Token>, part: String, quoted: bool) {
    if tokens.last() == Some(&Token::Symbol('.')) {
        let dot = tokens.pop();
        match tokens.pop() {
            Some(Token::Name(mut parts)) => {
                parts.push(part.to_lowercase());
                tokens.push(Token::Name(parts));
                return;
            }
            Some(Token::Word(first)) => {
                tokens.push(Token::Name(vec![first.to_lowercase(), part.to_lowercase()]));
                return;
            }
            other => tokens.extend(other.into_iter().chain(dot)),
        }
    }
    tokens.push(if quoted {
        Token::Name(vec![part.to_lowercase()])
    } else {
        Token::Word(part.to_uppercase())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_tables_and_the_verb() {
        let reading = read(
            "-- FROM a.b.c\nMERGE INTO `prod_catalog`.`curated`.`customer_daily` AS t\nUSING (SELECT * FROM prod_catalog.raw.customer_events e JOIN x ON x.id = e.id WHERE s = 'FROM d.e.f') AS s ON t.id = s.id",
        );
        assert_eq!(reading.verb, "MERGE");
        assert_eq!(
            reading.tables,
            ["prod_catalog.curated.customer_daily", "prod_catalog.raw.customer_events"]
        );
        assert!(!reading.several);
    }

    #[test]
    fn looks_into_an_explanation() {
        let reading = read("EXPLAIN FORMATTED INSERT INTO a.b.c SELECT 1;");
        assert_eq!((reading.verb.as_str(), reading.explained.as_deref()), ("EXPLAIN", Some("INSERT")));
        assert_eq!(reading.tables, ["a.b.c"]);
    }

    #[test]
    fn finds_counts_and_their_names() {
        assert_eq!(read("SELECT COUNT(*) AS `n` FROM a.b.c").count.as_deref(), Some("n"));
        assert_eq!(read("select count(*) rows_total from a.b.c").count.as_deref(), Some("rows_total"));
        assert_eq!(read("select count(*) from a.b.c").count.as_deref(), Some("count(1)"));
        assert_eq!(read("select a from a.b.c").count, None);
    }

    #[test]
    fn several_statements_are_noticed() {
        assert!(read("SELECT 1; SELECT 2").several);
        assert!(!read("SELECT ';' ; -- done\n").several);
    }

    #[test]
    fn names_with_quotes_and_other_letters() {
        let reading = read("SELECT 1 FROM `vertrieb_münchen`.lager.`Bestände` JOIN `a``b`.`c.d`.e USING (x)");
        assert_eq!(reading.tables, ["vertrieb_münchen.lager.bestände", "a`b.c.d.e"]);
    }
}
