//! Suppresses findings by comments in a file, other tools' words, the settings and the baseline, for the audit.

mod dockerfile_suppressions;
mod finding_baseline;
mod manifest_suppressions;
mod other_tools;
mod reach_index;
mod suppression_comment;
mod suppression_pass;

use crate::finding::{BY_COMMENT, InlineSuppression, SuppressionComment};
use crate::rules::find_rule;
use crate::text::Span;

pub use dockerfile_suppressions::find_in_dockerfile;
pub use finding_baseline::{BASELINE_FILE, Baseline};
pub use manifest_suppressions::find_in_manifest;
pub use other_tools::may_hold_suppressions;
pub use suppression_comment::{without_rules, write_comment, write_template_comment};
pub(crate) use suppression_pass::{FindingSuppressor, SuppressionPass};

/// The suppression in a comment of a template, of which `comment` is the text and `reach` what follows it.
#[must_use]
pub fn find_in_text_comment(text: &str, comment: Span, reach: Option<Span>) -> Option<InlineSuppression> {
    let own = suppression_comment::parse_bare_comment(text, comment)?;
    let reach = if own.whole_file { Some(Span::new(0, text.len())) } else { reach };
    Some(from_comment(own, reach))
}

/// The suppression of a comment in our own words.
fn from_comment(comment: SuppressionComment, reach: Option<Span>) -> InlineSuppression {
    InlineSuppression {
        source: BY_COMMENT,
        rules: comment.rule_ids.iter().filter_map(|name| find_rule(name)).map(|rule| rule.id).collect(),
        reason: comment.reason.clone(),
        reach,
        comment: Some(comment),
    }
}
