//! Why a function of a template failed, before it is known where it was called.

use std::fmt;

use super::template_error::TemplateError;

#[derive(Clone, Debug)]
pub enum CallError {
    /// The function's own words.
    Message(String),
    /// A template that the function ran failed, which knows its own place.
    Inner(Box<TemplateError>),
}

impl CallError {
    pub fn new(message: impl Into<String>) -> Self {
        Self::Message(message.into())
    }
}

impl From<String> for CallError {
    fn from(message: String) -> Self {
        Self::Message(message)
    }
}

impl From<&str> for CallError {
    fn from(message: &str) -> Self {
        Self::Message(message.to_owned())
    }
}

impl From<TemplateError> for CallError {
    fn from(error: TemplateError) -> Self {
        Self::Inner(Box::new(error))
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(message) => f.write_str(message),
            Self::Inner(error) => error.fmt(f),
        }
    }
}
