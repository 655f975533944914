//! Says why there is no plan, so that the app can tell a value that is lacking from a fix that is withheld.

use super::{RequiredValue, ValueSheet};

/// The reason why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPlan {
    /// The value is not in the repository: a registry has it, or a person, who can give an image's user, or these.
    NeedsValue { user: Option<RequiredValue>, values: Box<ValueSheet> },
    /// Nothing should be written; the reason, for the screen.
    Withheld(String),
}

impl std::fmt::Display for NoPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NeedsValue { .. } => "its value is not in these files: a registry has it, or a person",
            Self::Withheld(reason) => reason,
        })
    }
}

impl std::error::Error for NoPlan {}

impl From<RequiredValue> for NoPlan {
    fn from(user: RequiredValue) -> Self {
        Self::NeedsValue { user: Some(user), values: Box::default() }
    }
}

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
