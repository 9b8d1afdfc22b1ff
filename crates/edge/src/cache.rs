//! A small cache and the register of calls under way. Both hold plain data and are told the time.

use std::collections::VecDeque;

use crate::map::Map;

/// Answers that may be served again for a while; bounded in number and bytes.
///
/// All entries live equally long, so the oldest is always the first to expire and the first to go.
#[derive(Debug)]
pub struct Cache<V> {
    entries: Map<String, Entry<V>>,
    order: VecDeque<(String, u64)>,
    bytes: usize,
    stamp: u64,
    max_entries: usize,
    max_bytes: usize,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    size: usize,
    stored_ms: f64,
    stamp: u64,
}

impl<V> Cache<V> {
    /// An empty cache that holds at most `max_entries` entries and `max_bytes` bytes of values.
    #[must_use]
    pub fn new(max_entries: usize, max_bytes: usize) -> Self {
        Self { entries: Map::new(), order: VecDeque::new(), bytes: 0, stamp: 0, max_entries, max_bytes }
    }

    /// A value stored less than `ttl_ms` ago, with its age in milliseconds.
    #[must_use]
    pub fn get(&self, key: &str, now_ms: f64, ttl_ms: f64) -> Option<(&V, f64)> {
        let entry = self.entries.get(key)?;
        let age = now_ms - entry.stored_ms;
        (age >= 0.0 && age < ttl_ms).then_some((&entry.value, age))
    }

    /// Stores a value of `size` bytes, making room as needed. A value over the whole limit is not stored.
    pub fn put(&mut self, key: String, value: V, size: usize, now_ms: f64) {
        self.remove(&key);
        if size > self.max_bytes {
            return;
        }
        self.stamp += 1;
        self.bytes += size;
        self.order.push_back((key.clone(), self.stamp));
        self.entries.insert(key, Entry { value, size, stored_ms: now_ms, stamp: self.stamp });
        while self.entries.len() > self.max_entries || self.bytes > self.max_bytes {
            let Some((oldest, stamp)) = self.order.pop_front() else { break };
            // An entry stored again since then has a later place in the line.
            if self.entries.get(&oldest).is_some_and(|entry| entry.stamp == stamp) {
                self.remove(&oldest);
            }
        }
        // Places of replaced entries go as well, so that the line stays about as long as the map.
        if self.order.len() > 2 * self.max_entries + 16 {
            let entries = &self.entries;
            self.order.retain(|(key, stamp)| entries.get(key).is_some_and(|entry| entry.stamp == *stamp));
        }
    }

    /// Forgets a value.
    pub fn remove(&mut self, key: &str) {
        if let Some(entry) = self.entries.remove(key) {
            self.bytes -= entry.size;
        }
    }
}

/// Upstream calls under way, so that equal requests share one.
///
/// The register holds results, never futures or handles: in a worker one request may not wake another or touch its
/// IO. Followers look again at their own pace until the result is there, the call has outlived its deadline, or
/// somebody else has begun anew. Results are shared with those who were waiting and not kept.
#[derive(Debug)]
pub struct Flights<R> {
    calls: Map<String, Flight<R>>,
    ticket: u64,
}

#[derive(Debug)]
struct Flight<R> {
    ticket: u64,
    /// A leader that has not come back by then is given up.
    deadline_ms: f64,
    waiting: u32,
    result: Option<R>,
}

/// What a request does after [`Flights::join`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Makes the call and settles the ticket.
    Leader(u64),
    /// Looks for the result under the ticket.
    Follower(u64),
}

/// What a follower finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look<R> {
    /// Not there yet.
    Pending,
    /// Here it is.
    Done(R),
    /// The call was given up; join again.
    Gone,
}

impl<R: Clone> Flights<R> {
    /// Nothing under way.
    #[must_use]
    pub fn new() -> Self {
        Self { calls: Map::new(), ticket: 0 }
    }

    /// Joins the call under way for `key`, or begins one that must be over by `deadline_ms`.
    pub fn join(&mut self, key: &str, now_ms: f64, deadline_ms: f64) -> Role {
        // What nobody fetched in time goes, so that callers who left cost nothing for long.
        self.calls.retain(|flight| now_ms < flight.deadline_ms);
        if let Some(flight) = self.calls.get_mut(key)
            && flight.result.is_none()
        {
            flight.waiting += 1;
            return Role::Follower(flight.ticket);
        }
        self.ticket += 1;
        let flight = Flight { ticket: self.ticket, deadline_ms, waiting: 0, result: None };
        self.calls.insert(key.to_owned(), flight);
        Role::Leader(self.ticket)
    }

