//! What is refused before the parser sees it, so that its recursion and the height of its trees stay bounded.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};

use crate::error::ReadError;
use crate::limits::{MAX_CHAIN, MAX_DEPTH, MAX_TOKENS};

/// Keywords that end a chain of operators.
const CLAUSES: [Keyword; 14] = [
    Keyword::SELECT,
    Keyword::FROM,
    Keyword::WHERE,
    Keyword::GROUP,
    Keyword::HAVING,
    Keyword::QUALIFY,
    Keyword::ORDER,
    Keyword::LIMIT,
    Keyword::JOIN,
    Keyword::ON,
    Keyword::WINDOW,
    Keyword::LATERAL,
    Keyword::WHEN,
    Keyword::THEN,
];

/// Keywords between whole queries.
const TOTAL: [Keyword; 4] = [Keyword::UNION, Keyword::EXCEPT, Keyword::INTERSECT, Keyword::MINUS];

/// Drops white space and comments and checks the rest.
///
/// The parser goes round in a loop for `a + b + c`, without counting, and makes a tree of that height; dropping or
/// visiting such a tree recurses. So the links of a chain are counted here: along the open brackets, because the
/// heights of nested chains add up.
pub(crate) fn check(tokens: Vec<TokenWithSpan>) -> Result<Vec<TokenWithSpan>, ReadError> {
    let mut kept: Vec<TokenWithSpan> = tokens.into_iter().filter(|t| !is_space(&t.token)).collect();
    while kept.last().is_some_and(|t| matches!(t.token, Token::SemiColon | Token::EOF)) {
        kept.pop();
    }
    if kept.is_empty() {
        return Err(ReadError::Empty);
    }
    if kept.len() > MAX_TOKENS {
        return Err(ReadError::TooLong);
    }
    // One counter for each open bracket, and their sum. Angle brackets of types and links between whole queries are
    // counted over the whole text: nothing that is written by hand comes near the limit.
    let mut open: Vec<usize> = vec![0];
    let (mut sum, mut total) = (0usize, 0usize);
    for token in &kept {
        let word = match &token.token {
            Token::Word(word) if word.quote_style.is_none() => word.keyword,
            _ => Keyword::NoKeyword,
        };
        match &token.token {
            Token::SemiColon => return Err(ReadError::SeveralStatements),
            Token::LParen | Token::LBracket | Token::LBrace => open.push(0),
            Token::RParen | Token::RBracket | Token::RBrace if open.len() > 1 => {
                sum -= open.pop().unwrap_or_default();
            }
            Token::Comma => sum -= open.last_mut().map(std::mem::take).unwrap_or_default(),
            Token::Number(..) | Token::Placeholder(_) | Token::SingleQuotedString(_) => {}
            Token::Word(_) if word == Keyword::NoKeyword => {}
            Token::Word(_) if CLAUSES.contains(&word) => {
                sum -= open.last_mut().map(std::mem::take).unwrap_or_default();
                total += usize::from(word == Keyword::JOIN);
            }
            other => {
                sum += 1;
                if let Some(links) = open.last_mut() {
                    *links += 1;
                }
                total += usize::from(TOTAL.contains(&word) || matches!(other, Token::Lt | Token::ShiftLeft));
            }
        }
        if open.len() > MAX_DEPTH * 2 || sum > MAX_CHAIN || total > MAX_CHAIN {
            return Err(ReadError::TooDeep);
        }
    }
    Ok(kept)
}

fn is_space(token: &Token) -> bool {
    matches!(
        token,
        Token::Whitespace(
            Whitespace::Space
                | Whitespace::Newline
                | Whitespace::Tab
                | Whitespace::SingleLineComment { .. }
                | Whitespace::MultiLineComment(_)
        )
    )
}
