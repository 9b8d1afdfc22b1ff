//! Failures.

use wasm_bindgen::JsValue;

use crate::finding::{Sentence, finding, plan_finding};
use crate::json::{Crosses, Each, Json};

/// A failure as it crosses; the package makes a `HandoffError` of it.
#[derive(Debug)]
pub struct Thrown {
    code: &'static str,
    /// The argument or field that is wrong.
    path: String,
    message: String,
    help: &'static str,
    /// Everything that was found, a list in JSON.
    issues: String,
}

impl Thrown {
    /// A domain error about the argument or field `path`.
    #[must_use]
    pub fn at(path: &str, code: &'static str, message: String, help: &'static str) -> Self {
        Self { code, path: path.to_owned(), message, help, issues: String::new() }
    }

    /// An option that does not exist or has a wrong value.
    #[must_use]
    pub fn option(path: &str, message: &str) -> Self {
        Self::at(
            path,
            "option_invalid",
            message.to_owned(),
            "See the documentation of the function's options.",
        )
    }

    /// Of a context or link.
    #[must_use]
    pub fn handoff(error: &handoff::HandoffError) -> Self {
        let issues = Json::of(&Each(error.issues(), finding));
        Self { issues, ..Self::at(error.path(), error.code(), error.message(), error.help()) }
    }

    /// Of a plan document.
    #[must_use]
    pub fn plan(error: &plan::PlanError) -> Self {
        let thrown = Self::at("", error.code(), error.message(), error.help());
        match error {
            plan::PlanError::Invalid(issues) => thrown.with(issues),
            _ => thrown,
        }
    }

    /// With everything that is wrong with a plan, and the place of the first unless a place is known.
    #[must_use]
    pub fn with(self, issues: &[plan::Issue]) -> Self {
        let first = issues.first().filter(|_| self.path.is_empty());
        let path = first.map_or(self.path, |issue| issue.path.clone());
        Self { path, issues: Json::of(&Each(issues, plan_finding)), ..self }
    }

    /// For `throw`.
    #[must_use]
    pub fn into_js(self) -> JsValue {
        // The package reads it: see fromWasm in pkg/src/runtime.ts.
        JsValue::from_str(&Json::of(&self))
    }
}

impl Crosses for Thrown {
    fn write(&self, out: &mut Json) {
        out.raw("{");
        out.name("code");
        self.code.write(out);
        out.name("message");
        Sentence(&self.message).write(out);
        for (name, text) in [("path", self.path.as_str()), ("help", self.help)] {
            if !text.is_empty() {
                out.name(name);
                text.write(out);
            }
        }
        if self.issues.len() > "[]".len() {
            out.name("issues");
            out.raw(&self.issues);
        }
        out.raw("}");
    }
}
