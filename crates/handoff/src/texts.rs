//! Texts, each once.

use std::cmp::Ordering;

/// A set of texts that remembers where each came in.
///
/// One set for links and plans: the maps of the standard library are 9 kB of code in what a page loads first, and this is
/// less than one. An AA tree (Arne Andersson, 1993) is balanced whatever comes, so names that somebody chose with care
/// cost no more than others.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// In the order in which they came.
    nodes: Vec<Node>,
    root: usize,
}

#[derive(Debug, Clone)]
struct Node {
    text: String,
    /// 1 for a leaf. A left child is one level below, a right child one or none.
    level: u8,
    left: usize,
    right: usize,
}

/// Where there is no child: no list is that long.
const NONE: usize = usize::MAX;

impl Texts {
    /// Adds a text, unless it is there. Then gives its position, counted from 0 in the order of additions.
    #[inline(never)]
    pub fn insert(&mut self, text: &str) -> Option<usize> {
        let mut found = None;
        self.root = self.insert_below(if self.is_empty() { NONE } else { self.root }, text, &mut found);
        found
    }

    /// Adds a text; false if it is there already.
    pub fn add(&mut self, text: &str) -> bool {
        self.insert(text).is_none()
    }

    /// The position of a text that is in the set.
    #[must_use]
    #[inline(never)]
    pub fn position(&self, text: &str) -> Option<usize> {
        let mut at = self.root;
        loop {
            let node = self.nodes.get(at)?;
            at = match text.cmp(&node.text) {
                Ordering::Less => node.left,
                Ordering::Greater => node.right,
                Ordering::Equal => return Some(at),
            };
        }
    }

    /// True if the text is in the set.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        self.position(text).is_some()
    }

    /// True without texts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Gives the root of the tree below `at` with the text in it.
    fn insert_below(&mut self, at: usize, text: &str, found: &mut Option<usize>) -> usize {
        let Some(node) = self.nodes.get(at) else {
            self.nodes.push(Node { text: text.to_owned(), level: 1, left: NONE, right: NONE });
            return self.nodes.len() - 1;
        };
        match text.cmp(&node.text) {
            Ordering::Equal => {
                *found = Some(at);
                return at;
            }
            Ordering::Less => {
                let left = self.insert_below(node.left, text, found);
                self.change(at, |node| node.left = left);
            }
            Ordering::Greater => {
                let right = self.insert_below(node.right, text, found);
                self.change(at, |node| node.right = right);
            }
        }
        let at = self.skew(at);
        self.split(at)
    }

    /// A left child on the same level goes above.
    fn skew(&mut self, at: usize) -> usize {
        let (left, _) = self.children(at);
        if self.level(left) != self.level(at) {
            return at;
        }
        let (_, between) = self.children(left);
        self.change(at, |node| node.left = between);
        self.change(left, |node| node.right = at);
        left
    }

    /// Of three on one level the middle one goes up.
    fn split(&mut self, at: usize) -> usize {
        let (_, right) = self.children(at);
        let (between, last) = self.children(right);
        if self.level(last) != self.level(at) {
            return at;
        }
        self.change(at, |node| node.right = between);
        self.change(right, |node| {
            node.left = at;
            node.level += 1;
        });
        right
    }

    fn children(&self, at: usize) -> (usize, usize) {
        self.nodes.get(at).map_or((NONE, NONE), |node| (node.left, node.right))
    }

    /// 0 where there is none.
    fn level(&self, at: usize) -> u8 {
        self.nodes.get(at).map_or(0, |node| node.level)
    }

    fn change(&mut self, at: usize, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(at) {
            change(node);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// Depth of the tree, and whether its levels are those of an AA tree.
    fn check(texts: &Texts, at: usize) -> usize {
        let Some(node) = texts.nodes.get(at) else { return 0 };
        assert_eq!(texts.level(node.left) + 1, node.level);
        assert!(node.level - texts.level(node.right) <= 1);
        let (_, last) = texts.children(node.right);
        assert!(texts.level(last) < node.level);
        1 + check(texts, node.left).max(check(texts, node.right))
    }

    #[test]
    fn agrees_with_a_map_and_stays_balanced_in_any_order() {
        let count = 3_000_u32;
        let orders: [fn(u32) -> u32; 4] =
            [|n| n, |n| 9_999 - n, |n| n.wrapping_mul(7_919) % 2_003, |n| n / 2];
        for order in orders {
            let (mut texts, mut map) = (Texts::default(), HashMap::new());
            for n in 0..count {
                let text = format!("{:05}", order(n));
                let position = map.len();
                let known = map.get(&text).copied();
                map.entry(text.clone()).or_insert(position);
                assert_eq!(texts.position(&text), known);
                assert_eq!(texts.insert(&text), known);
                assert!(texts.contains(&text) && !texts.add(&text));
            }
            assert!(check(&texts, texts.root) <= 24);
            assert!(map.iter().all(|(text, position)| texts.position(text) == Some(*position)));
            assert_eq!(texts.position("x"), None);
        }
        assert_eq!(Texts::default().position(""), None);
    }
}
