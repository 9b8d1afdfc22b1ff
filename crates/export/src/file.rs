//! What an export is made of.

/// What a plan is exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One `.sql` file.
    Sql,
    /// A Declarative Automation Bundle, formerly Asset Bundle, <https://docs.databricks.com/dev-tools/bundles/>.
    Bundle,
    /// A dbt model with its `schema.yml`, for dbt-databricks.
    Dbt,
    /// The plan itself.
    Plan,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Sql, Self::Bundle, Self::Dbt, Self::Plan];

    /// As programs name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sql => "sql",
            Self::Bundle => "bundle",
            Self::Dbt => "dbt",
            Self::Plan => "plan",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// What stands in the header of a file beside the plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// Who takes the plan elsewhere.
    pub by: Option<String>,
    /// When, RFC 3339.
    pub at: Option<String>,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Where it belongs, relative, with `/` between its parts.
    pub path: String,
    /// UTF-8 with `\n` at the end of each line.
    pub text: String,
}

impl ExportFile {
    pub(crate) fn new(path: String, text: String) -> Self {
        Self { path, text }
    }
}

/// The files of an export, and what a person should know about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// In the order in which they are read.
    pub files: Vec<ExportFile>,
    /// One sentence each.
    pub notes: Vec<String>,
}
