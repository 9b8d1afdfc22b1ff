//! The settings of a job: what the service refuses, fills in, replaces and merges.

use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// Settings as they are kept.
pub(crate) type Settings = Map<String, Value>;

/// Checks settings and fills in what the service fills in.
pub(crate) fn complete(mut settings: Settings) -> Result<Settings, Failure> {
    check(&settings)?;
    let mut default = |name: &str, value: Value| {
        settings.entry(name.to_owned()).or_insert(value);
    };
    default("name", json!("Untitled"));
    default("max_concurrent_runs", json!(1));
    default("timeout_seconds", json!(0));
    default("email_notifications", json!({}));
    default("webhook_notifications", json!({}));
    default("format", json!("MULTI_TASK"));
    if let Some(Value::Object(schedule)) = settings.get_mut("schedule") {
        schedule.entry("pause_status").or_insert(json!("UNPAUSED"));
    }
    for task in settings.get_mut("tasks").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Value::Object(task) = task {
            task.entry("run_if").or_insert(json!("ALL_SUCCESS"));
            task.entry("timeout_seconds").or_insert(json!(0));
            task.entry("email_notifications").or_insert(json!({}));
        }
    }
    Ok(settings)
}

fn check(settings: &Settings) -> Result<(), Failure> {
    if text(settings, "name").len() > 4096 {
        return Err(Failure::invalid("The job name must not be longer than 4096 bytes."));
    }
    if settings.get("tags").and_then(Value::as_object).is_some_and(|tags| tags.len() > 25) {
        return Err(Failure::invalid("A job can have at most 25 tags."));
    }
    if settings
        .get("max_concurrent_runs")
        .is_some_and(|n| n.as_i64().is_none_or(|n| !(0..=1000).contains(&n)))
    {
        return Err(Failure::invalid("max_concurrent_runs must be between 0 and 1000."));
    }
    if settings.contains_key("schedule") && settings.contains_key("continuous") {
        return Err(Failure::invalid("A job cannot have both a schedule and continuous set."));
    }
    if let Some(schedule) = settings.get("schedule") {
        check_schedule(schedule)?;
    }
    for parameter in list(settings, "parameters") {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty() || !name.chars().all(good) {
            return Err(Failure::invalid(format!("Invalid job parameter name: '{name}'.")));
        }
    }
    check_tasks(list(settings, "tasks"))
}

fn check_tasks(tasks: &[Value]) -> Result<(), Failure> {
    if tasks.len() > 1000 {
        return Err(Failure::invalid("A job can have at most 1000 tasks."));
    }
    let mut keys: Vec<&str> = Vec::new();
    for task in tasks {
        let key = task.get("task_key").and_then(Value::as_str).unwrap_or_default();
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if key.is_empty() || key.len() > 100 || !key.chars().all(good) {
            return Err(Failure::invalid(format!("Invalid task key: '{key}'.")));
        }
        if keys.contains(&key) {
            return Err(Failure::invalid(format!("Task keys must be unique: '{key}'.")));
        }
        keys.push(key);
        if let Some(sql) = task.get("sql_task") {
            check_sql_task(key, sql)?;
        } else if !task.as_object().is_some_and(|task| task.keys().any(|name| name.ends_with("_task"))) {
            return Err(Failure::invalid(format!("Task '{key}' has no task type.")));
        }
    }
    for task in tasks {
        for needed in task.get("depends_on").and_then(Value::as_array).into_iter().flatten() {
            let needed = needed.get("task_key").and_then(Value::as_str).unwrap_or_default();
            if !keys.contains(&needed) {
                return Err(Failure::invalid(format!("Unknown task key in depends_on: '{needed}'.")));
            }
        }
    }
    Ok(())
}

fn check_sql_task(key: &str, sql: &Value) -> Result<(), Failure> {
    if sql.get("warehouse_id").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Err(Failure::invalid(format!("sql_task.warehouse_id is required for task '{key}'.")));
    }
    let kinds =
        ["query", "file", "alert", "dashboard"].into_iter().filter(|kind| sql.get(kind).is_some()).count();
    if kinds != 1 {
        return Err(Failure::invalid(format!(
            "Exactly one of sql_task.query, file, alert or dashboard must be set for task '{key}'."
        )));
    }
    let source = sql.pointer("/file/source").and_then(Value::as_str).unwrap_or("WORKSPACE");
    if let (Some(file), "WORKSPACE") = (sql.get("file"), source) {
        let path = file.get("path").and_then(Value::as_str).unwrap_or_default();
        if !path.starts_with('/') {
            return Err(Failure::invalid(format!("sql_task.file.path of task '{key}' must be absolute.")));
        }
    }
    Ok(())
}

