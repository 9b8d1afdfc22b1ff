//! What was asked of the emulator: the log of requests, and how many ran at the same time.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};

use serde::Serialize;

use crate::sync::lock;

/// Requests that are kept; older ones only count.
const KEPT: usize = 20_000;
/// Paths whose in-flight numbers are kept; more are a benchmark with generated ids.
const MAX_PATHS: usize = 4_096;
/// Lines that wait for standard error; a reader slower than that loses lines instead of stopping the emulator.
const QUEUED_LINES: usize = 8_192;
/// Query fields whose values are credentials.
const SECRET_FIELDS: [&str; 5] = ["code", "code_verifier", "download_id_signature", "state", "access_token"];

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Not ended yet.
    Open,
    /// The whole answer was handed to the connection.
    Answered,
    /// A fault closed the connection.
    Dropped,
    /// The client went away before the end.
    ClientLeft,
}

/// One request. Times are UTC.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    pub(crate) seq: u64,
    pub(crate) received_at: String,
    pub(crate) method: String,
    /// Path and query as they were sent, with the values of secret fields replaced by `***`.
    pub(crate) path: String,
    pub(crate) status: Option<u16>,
    /// Kind of the fault that was applied.
    pub(crate) fault: Option<&'static str>,
    /// Name of the principal; absent before and without authentication.
    pub(crate) caller: Option<&'static str>,
    /// `bearer`, `basic`, `other` or `none`.
    pub(crate) authorization: &'static str,
    pub(crate) user_agent: Option<String>,
    pub(crate) ms: Option<f64>,
    pub(crate) outcome: Outcome,
}

/// Requests of one path that run now, ran at most at the same time, and ran at all.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct InFlight {
    pub(crate) now: u64,
    pub(crate) peak: u64,
    pub(crate) total: u64,
}

#[derive(Debug, Default)]
struct State {
    /// Sequence number of the first entry in `entries`.
    first: u64,
    /// Requests before this number were forgotten by a clearing.
    cleared: u64,
    entries: VecDeque<Entry>,
    all: InFlight,
    paths: BTreeMap<String, InFlight>,
}

/// The log of one emulator.
#[derive(Debug)]
pub(crate) struct Journal {
    state: Mutex<State>,
    lines: Option<SyncSender<String>>,
    lost_lines: AtomicU64,
}

/// What the control port shows.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Requests since the start, or since the log was cleared, that fit the filter.
    pub(crate) count: usize,
    pub(crate) in_flight: InFlight,
    pub(crate) paths: BTreeMap<String, InFlight>,
    pub(crate) requests: Vec<Entry>,
}

impl Journal {
    /// A journal that also writes JSON lines to standard error, if wanted.
    pub(crate) fn new(to_stderr: bool) -> Self {
        let lines = to_stderr.then(|| {
            let (sender, receiver) = sync_channel::<String>(QUEUED_LINES);
            // A thread of its own: a full pipe blocks this thread and nothing else.
            std::thread::spawn(move || {
                let mut out = std::io::stderr();
                while let Ok(line) = receiver.recv() {
                    if writeln!(out, "{line}").is_err() {
                        return;
                    }
                }
            });
            sender
        });
        Self { state: Mutex::default(), lines, lost_lines: AtomicU64::new(0) }
    }

    /// Notes the arrival of a request; gives its number and its path without the query.
    pub(crate) fn begin(&self, mut entry: Entry) -> (u64, String) {
        entry.path = redacted(&entry.path);
        let path = entry.path.split('?').next().unwrap_or_default().to_owned();
        let mut state = lock(&self.state);
        let seq = state.first + state.entries.len() as u64;
        entry.seq = seq;
        if state.entries.len() >= KEPT {
            state.entries.pop_front();
            state.first += 1;
        }
        state.entries.push_back(entry);
        state.all.enter();
        if state.paths.len() < MAX_PATHS || state.paths.contains_key(&path) {
            state.paths.entry(path.clone()).or_default().enter();
        }
        (seq, path)
    }

    /// Changes an entry that is still kept.
    pub(crate) fn update(&self, seq: u64, change: impl FnOnce(&mut Entry)) {
        let mut state = lock(&self.state);
        if let Some(entry) = state.entry(seq) {
            change(entry);
        }
    }

