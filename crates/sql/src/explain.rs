//! What a run does, in plain words.

use plan::ScheduleKind;

use crate::build::Build;
use crate::patterns::Recipe;
use crate::template::{Part, YES};
use crate::text::Literal;

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

const NOTES: &[&str] = &[
    "A run is one statement and one commit: it happens completely or not at all.",
    "{check_source?}Before a run it is checked that the source has rows.{/}",
    "{limit?}Before a run it is checked that it takes at most {limit} source rows.{/}",
    "{cron?}{paused?}The schedule is paused; it would run{|}It runs{/} by the Quartz expression {cron} in the time zone {zone}.{|}{event?}It runs when something outside starts it.{|}It runs when somebody starts it.{/}{/}",
];

pub(crate) fn of(build: &Build<'_>, recipe: &Recipe<'_>) -> Explanation {
    let mut parts = recipe.parts.over();
    let plan = build.plan;
    parts.flag("check_source", plan.rules.check_source_not_empty);
    parts.may("limit", plan.rules.max_rows_to_process.map(|rows| Part::Literal(Literal::Whole(rows))));
    if let Some(schedule) = &plan.schedule {
        match schedule.kind {
            ScheduleKind::Cron => {
                let cron = schedule.cron.as_ref().map_or("not known yet", |(text, _)| text.as_str());
                parts.set("cron", Part::Words(cron.to_owned()));
                parts.set("zone", Part::Words(schedule.timezone.clone()));
                parts.flag("paused", !schedule.enabled);
            }
            ScheduleKind::Event => parts.set("event", YES),
            ScheduleKind::Manual => {}
        }
    }
    let mut notes = Vec::new();
    for predicate in &build.predicates {
        notes.push(["Only source rows for which this is true are read: ", predicate.as_str()].concat());
    }
    if build.columns().is_none() && parts.get("aggregates").is_none() {
        notes.push("The plan names no source columns: every column is taken that source and target have in common or, for a new table, that the source has.".to_owned());
    }
    for template in recipe.texts.notes.iter().chain(NOTES) {
        let note = parts.words(template);
        if !note.is_empty() {
            notes.push(note);
        }
    }
    let mut effects = Vec::new();
    for destructive in [true, false] {
        for (effect, template) in recipe.texts.effects {
            let words = parts.words(template);
            if effect.is_destructive() == destructive && !words.is_empty() {
                effects.push((*effect, words));
            }
        }
    }
    Explanation { summary: parts.words(recipe.texts.summary), effects, notes }
}
