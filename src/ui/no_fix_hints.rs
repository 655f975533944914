//! Tells the user what to do where there is no fix: where to find the missing value, and who decides.

use super::breaking_words::breaking_texts;
use super::safe_text::StyledText;
use crate::app::AppState;
use crate::audit::ListedFinding;
use crate::finding::SuppressionKind;
use crate::rules::{RuleTheme, rule_ids};
use crate::theme::StyleToken;
use crate::walkthrough::Chapter;

/// The hint for a finding where no edit would be right for everybody.
pub(super) fn hint_without_fix(state: &AppState) -> Vec<StyledText> {
    let kind = state.current_finding().and_then(ListedFinding::suppression_kind);
    let words = match (state.is_single_finding(), kind) {
        (true, Some(SuppressionKind::Explicit)) => {
            "A person has decided this one: it is allowed. e opens its line in your editor."
        }
        (true, _) => {
            "A person has to decide this one: no edit is right for everybody. The page says what to look at; i \
                 allows it, with a reason."
        }
        (false, _) => {
            "A person has to decide these: no edit is right for everybody. Open the fold to read on."
        }
    };
    vec![(words.to_owned(), StyleToken::Muted)]
}

/// The hint for a finding of a file that does not parse as it was saved last.
pub(super) fn hint_for_half_saved(state: &AppState) -> Option<StyledText> {
    let is_kept = state.current_finding().is_some() && state.is_half_saved();
    let words = "The file does not parse as it was saved last: this is of the version before. There is no fix until it \
                 parses again.";
    is_kept.then(|| (words.to_owned(), StyleToken::Caution))
}

/// The hint for a clear edit whose value is not in these files.
pub(super) fn hint_for_value(state: &AppState) -> Vec<StyledText> {
    if let Some(missing) = state.preview.required_value().filter(|_| state.walk.is_none()) {
        let need =
            format!("Needs a number: nothing here says as whom {} is built to run.", missing.image_text);
        let how = "f asks for it, shows the diff, and writes nothing yet.".to_owned();
        let mut said = breaking_texts(missing.will_break, &missing.evidence);
        said.extend([(need, StyleToken::Caution), (how, StyleToken::Base)]);
        return said;
    }
    if let Some(walking) = &state.walk {
        let images = walking.current_page().is_some_and(|page| page.chapter == Chapter::Image);
        let how =
            if images { "`o` asks the registry, `v` takes it from you." } else { "`v` takes it from you." };
        let words = format!("No change yet: what it would write is in none of these files. {how}");
        return vec![(words, StyleToken::Caution)];
    }
    let Some(entry) = state.current_finding().filter(|_| state.is_single_finding()) else {
        let selection = state.selected_entries();
        let mut fixable = selection.iter().filter(|entry| entry.safety().is_some());
        let words = match fixable.all(|entry| entry.needs_registry()) {
            true => "Only registries have what these need. f asks them, after it has said which.",
            false => {
                "The values that these need are not in the files. Open the fold to see where each is found."
            }
        };
        return vec![(words.to_owned(), StyleToken::Caution)];
    };
    let image = quoted_source(state).unwrap_or_else(|| "the image".to_owned());
    let ask = format!("f asks its registry about {image}, after it has said whom it asks.");
    let (need, how) = match entry.key.rule {
        rule_ids::UNPINNED_IMAGE => ("Needs the image's digest, which only its registry has.", ask),
        rule_ids::LATEST_TAG | rule_ids::UNTAGGED_IMAGE | rule_ids::MOVING_TAG => {
            ("Needs the version that you mean, and only its registry lists them.", ask)
        }
        rule if !is_about_users(state, rule) => {
            let how = "The page says where such a value is found.".to_owned();
            ("Needs a value that is not in these files.", how)
        }
        _ => (
            "Needs a number that only you can know: the uid that this image is built for.",
            "`docker run --rm --entrypoint id IMAGE` shows as whom it runs.".to_owned(),
        ),
    };
    vec![
        (need.to_owned(), StyleToken::Caution),
        (how, StyleToken::Base),
        ("e opens the line in your editor.".to_owned(), StyleToken::Muted),
    ]
}

fn is_about_users(state: &AppState, rule: &str) -> bool {
    (state.rules)(rule).is_some_and(|rule| rule.theme == RuleTheme::Identity)
}

/// The words of the source that the finding stands at, where they are few enough to be a name.
fn quoted_source(state: &AppState) -> Option<String> {
    let entry = state.current_finding()?;
    let source = state.store.file(&entry.key.path)?.source.as_ref()?;
    let words = entry.finding.span.slice(source.text()).trim_matches(['"', '\'', ' ']);
    let name = !words.is_empty() && words.len() < 200 && !words.contains(char::is_whitespace);
    name.then(|| words.to_owned())
}