fn check_schedule(schedule: &Value) -> Result<(), Failure> {
    let text = |name: &str| schedule.get(name).and_then(Value::as_str).unwrap_or_default();
    let cron = text("quartz_cron_expression");
    check_quartz(cron)
        .map_err(|problem| Failure::invalid(format!("Invalid cron expression '{cron}': {problem}")))?;
    let zone = text("timezone_id");
    if jiff::tz::TimeZone::get(zone).is_err() {
        return Err(Failure::invalid(format!("Invalid timezone id: '{zone}'.")));
    }
    match schedule.get("pause_status").map(|status| status.as_str().unwrap_or_default()) {
        None | Some("PAUSED" | "UNPAUSED") => Ok(()),
        Some(other) => Err(Failure::invalid(format!("Invalid pause_status: '{other}'."))),
    }
}

/// Quartz: six or seven fields, seconds first, and exactly one of the two day fields is `?`. See
/// <http://www.quartz-scheduler.org/documentation/quartz-2.3.0/tutorials/crontrigger.html>.
fn check_quartz(cron: &str) -> Result<(), String> {
    let fields: Vec<&str> = cron.split_whitespace().collect();
    let (Some(seconds), Some(minutes), Some(hours), Some(day), Some(month), Some(weekday)) =
        (fields.first(), fields.get(1), fields.get(2), fields.get(3), fields.get(4), fields.get(5))
    else {
        return Err("six or seven fields are needed, beginning with seconds".to_owned());
    };
    if fields.len() > 7 {
        return Err("there are more than seven fields".to_owned());
    }
    if (*day == "?") == (*weekday == "?") {
        return Err("exactly one of day-of-month and day-of-week must be '?'".to_owned());
    }
    let months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC";
    let days = "SUN MON TUE WED THU FRI SAT";
    for (field, low, high, names) in [
        (seconds, 0, 59, ""),
        (minutes, 0, 59, ""),
        (hours, 0, 23, ""),
        (day, 1, 31, "L W LW"),
        (month, 1, 12, months),
        (weekday, 1, 7, days),
    ] {
        if *field == "?" {
            if low == 0 || names == months {
                return Err("'?' is only allowed for the two day fields".to_owned());
            }
            continue;
        }
        for part in field.split(',') {
            part_within(part, low, high, names)?;
        }
    }
    Ok(())
}

fn part_within(part: &str, low: u32, high: u32, names: &str) -> Result<(), String> {
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    if step.is_some_and(|step| !step.parse::<u32>().is_ok_and(|step| step > 0)) {
        return Err(format!("'{part}' has no valid step"));
    }
    if range == "*" {
        return Ok(());
    }
    for value in range.split('-') {
        // L, W and # are parts of the two day fields only; they come after a number or alone.
        let core = if low == 1 && high != 12 { value.trim_end_matches(['L', 'W']) } else { value };
        let core = core.split_once('#').map_or(core, |(day, _)| day);
        let named = names.split(' ').any(|name| name == value);
        let number = core.parse::<u32>().is_ok_and(|number| (low..=high).contains(&number));
        if !(named || number || (core.is_empty() && !value.is_empty())) {
            return Err(format!("'{value}' is not between {low} and {high}"));
        }
    }
    Ok(())
}

/// Applies `new_settings` and `fields_to_remove` of an update: top-level fields are replaced, tasks merged by key.
pub(crate) fn merge(settings: &mut Settings, new: Settings, remove: &[String]) -> Result<(), Failure> {
    for path in remove {
        match path.split_once('/') {
            None => {
                settings.remove(path);
            }
            Some(("tasks", key)) => {
                if let Some(Value::Array(tasks)) = settings.get_mut("tasks") {
                    tasks.retain(|task| task.get("task_key").and_then(Value::as_str) != Some(key));
                }
            }
            Some((field, key)) => {
                if let Some(Value::Object(object)) = settings.get_mut(field) {
                    object.remove(key);
                }
            }
        }
    }
    for (name, value) in new {
        match (name.as_str(), settings.get_mut(&name), value) {
            ("tasks", Some(Value::Array(existing)), Value::Array(tasks)) => merge_tasks(existing, tasks),
            (_, _, value) => {
                settings.insert(name, value);
            }
        }
    }
    let completed = complete(std::mem::take(settings))?;
    *settings = completed;
    Ok(())
}

