//! Words what tells that a fix will break its program, for the panes that offer it or ask for its value.

use super::safe_text::StyledText;
use crate::finding::RiskEvidence;
use crate::theme::StyleToken;

/// The evidence of a fix that will break the program, a sentence each.
pub(super) fn breaking_texts(will_break: bool, evidence: &[RiskEvidence]) -> Vec<StyledText> {
    if !will_break {
        return Vec::new();
    }
    if evidence.is_empty() {
        return vec![("It would break the program.".to_owned(), StyleToken::Bad)];
    }
    let evidence = evidence.iter();
    evidence.map(|seen| (format!("It would break the program: {seen}."), StyleToken::Bad)).collect()
}
