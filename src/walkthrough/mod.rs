//! The walk: one app of the repository, hardened chapter by chapter, in the order of the article.
//!
//! Everything here is computed from the audited files: nothing is run and nothing is observed, and what is shown says so.

mod app;
mod chapter;
mod choices;
mod cited;
mod evidence;
mod markdown;
mod page;
mod results;
mod scene;
pub mod values;

pub use app::{App, AppId};
pub use chapter::{Chapter, Text};
pub use choices::{Choices, Named, Suggested, Used, User};
pub use cited::Cited;
pub use evidence::{AFTER, Line};
pub use markdown::markdown;
pub use page::{Journey, Page, Standing, Walk, walk};
pub use results::Snapshot;
