//! Asks git which files a revision holds, for telling what changed since: with fixed arguments, and nothing that the
//! repository names is run.

mod checkout_watch;
mod git_command;
mod object_name;
mod revision_files;

pub(crate) use checkout_watch::CheckoutWatch;
pub use git_command::GitError;
pub use revision_files::{RevisionFiles, is_plain_revision};
