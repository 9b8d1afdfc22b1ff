//! Sorting by weight. One sort for all types: in WebAssembly each further one costs more than two kilobytes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The items with the heaviest first; equal ones stay in their order.
pub(crate) fn heaviest_first<T>(items: impl IntoIterator<Item = T>, weight: impl Fn(&T) -> f32) -> Vec<T> {
    let items: Vec<T> = items.into_iter().collect();
    let order = order_of(&items.iter().map(weight).collect::<Vec<f32>>());
    let mut slots: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|n| slots.get_mut(n)?.take()).collect()
}

fn order_of(weights: &[f32]) -> Vec<usize> {
    // A heap has a quarter of the code of a sort. Weights are small; thousandths are finer than any of them, and the
    // conversion saturates.
    let key = |weight: f32| (weight * 1000.0) as i32;
    let mut heap: BinaryHeap<(i32, Reverse<usize>)> =
        weights.iter().enumerate().map(|(n, weight)| (key(*weight), Reverse(n))).collect();
    std::iter::from_fn(|| heap.pop()).map(|(_, Reverse(n))| n).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_keep_their_order() {
        let items = [("a", 1.0), ("b", 2.0), ("c", 1.0), ("d", 2.0), ("e", -1.0)];
        let names: Vec<&str> = heaviest_first(items, |i| i.1).into_iter().map(|i| i.0).collect();
        assert_eq!(names, ["b", "d", "a", "c", "e"]);
    }
}
