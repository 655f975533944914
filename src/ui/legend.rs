//! Lists the signs and words of the screen with their meaning, for the help.

use ratatui::style::Style;

use super::canvas::Canvas;
use crate::finding::Severity;
use crate::theme::StyleToken;

/// A sign or a word, how it is drawn, and its meaning.
pub(super) type LegendRow = (String, Style, String);

pub(super) fn legend_rows(canvas: &Canvas<'_>) -> Vec<LegendRow> {
    let glyphs = canvas.glyphs();
    let severities = Severity::ALL.map(|severity| {
        let style = canvas.theme.severity_style(severity);
        (severity.letter().to_string(), style, format!("a finding of severity {}", severity.name()))
    });
    let [open, close] = glyphs.brackets;
    let signs = [
        (
            glyphs.bar.to_owned(),
            StyleToken::Focus,
            "where the keys go: the selected row, or the title of a pane that has none",
        ),
        (format!("{open}3{close}"), StyleToken::Base, "so many findings on this line"),
        (
            format!("{open}true{close}"),
            StyleToken::Muted,
            "a condition of a template, with the values in effect",
        ),
        (glyphs.shade.to_owned(), StyleToken::Muted, "lines of a template that are not rendered"),
        (format!("{} {}", glyphs.expanded, glyphs.collapsed), StyleToken::Base, "open, and folded"),
        (glyphs.dot.to_owned(), StyleToken::Good, "a file: in the colour of its worst finding"),
        ("!".to_owned(), StyleToken::Caution, "a file that was read in part"),
        (glyphs.dash.to_owned(), StyleToken::Base, "a file that was not read; the rule pane says why"),
        ("+ -".to_owned(), StyleToken::Base, "a line that a fix adds, one that it takes away"),
        (glyphs.new_mark.to_owned(), StyleToken::New, "new, until it is seen; with a number, so many"),
        (
            glyphs.unseen_mark.to_owned(),
            StyleToken::New,
            "a change of a stage that was not on the screen whole yet",
        ),
    ];
    let words = [
        ("safe", "no correctly built program notices the fix"),
        ("review", "the program may rely on the old way; the evidence is under the fix"),
        ("value", "the fix needs what a registry or a person knows"),
        ("allowed", "somebody decided, with a reason: a comment or the settings"),
        ("in the baseline", "there already when the baseline was taken"),
        ("linked", "the Dockerfile of this workload's image, or the workload"),
        ("restricted", "the strictest of Kubernetes' Pod Security levels"),
        ("score", "the share of what could be hardened that is; a critical lowers it most"),
    ];
    let plain = canvas.token_style(StyleToken::Base);
    severities
        .into_iter()
        .chain(signs.map(|(sign, token, meaning)| (sign, canvas.token_style(token), meaning.to_owned())))
        .chain(words.map(|(word, meaning)| (word.to_owned(), plain, meaning.to_owned())))
        .collect()
}
