//! A rest for an upstream host that does not answer.
//!
//! Closed: calls pass. After some failures in a row it opens: calls are refused at once for a while, which spares the
//! host and our callers' time. Then one call goes ahead to see; its result closes the breaker or opens it for twice as
//! long. There is no timer, only times: an isolate has nobody who would wait for one.

/// Failures in a row that open the breaker. More than one request makes with all of its attempts, so that one slow
/// caller cannot do it alone.
const FAILURES: u32 = 12;
/// Longest rest.
const LONGEST_REST_MS: f64 = 30_000.0;

/// The breaker of one host.
#[derive(Debug, Clone)]
pub struct Breaker {
    first_rest_ms: f64,
    failures: u32,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum State {
    #[default]
    Closed,
    /// Nobody calls until then.
    Open { until_ms: f64, rest_ms: f64 },
    /// One call looks whether the host is back. Should it never report, another may look after `until_ms`.
    HalfOpen { until_ms: f64, rest_ms: f64 },
}

/// What a call may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Call.
    Go,
    /// Do not call; the number is seconds until it is worth asking again, at least 1.
    Rest(u32),
}

impl Breaker {
    /// A closed one. Each failed look doubles the first rest, to at most half a minute.
    #[must_use]
    pub fn new(first_rest_ms: f64) -> Self {
        Self { first_rest_ms, failures: 0, state: State::Closed }
    }

    /// Asks before each call. After [`Pass::Go`] the call reports with [`Breaker::report`] before `deadline_ms` (a time).
    pub fn ask(&mut self, now_ms: f64, deadline_ms: f64) -> Pass {
        match self.state {
            State::Closed => Pass::Go,
            State::Open { until_ms, .. } | State::HalfOpen { until_ms, .. } if now_ms < until_ms => {
                Pass::Rest(((until_ms - now_ms) / 1000.0).ceil().clamp(1.0, 60.0) as u32)
            }
            State::Open { rest_ms, .. } | State::HalfOpen { rest_ms, .. } => {
                self.state = State::HalfOpen { until_ms: deadline_ms, rest_ms };
                Pass::Go
            }
        }
    }

    /// Reports how a call went: `alive` is any answer that shows the host at work, also a refusal.
    pub fn report(&mut self, alive: bool, now_ms: f64) {
        if alive {
            *self = Self::new(self.first_rest_ms);
            return;
        }
        self.failures = self.failures.saturating_add(1);
        self.state = match self.state {
            State::Closed if self.failures >= FAILURES => {
                State::Open { until_ms: now_ms + self.first_rest_ms, rest_ms: self.first_rest_ms }
            }
            State::HalfOpen { rest_ms, .. } => {
                let rest_ms = (rest_ms * 2.0).min(LONGEST_REST_MS);
                State::Open { until_ms: now_ms + rest_ms, rest_ms }
            }
            // A call that had begun before the breaker opened says nothing new.
            other => other,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Breaker {
        let mut breaker = Breaker::new(2_000.0);
        for _ in 0..FAILURES {
            assert_eq!(breaker.ask(0.0, 10_000.0), Pass::Go);
            breaker.report(false, 0.0);
        }
        breaker
    }

    #[test]
    fn opens_after_failures_in_a_row_only() {
        let mut breaker = Breaker::new(2_000.0);
        for n in 0..10 * FAILURES {
            assert_eq!(breaker.ask(0.0, 10_000.0), Pass::Go);
            breaker.report(n % FAILURES == FAILURES - 1, 0.0);
        }
        assert_eq!(open().ask(0.0, 10_000.0), Pass::Rest(2));
    }

    #[test]
    fn one_call_looks_and_its_success_closes() {
        let mut breaker = open();
        assert_eq!(breaker.ask(1_999.0, 11_999.0), Pass::Rest(1));
        assert_eq!(breaker.ask(2_000.0, 12_000.0), Pass::Go);
        assert_eq!(breaker.ask(2_000.0, 12_000.0), Pass::Rest(10), "one is enough");
        breaker.report(true, 2_100.0);
        for _ in 0..FAILURES - 1 {
            assert_eq!(breaker.ask(2_100.0, 12_000.0), Pass::Go);
            breaker.report(false, 2_100.0);
        }
        assert_eq!(breaker.ask(2_100.0, 12_000.0), Pass::Go, "the count began anew");
    }

    #[test]
    fn each_failed_look_doubles_the_rest_up_to_a_bound() {
        let mut breaker = open();
        let mut now = 0.0;
        for rest in [2.0, 4.0, 8.0, 16.0, 30.0, 30.0] {
            assert_eq!(breaker.ask(now, now + 1_000.0), Pass::Rest(rest as u32));
            now += rest * 1000.0;
            assert_eq!(breaker.ask(now, now + 1_000.0), Pass::Go);
            breaker.report(false, now);
        }
    }

    #[test]
    fn a_look_that_never_reports_is_taken_over() {
        let mut breaker = open();
        assert_eq!(breaker.ask(2_000.0, 12_000.0), Pass::Go);
        assert_eq!(breaker.ask(11_999.0, 30_000.0), Pass::Rest(1));
        assert_eq!(breaker.ask(12_000.0, 22_000.0), Pass::Go);
    }

    #[test]
    fn latecomers_change_nothing_while_it_rests() {
        let mut breaker = open();
        breaker.report(false, 1_500.0);
        assert_eq!(breaker.ask(2_000.0, 12_000.0), Pass::Go, "the rest was not prolonged");
    }
}
