//! What keeps findings quiet: comments in a file, other tools' words, the settings, the baseline.

mod build;
mod manifest;
mod others;
mod words;

use crate::finding::{BY_COMMENT, InlineSuppression, SuppressionComment};
use crate::rules::find_rule;
use crate::text::Span;

pub use build::find_in_dockerfile;
pub use manifest::find_in_manifest;
pub use others::may_hold_suppressions;
pub use words::{without_rules, write_comment};

/// What a comment in our own words allows.
fn from_comment(comment: SuppressionComment, reach: Option<Span>) -> InlineSuppression {
    InlineSuppression {
        source: BY_COMMENT,
        rules: comment.rule_ids.iter().filter_map(|name| find_rule(name)).map(|rule| rule.id).collect(),
        reason: comment.reason.clone(),
        reach,
        comment: Some(comment),
    }
}
