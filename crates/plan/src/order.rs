//! Sorting in little code: the standard library's sorts are compiled anew for every type and made for speed, and this
//! crate is part of what a browser downloads first.

/// Sorts by `less` with a heap: n log n in every case, not stable.
pub(crate) fn sort_by<T>(items: &mut [T], less: fn(&T, &T) -> bool) {
    let count = items.len();
    for root in (0..count / 2).rev() {
        sift_down(items, root, count, less);
    }
    for end in (1..count).rev() {
        items.swap(0, end);
        sift_down(items, 0, end, less);
    }
}

#[inline(never)]
fn sift_down<T>(items: &mut [T], mut root: usize, end: usize, less: fn(&T, &T) -> bool) {
    let smaller = |items: &[T], a: usize, b: usize| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => less(a, b),
        _ => false,
    };
    loop {
        let mut child = 2 * root + 1;
        if child >= end {
            return;
        }
        if child + 1 < end && smaller(items, child, child + 1) {
            child += 1;
        }
        if !smaller(items, root, child) {
            return;
        }
        items.swap(root, child);
        root = child;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_like_the_standard_library() {
        let mut seed = 7_u32;
        for length in 0..200 {
            let mut items: Vec<u32> = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    seed >> 26
                })
                .collect();
            let mut expected = items.clone();
            expected.sort_unstable();
            sort_by(&mut items, |a, b| a < b);
            assert_eq!(items, expected);
        }
    }
}
