//! What a run does, in plain words.

use plan::{Pattern, ScheduleKind};

use crate::build::Build;

/// What happens to rows of the target, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Rows are added.
    Adds,
    /// Rows get other values.
    Updates,
    /// Rows are deleted.
    Deletes,
    /// The whole table gets other content.
    Replaces,
}

impl Effect {
    /// `adds`, `updates`, `deletes` or `replaces`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adds => "adds",
            Self::Updates => "updates",
            Self::Deletes => "deletes",
            Self::Replaces => "replaces",
        }
    }

    /// Whether rows that are there can be lost.
    #[must_use]
    pub fn is_destructive(self) -> bool {
        matches!(self, Self::Deletes | Self::Replaces)
    }
}

/// A plan in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The plan in one sentence.
    pub summary: String,
    /// What happens to rows of the target, the destructive things first.
    pub effects: Vec<(Effect, String)>,
    /// What else a person should know.
    pub notes: Vec<String>,
}

impl Explanation {
    pub(crate) fn new(build: &Build<'_>) -> Self {
        let mut notes = Vec::new();
        for predicate in &build.predicates {
            notes.push(format!("Only source rows for which this is true are read: {}", predicate.as_str()));
        }
        if build.columns().is_none() && !matches!(build.plan.pattern, Pattern::AggregateRefresh(_)) {
            notes.push("The plan names no source columns: every column is taken that source and target have in common or, for a new table, that the source has.".to_owned());
        }
        Self { summary: String::new(), effects: Vec::new(), notes }
    }

    pub(crate) fn summary(&mut self, text: String) {
        self.summary = text;
    }

    pub(crate) fn effect(&mut self, effect: Effect, text: String) {
        self.effects.push((effect, text));
    }

    pub(crate) fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    pub(crate) fn finish(&mut self, build: &Build<'_>) {
        let (destructive, other): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.effects).into_iter().partition(|(effect, _)| effect.is_destructive());
        self.effects = destructive;
        self.effects.extend(other);
        self.note("A run is one statement and one commit: it happens completely or not at all.".to_owned());
        let rules = &build.plan.rules;
        if rules.check_source_not_empty {
            self.note("Before a run it is checked that the source has rows.".to_owned());
        }
        if let Some(limit) = rules.max_rows_to_process {
            self.note(format!("Before a run it is checked that it takes at most {limit} source rows."));
        }
        match &build.plan.schedule {
            Some(schedule) if schedule.kind == ScheduleKind::Cron => {
                let cron = schedule.cron.as_ref().map_or("not known yet", |(text, _)| text.as_str());
                let state = if schedule.enabled { "It runs" } else { "The schedule is paused; it would run" };
                self.note(format!(
                    "{state} by the Quartz expression {cron} in the time zone {}.",
                    schedule.timezone
                ));
            }
            Some(schedule) if schedule.kind == ScheduleKind::Event => {
                self.note("It runs when something outside starts it.".to_owned());
            }
            _ => self.note("It runs when somebody starts it.".to_owned()),
        }
    }
}
