//! What the targets share.

/// Asserts that a text is one SQL statement: without literals and quoted names nothing is left that ends a
/// statement, begins a comment or is not ASCII. Knows nothing of the product's own lexer on purpose.
pub fn one_statement(sql: &str) {
    let mut body = sql;
    while body.starts_with("--") {
        body = body.split_once('\n').expect("a comment is followed by the statement").1;
    }
    let mut chars = body.chars().peekable();
    let mut code = String::new();
    while let Some(c) = chars.next() {
        match c {
            // Something stands where a name or literal was, so that its neighbours do not meet.
            '`' => {
                code.push('x');
                loop {
                    match chars.next().expect("a name ends") {
                        '`' if chars.peek() == Some(&'`') => {
                            chars.next();
                        }
                        '`' => break,
                        c => assert!(c != '\n' && c != '\r', "a name stays on its line"),
                    }
                }
            }
            '\'' | '"' => {
                let raw = code.ends_with(['r', 'R'])
                    && !code
                        .trim_end_matches(['r', 'R'])
                        .ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
                loop {
                    match chars.next().expect("a literal ends") {
                        '\\' if !raw => {
                            chars.next();
                        }
                        end if end == c => break,
                        _ => {}
                    }
                }
                code.push('0');
                // Two literals side by side are read in different ways by different engines.
                assert!(chars.peek() != Some(&c), "{sql}");
            }
            c => code.push(c),
        }
    }
    assert!(code.is_ascii(), "{sql}");
    for bad in [";", "--", "/*", "*/"] {
        assert!(!code.contains(bad), "{bad} in {sql}");
    }
    let mut depth = 0_i64;
    for c in code.chars() {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        assert!(depth >= 0, "{sql}");
    }
    assert_eq!(depth, 0, "{sql}");
}
