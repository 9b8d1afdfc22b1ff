//! What changed between two texts of SQL, line by line.

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// It is in both.
    Same,
    /// It is in the older text only.
    Removed,
    /// It is in the newer text only.
    Added,
}

impl LineKind {
    /// `same`, `removed` or `added`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Removed => "removed",
            Self::Added => "added",
        }
    }
}

/// A line of either text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// What happened to it.
    pub kind: LineKind,
    /// The line without its end.
    pub text: &'a str,
}

/// More changed lines than this are shown as one block: nobody reads such a comparison line by line, and the work
/// grows with the product of both sides.
const MAX_CELLS: usize = 4_000_000;

/// Compares two texts by lines: what both share in order stays, with as many lines as possible. The comment above a
/// load always differs, because it has the plan's hash; it is left out of the comparison.
#[must_use]
pub fn diff_sql<'a>(before: &'a str, after: &'a str) -> Vec<Line<'a>> {
    let (old, new) = (body(before), body(after));
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let old_middle = old_rest.get(..old_rest.len() - end).unwrap_or_default();
    let new_middle = new_rest.get(..new_rest.len() - end).unwrap_or_default();
    let mut lines = Vec::new();
    let mut push = |kind, texts: &[&'a str]| lines.extend(texts.iter().map(|text| Line { kind, text }));
    push(LineKind::Same, old.get(..start).unwrap_or_default());
    middle(old_middle, new_middle, &mut push);
    push(LineKind::Same, old_rest.get(old_rest.len() - end..).unwrap_or_default());
    lines
}

/// The lines behind the comment.
fn body(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    for line in text.lines() {
        if !lines.is_empty() || !line.starts_with("--") {
            lines.push(line);
        }
    }
    lines
}

/// The longest common subsequence by the usual table, walked from the start.
fn middle<'a>(old: &[&'a str], new: &[&'a str], push: &mut impl FnMut(LineKind, &[&'a str])) {
    let width = new.len() + 1;
    if (old.len() + 1).saturating_mul(width) > MAX_CELLS {
        push(LineKind::Removed, old);
        push(LineKind::Added, new);
        return;
    }
    // `table[i * width + j]`: how many lines `old[i..]` and `new[j..]` share.
    let mut table = vec![0_u32; (old.len() + 1) * width];
    let at = |table: &[u32], i: usize, j: usize| table.get(i * width + j).copied().unwrap_or_default();
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let shared = if a == b {
                at(&table, i + 1, j + 1) + 1
            } else {
                at(&table, i + 1, j).max(at(&table, i, j + 1))
            };
            if let Some(cell) = table.get_mut(i * width + j) {
                *cell = shared;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                push(LineKind::Same, &[a]);
                i += 1;
                j += 1;
            }
            (Some(a), b) if b.is_none() || at(&table, i + 1, j) >= at(&table, i, j + 1) => {
                push(LineKind::Removed, &[a]);
                i += 1;
            }
            (_, Some(b)) => {
                push(LineKind::Added, &[b]);
                j += 1;
            }
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> String {
        let mark = |kind| match kind {
            LineKind::Same => ' ',
            LineKind::Removed => '-',
            LineKind::Added => '+',
        };
        diff_sql(before, after).iter().map(|l| format!("{}{}\n", mark(l.kind), l.text)).collect()
    }

    #[test]
    fn keeps_what_both_share() {
        assert_eq!(shown("-- hash 1\na\nb\nc\nd", "-- hash 2\na\nx\nc\nd\ne"), " a\n-b\n+x\n c\n d\n+e\n");
        assert_eq!(shown("a\nb", "a\nb"), " a\n b\n");
        assert_eq!(shown("", "a"), "+a\n");
        assert_eq!(shown("a\nb\na\nb", "b\na"), "-a\n b\n a\n-b\n");
    }

    #[test]
    fn both_texts_can_be_read_back() {
        let texts = ["", "a", "a\nb\nc", "c\nb\na", "a\na\nb\nb\nc", "b\nc\nx\na\nb"];
        for before in texts {
            for after in texts {
                let lines = diff_sql(before, after);
                let side = |not| lines.iter().filter(|l| l.kind != not).map(|l| l.text).collect::<Vec<_>>();
                assert_eq!(side(LineKind::Added), before.lines().collect::<Vec<_>>());
                assert_eq!(side(LineKind::Removed), after.lines().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn very_different_texts_are_one_block() {
        let (a, b) = ("a\n".repeat(3000), "b\n".repeat(3000));
        assert_eq!(diff_sql(&a, &b).len(), 6000);
    }
}