fn merge_tasks(existing: &mut Vec<Value>, tasks: Vec<Value>) {
    for task in tasks {
        let key = task.get("task_key").cloned();
        match existing.iter_mut().find(|candidate| candidate.get("task_key") == key.as_ref()) {
            Some(found) => *found = task,
            None => existing.push(task),
        }
    }
}

/// A list in the settings; absent is empty.
pub(crate) fn list<'a>(settings: &'a Settings, name: &str) -> &'a [Value] {
    settings.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A text in the settings; absent is empty.
pub(crate) fn text<'a>(settings: &'a Settings, name: &str) -> &'a str {
    settings.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartz_is_not_unix_cron() {
        for good in
            ["0 15 6 * * ?", "0 0/30 8-18 ? * MON-FRI", "0 0 2 L * ?", "0 0 0 1 JAN ? 2027", "0 0 3 ? * 6L"]
        {
            assert_eq!(check_quartz(good), Ok(()), "{good}");
        }
        for bad in [
            "15 6 * * *",
            "0 15 6 * * *",
            "0 15 6 ? * ?",
            "61 0 0 * * ?",
            "0 0 25 * * ?",
            "0 0 0 0 * ?",
            "",
            "0 0 0 ? * MOON",
        ] {
            assert!(check_quartz(bad).is_err(), "{bad}");
        }
    }

    fn settings(value: Value) -> Settings {
        let Value::Object(settings) = value else { panic!("no object") };
        settings
    }

    fn task(key: &str, path: &str) -> Value {
        json!({ "task_key": key, "sql_task": { "warehouse_id": "w", "file": { "path": path } } })
    }

    #[test]
    fn what_cannot_run_is_refused() {
        for bad in [
            json!({ "tasks": [{ "task_key": "a" }] }),
            json!({ "tasks": [{ "task_key": "a", "sql_task": { "file": { "path": "/x" } } }] }),
            json!({ "tasks": [{ "task_key": "a", "sql_task": { "warehouse_id": "w" } }] }),
            json!({ "tasks": [task("a", "x.sql")] }),
            json!({ "tasks": [task("a", "/x"), task("a", "/y")] }),
            json!({ "schedule": { "quartz_cron_expression": "0 0 2 * * ?", "timezone_id": "Europe/Atlantis" } }),
            json!({ "schedule": { "quartz_cron_expression": "0 0 2 * * ?", "timezone_id": "UTC", "pause_status": "OFF" } }),
            json!({ "max_concurrent_runs": 1001 }),
            json!({ "parameters": [{ "name": "a b", "default": "" }] }),
        ] {
            assert!(complete(settings(bad.clone())).is_err(), "{bad}");
        }
        let whole = json!({ "tasks": [task("a", "/x")], "schedule": { "quartz_cron_expression": "0 0 2 * * ?", "timezone_id": "Europe/Berlin" } });
        let completed = complete(settings(whole)).unwrap();
        assert_eq!(completed["schedule"]["pause_status"], "UNPAUSED");
        assert_eq!(completed["name"], "Untitled");
    }

    #[test]
    fn updates_merge_tasks_and_replace_the_rest() {
        let mut kept = complete(settings(
            json!({ "tasks": [task("a", "/x"), task("b", "/x")], "tags": { "k": "1", "l": "2" } }),
        ))
        .unwrap();
        let new = settings(json!({ "tasks": [task("b", "/y")], "tags": { "m": "3" } }));
        merge(&mut kept, new, &[]).unwrap();
        assert_eq!(kept["tasks"][1]["sql_task"]["file"]["path"], "/y");
        assert_eq!(kept["tags"], json!({ "m": "3" }));
        merge(&mut kept, Settings::new(), &["tasks/a".to_owned(), "tags".to_owned()]).unwrap();
        assert_eq!((list(&kept, "tasks").len(), kept.get("tags")), (1, None));
    }
}