    /// Notes the end of a request.
    pub(crate) fn end(&self, seq: u64, path: &str, outcome: Outcome, ms: f64) {
        let mut state = lock(&self.state);
        if seq < state.cleared {
            return;
        }
        // A very old request may be gone from the entries; the numbers still know it.
        let mut line = None;
        if let Some(entry) = state.entry(seq) {
            entry.outcome = outcome;
            entry.ms = Some((ms * 1000.0).round() / 1000.0);
            line = self.lines.as_ref().and_then(|_| serde_json::to_string(entry).ok());
        }
        state.all.leave();
        if let Some(numbers) = state.paths.get_mut(path) {
            numbers.leave();
        }
        drop(state);
        if let (Some(lines), Some(line)) = (&self.lines, line)
            && let Err(TrySendError::Full(_)) = lines.try_send(line)
        {
            self.lost_lines.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The requests whose method and path fit; of these the last `limit` in full.
    pub(crate) fn report(&self, method: Option<&str>, path_prefix: Option<&str>, limit: usize) -> Report {
        let state = lock(&self.state);
        let fits = |entry: &&Entry| {
            method.is_none_or(|method| entry.method.eq_ignore_ascii_case(method))
                && path_prefix.is_none_or(|prefix| entry.path.starts_with(prefix))
        };
        let fitting = state.entries.iter().filter(fits).count();
        let skipped = fitting.saturating_sub(limit);
        let requests = state.entries.iter().filter(fits).skip(skipped).cloned().collect();
        let everything = method.is_none() && path_prefix.is_none();
        Report {
            count: if everything { usize::try_from(state.all.total).unwrap_or(usize::MAX) } else { fitting },
            in_flight: state.all,
            paths: state
                .paths
                .iter()
                .filter(|(path, _)| path_prefix.is_none_or(|prefix| path.starts_with(prefix)))
                .map(|(path, numbers)| (path.clone(), *numbers))
                .collect(),
            requests,
        }
    }

    /// Forgets everything, requests that still run included.
    pub(crate) fn clear(&self) {
        let mut state = lock(&self.state);
        let next = state.first + state.entries.len() as u64;
        *state = State { first: next, cleared: next, ..State::default() };
    }

    /// Lines that standard error was too slow for.
    pub(crate) fn lost_lines(&self) -> u64 {
        self.lost_lines.load(Ordering::Relaxed)
    }
}

impl State {
    fn entry(&mut self, seq: u64) -> Option<&mut Entry> {
        let at = seq.checked_sub(self.first)?;
        self.entries.get_mut(usize::try_from(at).ok()?)
    }
}

impl InFlight {
    fn enter(&mut self) {
        self.now += 1;
        self.total += 1;
        self.peak = self.peak.max(self.now);
    }

    fn leave(&mut self) {
        self.now = self.now.saturating_sub(1);
    }
}

/// `path` with the values of secret query fields replaced.
fn redacted(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.to_owned() };
    let fields: Vec<String> = query
        .split('&')
        .map(|field| match field.split_once('=') {
            Some((name, _)) if SECRET_FIELDS.contains(&name) => format!("{name}=***"),
            _ => field.to_owned(),
        })
        .collect();
    format!("{path}?{}", fields.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str) -> Entry {
        Entry {
            seq: 0,
            received_at: String::new(),
            method: "GET".to_owned(),
            path: path.to_owned(),
            status: None,
            fault: None,
            caller: None,
            authorization: "none",
            user_agent: None,
            ms: None,
            outcome: Outcome::Open,
        }
    }

    #[test]
    fn counts_requests_and_their_peak_per_path() {
        let journal = Journal::new(false);
        let (a, path) = journal.begin(entry("/x?n=1"));
        let (b, _) = journal.begin(entry("/x?n=2"));
        let (c, other) = journal.begin(entry("/y"));
        journal.end(a, &path, Outcome::Answered, 1.0);
        journal.end(b, &path, Outcome::Answered, 1.0);
        journal.end(c, &other, Outcome::ClientLeft, 1.0);
        let report = journal.report(None, None, usize::MAX);
        assert_eq!((report.count, report.in_flight.now, report.in_flight.peak), (3, 0, 3));
        assert_eq!((report.paths["/x"].peak, report.paths["/x"].total), (2, 2));
        assert_eq!(journal.report(Some("get"), Some("/x"), 0).count, 2);
        assert_eq!(report.requests[2].outcome, Outcome::ClientLeft);
    }

    #[test]
    fn a_request_from_before_a_clearing_is_forgotten() {
        let journal = Journal::new(false);
        let (seq, path) = journal.begin(entry("/x"));
        journal.clear();
        let (after, _) = journal.begin(entry("/x"));
        journal.end(seq, &path, Outcome::Answered, 1.0);
        let report = journal.report(None, None, usize::MAX);
        assert_eq!((report.count, report.in_flight.now), (1, 1));
        assert_eq!(report.requests[0].outcome, Outcome::Open);
        assert_ne!(seq, after);
    }

    #[test]
    fn keeps_a_bounded_number_but_counts_all() {
        let journal = Journal::new(false);
        for _ in 0..KEPT + 5 {
            let (seq, path) = journal.begin(entry("/x"));
            journal.end(seq, &path, Outcome::Answered, 0.1);
        }
        let report = journal.report(None, None, usize::MAX);
        assert_eq!((report.count, report.requests.len()), (KEPT + 5, KEPT));
        assert_eq!(report.in_flight.now, 0);
    }

    #[test]
    fn secret_fields_are_not_kept() {
        assert_eq!(redacted("/a?code=s3cret&x=1&state=t"), "/a?code=***&x=1&state=***");
    }
}
