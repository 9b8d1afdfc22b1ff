//! How often a caller may call: one token bucket per caller, in the memory of an isolate.
//!
//! An isolate counts for itself, so a caller that is spread over several gets a multiple. That is enough to protect an
//! isolate and the workspace behind it; a limit across isolates is the platform's rate-limit binding.

use crate::map::Map;

/// Callers that are remembered. Whoever has been quiet for longest is forgotten first, and starts with a full bucket.
const MAX_CALLERS: usize = 4096;

/// How much one caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests per minute in the long run; 0 is no limit.
    pub per_minute: u32,
    /// Requests at once after a pause.
    pub burst: u32,
}

impl Rate {
    /// A rate whose burst is `part` of a minute's requests, at least 1.
    #[must_use]
    pub fn per_minute(per_minute: u32, part: u32) -> Self {
        Self { per_minute, burst: (per_minute / part.max(1)).max(1) }
    }
}

/// The buckets of one kind of request.
#[derive(Debug)]
pub struct Limiter {
    rate: Rate,
    buckets: Map<String, Bucket>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    level: f64,
    at_ms: f64,
}

impl Limiter {
    /// Buckets of this size, all full.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        Self { rate, buckets: Map::new() }
    }

    /// Takes one request out of the caller's bucket.
    ///
    /// # Errors
    /// Seconds until there is one again, at least 1: the bucket is empty. Nothing is taken then, so that asking too often
    /// does not postpone the next success.
    pub fn take(&mut self, caller: &str, now_ms: f64) -> Result<(), u32> {
        if self.rate.per_minute == 0 {
            return Ok(());
        }
        let per_ms = f64::from(self.rate.per_minute) / 60_000.0;
        let full = f64::from(self.rate.burst);
        if let Some(bucket) = self.buckets.get_mut(caller) {
            // A clock that steps back gives nothing and takes nothing.
            bucket.level = (bucket.level + (now_ms - bucket.at_ms).max(0.0) * per_ms).min(full);
            bucket.at_ms = now_ms;
            if bucket.level >= 1.0 {
                bucket.level -= 1.0;
                return Ok(());
            }
            // At most a minute: the rate is at least one a minute.
            return Err(((1.0 - bucket.level) / per_ms / 1000.0).ceil().max(1.0) as u32);
        }
        if self.buckets.len() >= MAX_CALLERS {
            self.forget(now_ms, full / per_ms);
        }
        self.buckets.insert(caller.to_owned(), Bucket { level: full - 1.0, at_ms: now_ms });
        Ok(())
    }

    /// Drops buckets that have filled up again, and when there are none the one that was used longest ago.
    fn forget(&mut self, now_ms: f64, refill_ms: f64) {
        self.buckets.retain(|bucket| now_ms - bucket.at_ms < refill_ms);
        if self.buckets.len() >= MAX_CALLERS
            && let Some(oldest) = self
                .buckets
                .iter()
                .min_by(|a, b| a.1.at_ms.total_cmp(&b.1.at_ms))
                .map(|(name, _)| name.clone())
        {
            self.buckets.remove(&oldest);
        }
    }
}

/// How many upstream calls a piece of scheduled work may still make.
///
/// The platform bounds the calls of one invocation; work that stops by itself before that can go on at the next tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    left: u32,
}

impl Budget {
    /// A budget of `calls`.
    #[must_use]
    pub fn new(calls: u32) -> Self {
        Self { left: calls }
    }

    /// Reserves `calls`, all or none. `false`: stop here and leave the rest for the next tick.
    #[must_use]
    pub fn take(&mut self, calls: u32) -> bool {
        match self.left.checked_sub(calls) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }

    /// Gives back what was reserved and not used.
    pub fn give_back(&mut self, calls: u32) {
        self.left = self.left.saturating_add(calls);
    }

    /// Calls left.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate() {
        let mut limiter = Limiter::new(Rate { per_minute: 60, burst: 3 });
        for _ in 0..3 {
            assert_eq!(limiter.take("a", 0.0), Ok(()));
        }
        assert_eq!(limiter.take("a", 0.0), Err(1));
        assert_eq!(limiter.take("b", 0.0), Ok(()), "callers do not share");
        assert_eq!(limiter.take("a", 999.0), Err(1));
        assert_eq!(limiter.take("a", 1000.0), Ok(()));
        assert_eq!(limiter.take("a", 1000.0), Err(1));
        assert_eq!(limiter.take("a", 500.0), Err(1), "a clock that steps back");
        for _ in 0..3 {
            assert_eq!(limiter.take("a", 1_000_000.0), Ok(()), "never more than the burst");
        }
        assert_eq!(limiter.take("a", 1_000_000.0), Err(1));
    }

    #[test]
    fn the_time_to_wait_is_the_time_to_wait() {
        let mut limiter = Limiter::new(Rate { per_minute: 2, burst: 1 });
        assert_eq!(limiter.take("a", 0.0), Ok(()));
        let Err(seconds) = limiter.take("a", 1.0) else { panic!("the bucket is empty") };
        assert_eq!(seconds, 30);
        assert_eq!(limiter.take("a", f64::from(seconds) * 1000.0 + 1.0), Ok(()));
    }

    #[test]
    fn zero_is_no_limit() {
        let mut limiter = Limiter::new(Rate { per_minute: 0, burst: 0 });
        assert!((0..10_000).all(|_| limiter.take("a", 0.0).is_ok()));
        assert!(limiter.buckets.is_empty());
    }

    #[test]
    fn memory_is_bounded() {
        let mut limiter = Limiter::new(Rate { per_minute: 1, burst: 1 });
        for n in 0..10_000u32 {
            assert_eq!(limiter.take(&n.to_string(), f64::from(n)), Ok(()));
        }
        assert!(limiter.buckets.len() <= MAX_CALLERS);
        assert!(limiter.take("9999", 10_000.0).is_err(), "the newest is remembered");
    }

    #[test]
    fn a_budget_is_kept() {
        let mut budget = Budget::new(3);
        assert!(budget.take(2));
        assert!(!budget.take(2), "all or none");
        assert_eq!(budget.left(), 1);
        budget.give_back(1);
        assert!(budget.take(2));
        assert!(!budget.take(1));
    }
}
