//! What callers may do: roles, who has which, and which request needs which.

use crate::problem::{self, Problem};

/// One thing that a caller may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Reads everything that this server shows.
    Viewer,
    /// Writes plans and handoffs, and asks for previews.
    Author,
    /// Deploys, pauses, runs and cancels.
    Deployer,
}

impl Role {
    /// Every role, from the least to the most consequential.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Author, Self::Deployer];

    /// The name in `CALLER_ROLES`, in `/api/me` and in problems.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Author => "author",
            Self::Deployer => "deployer",
        }
    }

    fn bit(self) -> u8 {
        match self {
            Self::Viewer => 1,
            Self::Author => 2,
            Self::Deployer => 4,
        }
    }

    /// The role that a request needs. `route` is the route's name, [`crate::route::Route::name`].
    ///
    /// Reading needs a viewer. So do the three that use `POST` for a question: the space, the check of a context, and
    /// the signature of a link, which says where the link was made and permits nothing. Whatever acts on Databricks needs
    /// a deployer. Every other write needs an author, also one that is added later and forgotten here.
    #[must_use]
    pub fn needed(route: &str, method: &str) -> Self {
        if matches!(method, "GET" | "HEAD") {
            return Self::Viewer;
        }
        match route {
            "/api/genie/get" | "/api/handoffs/sign" | "/api/handoffs/validate" => return Self::Viewer,
            _ => {}
        }
        let acts = match route.strip_prefix("/api/plans/:plan/") {
            Some(rest) => {
                let first = rest.split('/').next().unwrap_or_default();
                matches!(first, "deploy" | "pause" | "resume" | "undeploy" | "runs")
            }
            None => false,
        };
        if acts { Self::Deployer } else { Self::Author }
    }
}

/// A set of roles. Whoever may do anything may also look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(u8);

impl Roles {
    /// No role: the caller is known and may do nothing.
    pub const NONE: Self = Self(0);
    /// Reading only.
    pub const VIEWER: Self = Self(1);
    /// Reading, plans and handoffs; nothing that acts on Databricks.
    pub const AUTHOR: Self = Self(3);
    /// Everything; what open mode on loopback gives.
    pub const ALL: Self = Self(7);

    /// Whether `role` is among them.
    #[must_use]
    pub fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// Their names, in the order of [`Role::ALL`].
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Role::ALL.into_iter().filter(move |role| self.has(*role)).map(Role::name)
    }

    /// Checks for `role`.
    ///
    /// # Errors
    /// A problem with status 403 that names the role.
    pub fn require(self, role: Role) -> Result<(), Problem> {
        if self.has(role) {
            return Ok(());
        }
        Err(Problem::new(
            problem::ROLE_MISSING,
            format!(
                "This needs the role {}, which you do not have here. An administrator gives it with CALLER_ROLES. Nothing was done.",
                role.name()
            ),
        ))
    }
}

/// Who has which roles, from `CALLER_ROLES`.
///
/// Without it every known caller may read and write plans and handoffs, which change nothing in Databricks. Who may
/// deploy is always said by somebody: nobody learns it by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleTable {
    named: Vec<(String, Roles)>,
    others: Roles,
}

impl Default for RoleTable {
    fn default() -> Self {
        Self { named: Vec::new(), others: Roles::AUTHOR }
    }
}

impl RoleTable {
    /// Reads `name:viewer|author,other:deployer;*=viewer`. Entries are parted by commas or semicolons; `*` is everybody
    /// who is not named, who else may read; `none` is no role.
    ///
    /// # Errors
    /// A sentence for the administrator, without any part of the value.
    pub fn parse(list: &str) -> Result<Self, &'static str> {
        let mut table = Self::default();
        let mut others = None;
        for entry in list.split([',', ';']).map(str::trim).filter(|entry| !entry.is_empty()) {
            let Some((name, roles)) = entry.rsplit_once([':', '=']) else {
                return Err("every entry is name:role|role; the roles are viewer, author, deployer and none");
            };
            let (name, roles) = (name.trim(), parse_roles(roles)?);
            if name.is_empty() || name.len() > 300 || name.chars().any(char::is_control) {
                return Err("a caller's name is missing, too long or has control characters");
            }
            if name == "*" {
                if others.replace(roles).is_some() {
                    return Err("* stands more than once");
                }
            } else if table.named.iter().any(|(known, _)| known == name) {
                return Err("a caller stands more than once; write its roles in one entry, role|role");
            } else {
                table.named.push((name.to_owned(), roles));
            }
        }
        if table.named.is_empty() && others.is_none() {
            return Err("no entry; unset the variable, or give name:role|role");
        }
        table.others = others.unwrap_or(Roles::VIEWER);
        Ok(table)
    }

    /// The roles of a caller, by the name that the log and the audit show. The name is matched whole and with case.
    #[must_use]
    pub fn of(&self, caller: &str) -> Roles {
        self.named.iter().find(|(name, _)| name == caller).map_or(self.others, |(_, roles)| *roles)
    }
}

