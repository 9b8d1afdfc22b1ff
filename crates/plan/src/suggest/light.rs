//! A light reading of a query, for pages without the SQL module: tables, `ROW_NUMBER`, `GROUP BY`, `MAX`, bounds. It
//! knows words and brackets and no grammar, so it is right about simple queries and silent about the rest.

use super::shape::{QueryShape, ShapeColumn, ShapeGrouping, ShapeLatest, ShapeRange};

/// Only so much of a query is looked at.
const MAX_TOKENS: usize = 4_000;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A word or a name; parts of a dotted name are joined by dots.
    Word {
        text: String,
        quoted: bool,
    },
    Symbol(char),
    Value,
}

impl Token {
    fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Word { text, quoted: false } if text.eq_ignore_ascii_case(keyword))
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Word { text, quoted } if *quoted || !is_keyword(text) => Some(text),
            _ => None,
        }
    }
}

fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 40] = [
        "select",
        "from",
        "where",
        "group",
        "by",
        "order",
        "having",
        "limit",
        "join",
        "on",
        "left",
        "right",
        "inner",
        "outer",
        "full",
        "cross",
        "and",
        "or",
        "not",
        "as",
        "with",
        "union",
        "all",
        "qualify",
        "distinct",
        "case",
        "when",
        "then",
        "else",
        "end",
        "null",
        "is",
        "in",
        "between",
        "like",
        "desc",
        "asc",
        "over",
        "partition",
        "using",
    ];
    KEYWORDS.iter().any(|k| k.eq_ignore_ascii_case(word))
}

impl QueryShape {
    /// Reads what can be read without a parser.
    #[must_use]
    pub fn light(sql: &str) -> Self {
        let tokens = tokens(sql);
        let mut shape = Self::default();
        let ctes: Vec<String> = tokens
            .windows(3)
            .filter_map(|w| match w {
                [name, a, Token::Symbol('(')] if a.is("as") => name.name().map(str::to_lowercase),
                _ => None,
            })
            .collect();
        for (n, pair) in tokens.windows(2).enumerate() {
            let [this, next] = pair else { continue };
            let Some(name) = next.name().map(str::to_lowercase).filter(|n| !ctes.contains(n)) else {
                continue;
            };
            // `EXTRACT(YEAR FROM x)` and the like have no dot; tables in links have their full names.
            let table = name.matches('.').count() == 2;
            if this.is("from") && table {
                let lookup = tokens
                    .get(..n)
                    .unwrap_or_default()
                    .iter()
                    .rev()
                    .take(12)
                    .any(|t| t.is("where") || t.is("and"))
                    && depth(tokens.get(..n).unwrap_or_default()) > 0;
                let list = if lookup { &mut shape.beside } else { &mut shape.from };
                push(list, name);
            } else if this.is("join") && table {
                push(&mut shape.beside, name);
                shape.joins += 1;
            }
        }
        let only = match (shape.from.as_slice(), shape.beside.as_slice()) {
            ([only], []) => Some(only.clone()),
            _ => None,
        };
        let column = |token: &Token| {
            let name = token.name()?;
            let column = name.rsplit('.').next()?.to_owned();
            (!column.is_empty()).then(|| ShapeColumn { table: only.clone(), column })
        };
        for n in 0..tokens.len() {
            let rest = tokens.get(n..).unwrap_or_default();
            match rest {
                [row, Token::Symbol('('), Token::Symbol(')'), over, Token::Symbol('('), tail @ ..]
                    if row.is("row_number") && over.is("over") =>
                {
                    shape.latest.extend(latest(tail, &column));
                }
                [max, Token::Symbol('('), inner, Token::Symbol(')'), ..] if max.is("max") => {
                    let grouped = tokens.iter().any(|t| t.is("group"));
                    if let Some(column) = column(inner).filter(|_| !grouped) {
                        push(&mut shape.maxima, column);
                    }
                }
                [group, by, tail @ ..] if group.is("group") && by.is("by") => {
                    shape.groupings.push(grouping(tail, &column));
                }
                [name, Token::Symbol('>'), tail @ ..] => {
                    let tail = if tail.first() == Some(&Token::Symbol('=')) {
                        tail.get(1..).unwrap_or_default()
                    } else {
                        tail
                    };
                    if let Some(column) = column(name) {
                        let relative = tail.first().is_some_and(|t| {
                            ["current_date", "current_timestamp", "now", "date_sub", "dateadd", "date_add"]
                                .iter()
                                .any(|f| t.is(f))
                        });
                        let maximum = subquery_maximum(tail);
                        shape.ranges.push(ShapeRange { column, relative, maximum, lower: true });
                    }
                }
                _ => {}
            }
        }
        shape
    }
}

fn subquery_maximum(tail: &[Token]) -> Option<ShapeColumn> {
    let [Token::Symbol('('), select, ..] = tail else { return None };
    if !select.is("select") {
        return None;
    }
    let max = tail.iter().position(|t| t.is("max"))?;
    let from = tail.iter().position(|t| t.is("from"))?;
    let column = tail.get(max + 2)?.name()?.rsplit('.').next()?.to_owned();
    let table = tail.get(from + 1)?.name()?.to_lowercase();
    (max < from).then_some(ShapeColumn { table: Some(table), column })
}

