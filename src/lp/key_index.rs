//! Keys and positions, both ways.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

/// Keys of columns or rows: position *i* belongs to key *i*.
#[derive(Debug, Clone)]
pub struct KeyIndex<K> {
    keys: Vec<K>,
    positions: HashMap<K, u32>,
}

impl<K> Default for KeyIndex<K> {
    fn default() -> Self {
        Self { keys: Vec::new(), positions: HashMap::new() }
    }
}

impl<K: Copy + Eq + Hash + Debug> KeyIndex<K> {
    /// Registers a key at the next position.
    ///
    /// # Panics
    /// When the key is there already: two rows for one key are a bug of the formulation.
    pub fn push(&mut self, key: K) {
        let position = u32::try_from(self.keys.len()).expect("fewer than 2^32 keys");
        let earlier = self.positions.insert(key, position);
        assert!(earlier.is_none(), "the key {key:?} is registered once");
        self.keys.push(key);
    }
    /// The position of a key; `None` when the program has no such column or row.
    pub fn find(&self, key: &K) -> Option<usize> {
        self.positions.get(key).map(|&p| p as usize)
    }
    /// The keys, in order of position.
    pub fn keys(&self) -> &[K] {
        &self.keys
    }
}