fn parse_roles(text: &str) -> Result<Roles, &'static str> {
    let mut roles = Roles::NONE;
    for word in text.split('|').map(str::trim) {
        match Role::ALL.into_iter().find(|role| role.name() == word) {
            Some(role) => roles.0 |= role.bit() | Role::Viewer.bit(),
            None if word == "none" && text.trim() == "none" => {}
            None => {
                return Err(
                    "a role is viewer, author, deployer, or none alone; more than one are joined by |",
                );
            }
        }
    }
    Ok(roles)
}

/// The rule of two people: whoever made a version may not deploy it. `required` is `REQUIRE_TWO_PEOPLE`.
///
/// # Errors
/// A problem with status 403.
pub fn second_person(required: bool, author: &str, caller: &str) -> Result<(), Problem> {
    if !required || author != caller {
        return Ok(());
    }
    Err(Problem::new(
        problem::SECOND_PERSON_NEEDED,
        "You made this version, and on this server somebody else has to deploy it. Ask a colleague with the role deployer. Nothing was deployed.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_table() {
        let table =
            RoleTable::parse("ops:deployer, databricks:grace@example.com:author|viewer;*=none").unwrap();
        let names = |caller: &str| table.of(caller).names().collect::<Vec<_>>();
        assert_eq!(names("ops"), ["viewer", "deployer"]);
        assert_eq!(names("databricks:grace@example.com"), ["viewer", "author"]);
        assert!(names("OPS").is_empty(), "names have case");
        assert_eq!(RoleTable::parse("ops:deployer").unwrap().of("x"), Roles::VIEWER, "the others may read");
        assert_eq!(RoleTable::default().of("anybody"), Roles::AUTHOR);
    }

    #[test]
    fn refuses_what_it_cannot_read_whole() {
        for list in [
            "",
            " , ;",
            "ops",
            "ops:",
            "ops:admin",
            "ops:viewer|none",
            ":viewer",
            "a:viewer,a:author",
            "*:none,*=viewer",
            "a:viewer|",
        ] {
            assert!(RoleTable::parse(list).is_err(), "{list}");
        }
    }

    #[test]
    fn every_request_needs_a_role() {
        for (route, method, role) in [
            ("/api/genie/get", "GET", Role::Viewer),
            ("/api/genie/get", "POST", Role::Viewer),
            ("/api/handoffs/sign", "POST", Role::Viewer),
            ("/api/handoffs/validate", "POST", Role::Viewer),
            ("/api/handoffs", "POST", Role::Author),
            ("/api/plans", "POST", Role::Author),
            ("/api/plans/:plan", "PUT", Role::Author),
            ("/api/plans/:plan", "DELETE", Role::Author),
            ("/api/plans/:plan/preview", "POST", Role::Author),
            ("/api/plans/:plan/deploy", "POST", Role::Deployer),
            ("/api/plans/:plan/undeploy", "POST", Role::Deployer),
            ("/api/plans/:plan/pause", "POST", Role::Deployer),
            ("/api/plans/:plan/runs", "GET", Role::Viewer),
            ("/api/plans/:plan/runs", "POST", Role::Deployer),
            ("/api/plans/:plan/runs/:run/cancel", "POST", Role::Deployer),
            ("/api/audit", "GET", Role::Viewer),
            ("/api/something/new", "POST", Role::Author),
        ] {
            assert_eq!(Role::needed(route, method), role, "{method} {route}");
        }
    }

    #[test]
    fn a_missing_role_is_named() {
        assert!(Roles::ALL.require(Role::Deployer).is_ok());
        let problem = Roles::VIEWER.require(Role::Deployer).unwrap_err();
        assert_eq!(problem.kind.status, 403);
        assert!(problem.detail.contains("role deployer"));
        assert!(Roles::NONE.require(Role::Viewer).is_err());
    }

    #[test]
    fn two_people_are_two_people() {
        assert!(second_person(false, "a", "a").is_ok());
        assert!(second_person(true, "a", "b").is_ok());
        assert_eq!(second_person(true, "a", "a").unwrap_err().kind.code, "second_person_needed");
    }
}
