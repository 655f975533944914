//! Says why there is no plan, so that the app can tell a value that is lacking from a fix that is withheld.

use super::RequiredValue;

/// The reason why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPlan {
    /// The value is not in the repository: a registry has it, or a person, who can give this one.
    NeedsValue(Option<RequiredValue>),
    /// Nothing should be written; the reason, for the screen.
    Withheld(String),
}

impl std::fmt::Display for NoPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NeedsValue(_) => "its value is not in these files: a registry has it, or a person",
            Self::Withheld(reason) => reason,
        })
    }
}

impl std::error::Error for NoPlan {}

impl From<String> for NoPlan {
    fn from(reason: String) -> Self {
        Self::Withheld(reason)
    }
}

impl From<&str> for NoPlan {
    fn from(reason: &str) -> Self {
        Self::Withheld(reason.to_owned())
    }
}
