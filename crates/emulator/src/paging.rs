//! Pages and their tokens.
//!
//! A token is opaque, and belongs to the question it was given for: the service asks callers to keep the other
//! fields of the query equal between pages, so a token used with another question is refused here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::failure::Failure;
use crate::ids;
use crate::input::Query;

/// How long a page is when the caller says nothing, and at most.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Name of the query field.
    pub(crate) field: &'static str,
    /// Length without the field, or with 0.
    pub(crate) default: usize,
    /// Longest page; what a longer wish means is up to `strict`.
    pub(crate) max: usize,
    /// Whether a wish outside of 0..=max is an error, or is cut.
    pub(crate) strict: bool,
}

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// Absent on the last page.
    pub(crate) next: Option<String>,
}

/// Cuts the page out of `items` that `query` asks for. `question` names everything that must stay equal.
pub(crate) fn page<T>(
    items: Vec<T>,
    query: &Query,
    limits: Limits,
    question: &[&str],
) -> Result<Page<T>, Failure> {
    let wish = query.number(limits.field)?.unwrap_or(0);
    let size = match usize::try_from(wish) {
        Ok(0) => limits.default,
        Ok(wish) if wish <= limits.max => wish,
        Ok(_) if !limits.strict => limits.max,
        _ => {
            return Err(Failure::invalid(format!(
                "{} must be between 0 and {}, inclusive.",
                limits.field, limits.max
            )));
        }
    };
    cut(items, query.text("page_token"), size, question)
}

/// Cuts a page of `size` items, from where `token` points to.
pub(crate) fn cut<T>(
    items: Vec<T>,
    token: Option<&str>,
    size: usize,
    question: &[&str],
) -> Result<Page<T>, Failure> {
    let start = token.map_or(Ok(0), |token| read(token, question))?;
    let total = items.len();
    let items: Vec<T> = items.into_iter().skip(start).take(size).collect();
    let end = start.saturating_add(items.len());
    let next = (end < total).then(|| write(end, question));
    Ok(Page { items, next })
}

fn write(offset: usize, question: &[&str]) -> String {
    let seal = seal(offset, question);
    URL_SAFE_NO_PAD.encode(format!("{offset}.{seal:016x}"))
}

fn read(token: &str, question: &[&str]) -> Result<usize, Failure> {
    let refused = || Failure::invalid("Invalid page token.");
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| refused())?;
    let text = String::from_utf8(bytes).map_err(|_| refused())?;
    let (offset, given) = text.split_once('.').ok_or_else(refused)?;
    let offset = offset.parse().map_err(|_| refused())?;
    if given == format!("{:016x}", seal(offset, question)) { Ok(offset) } else { Err(refused()) }
}

fn seal(offset: usize, question: &[&str]) -> u64 {
    let text = offset.to_string();
    let parts: Vec<&str> = question.iter().copied().chain([text.as_str()]).collect();
    let [.., a, b, c, d, e, f, g, h] = ids::hash(&parts).to_be_bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { field: "page_size", default: 3, max: 5, strict: true };

    fn query(text: &str) -> Query {
        Query::of(&format!("/x?{text}").parse().unwrap())
    }

    #[test]
    fn walks_through_everything_once() {
        let mut seen = Vec::new();
        let mut token = String::new();
        loop {
            let query = query(&format!("page_token={token}"));
            let page = page((0..8).collect(), &query, LIMITS, &["q"]).unwrap();
            seen.extend(page.items);
            match page.next {
                Some(next) => token = next,
                None => break,
            }
        }
        assert_eq!(seen, (0..8).collect::<Vec<_>>());
    }

    #[test]
    fn lengths_outside_of_the_limits_are_refused_or_cut() {
        assert!(page(vec![1; 9], &query("page_size=6"), LIMITS, &[]).is_err());
        assert!(page(vec![1; 9], &query("page_size=-1"), LIMITS, &[]).is_err());
        let lenient = Limits { strict: false, ..LIMITS };
        assert_eq!(page(vec![1; 9], &query("page_size=6"), lenient, &[]).unwrap().items.len(), 5);
    }

    #[test]
    fn a_token_belongs_to_its_question() {
        let first = page(vec![1; 9], &query(""), LIMITS, &["a"]).unwrap();
        let again = query(&format!("page_token={}", first.next.unwrap()));
        assert!(page(vec![1; 9], &again, LIMITS, &["a"]).is_ok());
        assert!(page(vec![1; 9], &again, LIMITS, &["b"]).is_err());
        assert!(page(vec![1; 9], &query("page_token=MjA"), LIMITS, &["a"]).is_err());
    }
}
