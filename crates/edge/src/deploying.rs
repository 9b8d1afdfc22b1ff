//! How plans are deployed: where their files go, who runs them, who is told.

/// Settings of deployments. All of them may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deploying {
    /// The workspace folder for the files of plans, absolute, without a slash at the end. Without it they go to the
    /// home folder of the server's identity, where nobody else may write: whoever can change a file there decides what
    /// runs.
    pub folder: Option<String>,
    /// Who jobs run as: an e-mail address or the application id of a service principal. Without it they run as who
    /// deploys them, the server's identity.
    pub run_as: Option<String>,
    /// Whether the result of a run is told to Genie, as a comment on the message that the plan came from.
    pub feedback: bool,
}

impl Default for Deploying {
    fn default() -> Self {
        Self { folder: None, run_as: None, feedback: true }
    }
}

impl Deploying {
    /// Reads `DEPLOY_FOLDER`, `DEPLOY_RUN_AS` and `FEEDBACK_TO_GENIE`; `note` takes what is wrong.
    pub fn read(
        lookup: impl Fn(&str) -> Option<String>,
        mut note: impl FnMut(&'static str, &'static str),
    ) -> Self {
        let mut read = Self::default();
        if let Some(folder) = lookup("DEPLOY_FOLDER") {
            match clean_folder(&folder) {
                Some(folder) => read.folder = Some(folder),
                None => note(
                    "DEPLOY_FOLDER",
                    "not a folder of the workspace; an absolute path below /Workspace without `.` and `..`",
                ),
            }
        }
        if let Some(run_as) = lookup("DEPLOY_RUN_AS") {
            match run_as.len() <= 254 && !run_as.chars().any(|c| c.is_control() || c.is_whitespace()) {
                true => read.run_as = Some(run_as),
                false => note(
                    "DEPLOY_RUN_AS",
                    "not an e-mail address and not the application id of a service principal",
                ),
            }
        }
        match lookup("FEEDBACK_TO_GENIE").as_deref() {
            None | Some("1" | "true") => {}
            Some("0" | "false") => read.feedback = false,
            Some(_) => note("FEEDBACK_TO_GENIE", "1 tells Genie the result of a run, 0 does not"),
        }
        read
    }
}

fn clean_folder(folder: &str) -> Option<String> {
    let folder = folder.trim_end_matches('/');
    let inner = folder.strip_prefix("/Workspace/")?;
    let good = inner.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
        && !inner.chars().any(|c| c.is_control() || c == '\\');
    good.then(|| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> (Deploying, Vec<&'static str>) {
        let mut wrong = Vec::new();
        let lookup =
            |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let read = Deploying::read(lookup, |variable, _| wrong.push(variable));
        (read, wrong)
    }

    #[test]
    fn everything_may_be_left_out() {
        assert_eq!(read(&[]), (Deploying::default(), Vec::new()));
        let (off, wrong) = read(&[("FEEDBACK_TO_GENIE", "0"), ("DEPLOY_FOLDER", "/Workspace/Shared/loads/")]);
        assert_eq!(
            (off.feedback, off.folder.as_deref(), wrong.len()),
            (false, Some("/Workspace/Shared/loads"), 0)
        );
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (variable, value) in [
            ("DEPLOY_FOLDER", "/Shared/x"),
            ("DEPLOY_FOLDER", "/Workspace"),
            ("DEPLOY_FOLDER", "/Workspace/a/../b"),
            ("DEPLOY_FOLDER", "/Workspace/a//b"),
            ("DEPLOY_RUN_AS", "two words"),
            ("FEEDBACK_TO_GENIE", "maybe"),
        ] {
            assert_eq!(read(&[(variable, value)]).1, [variable], "{value}");
        }
    }
}
