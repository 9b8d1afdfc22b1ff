//! A small map. The standard library's are compiled anew for each kind of value, which is a tenth of the public worker.

use std::borrow::Borrow;

/// Values by their keys, in one sorted list: for up to some thousands that are looked up more often than they change.
#[derive(Debug)]
pub struct Map<K, V>(Vec<(K, V)>);

impl<K, V> Map<K, V> {
    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Drops all that are not wanted.
    pub fn retain(&mut self, mut wanted: impl FnMut(&V) -> bool) {
        self.0.retain(|(_, value)| wanted(value));
    }

    /// All of them, by their keys.
    pub fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.0.iter()
    }
}

impl<K: Ord, V> Map<K, V> {
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(own, _)| own.borrow().cmp(key))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().and_then(|at| self.0.get(at)).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let at = self.place(key).ok()?;
        self.0.get_mut(at).map(|(_, value)| value)
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        match self.place(&key) {
            Ok(at) => {
                if let Some(slot) = self.0.get_mut(at) {
                    slot.1 = value;
                }
            }
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// Takes a value out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let at = self.place(key).ok()?;
        Some(self.0.remove(at).1)
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn does_as_the_standard_library_does() {
        let (mut ours, mut theirs) = (Map::new(), BTreeMap::new());
        let mut state = 7_u32;
        for _ in 0..20_000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (key, value) = (format!("{}", (state >> 8) % 200), state);
            match state >> 30 {
                0 | 1 => {
                    ours.insert(key.clone(), value);
                    theirs.insert(key.clone(), value);
                }
                2 => assert_eq!(ours.remove(key.as_str()), theirs.remove(key.as_str())),
                _ => assert_eq!(ours.get(key.as_str()), theirs.get(key.as_str())),
            }
            assert_eq!(ours.get_mut(key.as_str()), theirs.get_mut(key.as_str()));
            assert_eq!(ours.len(), theirs.len());
        }
        ours.retain(|value| value % 2 == 0);
        theirs.retain(|_, value| *value % 2 == 0);
        assert!(ours.iter().map(|(key, value)| (key, value)).eq(theirs.iter()));
        assert!(!ours.is_empty());
    }
}