fn latest(tail: &[Token], column: &impl Fn(&Token) -> Option<ShapeColumn>) -> Option<ShapeLatest> {
    let [partition, by, tail @ ..] = tail else { return None };
    if !partition.is("partition") || !by.is("by") {
        return None;
    }
    let mut latest = ShapeLatest::default();
    let mut ordering = false;
    for (n, token) in tail.iter().enumerate() {
        match token {
            Token::Symbol(')') => break,
            Token::Symbol(',') => {}
            Token::Symbol(_) | Token::Value => return None,
            t if t.is("order") => ordering = true,
            t => {
                if let Some(column) = column(t).filter(|_| !t.is("nulls") && !t.is("last") && !t.is("first"))
                {
                    if ordering {
                        let descending = tail.get(n + 1).is_some_and(|t| t.is("desc"));
                        latest.order_by.push((column, descending));
                    } else {
                        latest.partition_by.push(column);
                    }
                }
            }
        }
    }
    (!latest.partition_by.is_empty()).then_some(latest)
}

fn grouping(tail: &[Token], column: &impl Fn(&Token) -> Option<ShapeColumn>) -> ShapeGrouping {
    let mut grouping = ShapeGrouping::default();
    for (n, token) in tail.iter().enumerate() {
        match token {
            Token::Symbol(',') => {}
            t if ["having", "order", "limit", "qualify", "union"].iter().any(|k| t.is(k)) => break,
            t if tail.get(n + 1) != Some(&Token::Symbol('(')) && t.name().is_some() => {
                if let Some(column) = column(t) {
                    push(&mut grouping.by, column);
                }
            }
            // A function or a position: no parser, no answer.
            _ => {
                return ShapeGrouping::default();
            }
        }
    }
    grouping
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

fn depth(tokens: &[Token]) -> usize {
    tokens.iter().fold(0usize, |depth, t| match t {
        Token::Symbol('(') => depth + 1,
        Token::Symbol(')') => depth.saturating_sub(1),
        _ => depth,
    })
}

fn tokens(sql: &str) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    let mut chars = sql.chars().peekable();
    let mut dot = false;
    while let Some(c) = chars.next() {
        if all.len() >= MAX_TOKENS {
            break;
        }
        let mut word = None;
        match c {
            '-' if chars.peek() == Some(&'-') => while chars.next_if(|c| *c != '\n').is_some() {},
            '/' if chars.peek() == Some(&'*') => {
                let mut last = ' ';
                for c in chars.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            '\'' | '"' => {
                while let Some(next) = chars.next() {
                    if next == '\\' {
                        chars.next();
                    } else if next == c {
                        break;
                    }
                }
                all.push(Token::Value);
            }
            '`' => {
                let mut text = String::new();
                while let Some(next) = chars.next() {
                    if next == '`' && chars.next_if_eq(&'`').is_none() {
                        break;
                    }
                    text.push(next);
                }
                word = Some((text, true));
            }
            ':' => {
                if chars.next_if(|c| c.is_alphabetic()).is_some() {
                    while chars.next_if(|c| c.is_alphanumeric() || *c == '_').is_some() {}
                    all.push(Token::Value);
                }
            }
            c if c.is_alphabetic() || c == '_' => {
                let mut text = String::from(c);
                while let Some(next) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    text.push(next);
                }
                word = Some((text, false));
            }
            c if c.is_ascii_digit() => {
                while chars.next_if(|c| c.is_alphanumeric() || *c == '.').is_some() {}
                all.push(Token::Value);
            }
            '.' => {
                dot = matches!(all.last(), Some(Token::Word { .. }));
                continue;
            }
            c if c.is_whitespace() => continue,
            c => all.push(Token::Symbol(c)),
        }
        if let Some((text, quoted)) = word {
            match all.last_mut() {
                Some(Token::Word { text: whole, quoted: q }) if dot => {
                    whole.push('.');
                    whole.push_str(&text);
                    *q |= quoted;
                }
                _ => all.push(Token::Word { text, quoted }),
            }
        }
        dot = false;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_telling_parts() {
        let shape = QueryShape::light(
            "WITH x AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY `id`, b ORDER BY ts DESC) rn FROM `p-x`.raw.t) -- c\n SELECT * FROM x WHERE rn = 1",
        );
        assert_eq!(shape.from, ["p-x.raw.t"]);
        assert_eq!(
            shape.latest[0].partition_by.iter().map(|c| c.column.as_str()).collect::<Vec<_>>(),
            ["id", "b"]
        );
        assert_eq!(
            (shape.latest[0].order_by[0].0.column.as_str(), shape.latest[0].order_by[0].1),
            ("ts", true)
        );
        let shape = QueryShape::light(
            "SELECT * FROM a.b.src WHERE ts > (SELECT MAX(ts) FROM a.b.dst) AND d >= current_date() - INTERVAL :num DAYS",
        );
        assert_eq!(shape.from, ["a.b.src"]);
        assert_eq!(shape.beside, ["a.b.dst"]);
        assert_eq!(shape.ranges[0].maximum.as_ref().unwrap().table.as_deref(), Some("a.b.dst"));
        assert!(shape.ranges[1].relative);
        let shape = QueryShape::light("SELECT a, COUNT(*) FROM x.y.z GROUP BY a, `b` ORDER BY 2");
        assert_eq!(shape.groupings[0].by.len(), 2);
        assert!(!shape.groupings[0].complete);
    }
}
