//! A place of a template that names no part would come out empty without a word, so the sources are read here: every
//! name in braces is the name of a part somewhere, and every condition has its end.

#![allow(clippy::unwrap_used, reason = "what is missing must fail the test")]

use std::collections::BTreeSet;
use std::path::Path;

/// The sources without tests and comments.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files: Vec<_> =
        ["build.rs", "template.rs", "statements.rs", "explain.rs"].map(|name| root.join(name)).into();
    files.extend(std::fs::read_dir(root.join("patterns")).unwrap().map(|entry| entry.unwrap().path()));
    files
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let lines: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            (file.display().to_string(), lines.join("\n"))
        })
        .collect()
}

/// What stands in braces, as far as it can be a place.
fn places(code: &str) -> Vec<&str> {
    code.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(place, _)| place)
        .filter(|place| {
            !place.is_empty()
                && place.chars().all(|c| c.is_ascii_lowercase() || "_.:~=@?|/0123456789".contains(c))
        })
        .collect()
}

#[test]
fn every_place_has_a_part() {
    let sources = sources();
    let quoted: BTreeSet<&str> = sources.iter().flat_map(|(_, code)| code.split('"')).collect();
    let mut seen = 0;
    for (file, code) in &sources {
        for place in places(code) {
            let name = place.trim_end_matches('?').split(':').next().unwrap();
            for name in name.rsplit('.').next().unwrap().split('@') {
                // `{it}` is the item of a list.
                let known = matches!(name, "|" | "/" | "it") || quoted.contains(name);
                assert!(known, "{file}: {{{place}}} names no part");
                seen += 1;
            }
        }
    }
    assert!(seen > 300, "only {seen} places were found");
}

#[test]
fn every_condition_ends() {
    for (file, code) in sources() {
        let count =
            |wanted: fn(&str) -> bool| places(&code).into_iter().filter(|place| wanted(place)).count();
        assert_eq!(count(|place| place.ends_with('?')), count(|place| place == "/"), "{file}");
        assert!(count(|place| place == "|") <= count(|place| place == "/"), "{file}");
    }
}
