//! The rules: one file each, in rooms that are also the themes on screen.

mod page;
mod rule;

pub use page::{Page, Section};
pub use rule::{Rule, Theme};

/// Every rule, in the order of the catalogue.
pub static ALL: &[&Rule] = &[];

/// The rule of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}