    /// The leader's result. Without followers it is forgotten at once.
    pub fn settle(&mut self, key: &str, ticket: u64, result: R) {
        let Some(flight) = self.calls.get_mut(key).filter(|flight| flight.ticket == ticket) else { return };
        if flight.waiting == 0 {
            self.calls.remove(key);
        } else {
            flight.result = Some(result);
        }
    }

    /// A follower looks for the result; the last one to see it takes it away.
    pub fn look(&mut self, key: &str, ticket: u64, now_ms: f64) -> Look<R> {
        let Some(flight) = self.calls.get_mut(key).filter(|flight| flight.ticket == ticket) else {
            return Look::Gone;
        };
        if let Some(result) = flight.result.clone() {
            flight.waiting = flight.waiting.saturating_sub(1);
            if flight.waiting == 0 {
                self.calls.remove(key);
            }
            return Look::Done(result);
        }
        if now_ms >= flight.deadline_ms {
            self.calls.remove(key);
            return Look::Gone;
        }
        Look::Pending
    }
}

impl<R: Clone> Default for Flights<R> {
    fn default() -> Self {
        Self::new()
    }
}

/// How long a follower waits before looking again for the `n`-th time (from 0): 1, 2, 4, 8, then 16 ms.
#[must_use]
pub fn follower_pause_ms(n: u32) -> u32 {
    1 << n.min(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serves_until_the_time_is_up() {
        let mut cache = Cache::new(2, 100);
        cache.put("a".into(), 1, 10, 0.0);
        assert_eq!(cache.get("a", 29.0, 30.0), Some((&1, 29.0)));
        assert_eq!(cache.get("a", 30.0, 30.0), None);
        assert_eq!(cache.get("a", -1.0, 30.0), None, "a clock that went back");
        assert_eq!(cache.get("a", 0.0, 0.0), None, "switched off");
    }

    #[test]
    fn the_oldest_makes_room() {
        let mut cache = Cache::new(2, 100);
        cache.put("a".into(), 1, 10, 0.0);
        cache.put("b".into(), 2, 10, 1.0);
        cache.put("a".into(), 3, 10, 2.0);
        cache.put("c".into(), 4, 10, 3.0);
        assert_eq!(cache.get("b", 3.0, 30.0), None);
        assert_eq!(cache.get("a", 3.0, 30.0), Some((&3, 1.0)));
        cache.put("d".into(), 5, 95, 4.0);
        assert_eq!((cache.entries.len(), cache.bytes), (1, 95));
        cache.put("e".into(), 6, 101, 5.0);
        assert_eq!(cache.get("e", 5.0, 30.0), None, "too large to keep");
    }

    #[test]
    fn the_line_does_not_grow_with_replacements() {
        let mut cache = Cache::new(4, 100);
        for n in 0..1000 {
            cache.put("a".into(), n, 1, f64::from(n));
        }
        assert!(cache.order.len() <= 25, "{}", cache.order.len());
    }

    #[test]
    fn equal_requests_share_one_call() {
        let mut flights = Flights::new();
        assert_eq!(flights.join("k", 0.0, 25.0), Role::Leader(1));
        assert_eq!(flights.join("k", 1.0, 26.0), Role::Follower(1));
        assert_eq!(flights.join("k", 1.0, 26.0), Role::Follower(1));
        assert_eq!(flights.join("other", 1.0, 26.0), Role::Leader(2));
        assert_eq!(flights.look("k", 1, 2.0), Look::Pending);
        flights.settle("k", 1, "answer");
        assert_eq!(flights.look("k", 1, 3.0), Look::Done("answer"));
        assert_eq!(flights.join("k", 3.0, 28.0), Role::Leader(3), "a result is for those who waited");
        assert_eq!(flights.look("k", 1, 3.0), Look::Gone, "begun anew");
    }

    #[test]
    fn a_leader_that_never_returns_is_replaced() {
        let mut flights: Flights<u8> = Flights::new();
        assert_eq!(flights.join("k", 0.0, 25.0), Role::Leader(1));
        assert_eq!(flights.join("k", 1.0, 26.0), Role::Follower(1));
        assert_eq!(flights.look("k", 1, 25.0), Look::Gone);
        assert_eq!(flights.join("k", 25.0, 50.0), Role::Leader(2));
        flights.settle("k", 1, 7);
        assert_eq!(flights.join("k", 26.0, 51.0), Role::Follower(2), "a late result changes nothing");
    }

    #[test]
    fn nothing_is_left_behind() {
        let mut flights = Flights::new();
        flights.join("alone", 0.0, 25.0);
        flights.settle("alone", 1, 1);
        flights.join("left", 0.0, 25.0);
        flights.join("left", 0.0, 25.0);
        flights.settle("left", 2, 2);
        flights.join("later", 30.0, 55.0);
        assert_eq!(flights.calls.len(), 1);
    }
}
