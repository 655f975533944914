//! Says where the comment that allows a finding goes and what its line says, for who is asked before it is written.

use super::suppress_finding::compose_line;
use crate::repo::FilePatch;

/// The place of a comment that allows a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentPlace {
    /// The number that its line will have, from 1 on.
    pub line: usize,
    /// The blanks before it.
    pub indent: String,
    /// The line that it stands above.
    pub below: String,
    /// True where it is an action of a template.
    pub is_action: bool,
}

impl CommentPlace {
    /// The place of the one line that a patch adds; none where it does something else.
    #[must_use]
    pub fn of_patch(patch: &FilePatch) -> Option<Self> {
        let (before, after) = (patch.before.text().lines(), patch.after.text().lines());
        let at = before.clone().zip(after.clone()).take_while(|(old, new)| old == new).count();
        let added = after.clone().nth(at)?;
        let words = added.trim_start_matches([' ', '\t']);
        Some(Self {
            line: at + 1,
            indent: added[..added.len() - words.len()].to_owned(),
            below: before.clone().nth(at).unwrap_or_default().to_owned(),
            is_action: words.starts_with("{{"),
        })
    }

    /// The whole line that allows the rule there for this reason.
    ///
    /// # Errors
    /// The reason why no comment can say it, for the screen.
    pub fn written_line(&self, rule: &str, reason: &str) -> Result<String, String> {
        Ok(format!("{}{}", self.indent, compose_line(self.is_action, rule, reason)?))
    }

    /// True where the patch writes just this line at this place.
    #[must_use]
    pub fn is_written_by(&self, patch: &FilePatch, line: &str) -> bool {
        let written = patch.after.text().lines().nth(self.line - 1);
        Self::of_patch(patch).as_ref() == Some(self) && written == Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::CommentPlace;
    use crate::repo::FilePatch;
    use crate::text::SourceText;

    fn patch(before: &str, after: &str) -> FilePatch {
        let [before, after] = [before, after].map(SourceText::new);
        FilePatch { path: "a.yaml".into(), before, after }
    }

    #[test]
    fn the_line_is_told_as_it_is_written() {
        let written = patch("a:\n  - b: 1\n", "a:\n  # seaworthy: allow x -- as agreed\n  - b: 1\n");
        let place = CommentPlace::of_patch(&written).expect("a place");
        assert_eq!((place.line, place.below.as_str()), (2, "  - b: 1"));
        let line = place.written_line("x", " as \t agreed ").expect("a line");
        assert_eq!(line, "  # seaworthy: allow x -- as agreed");
        assert!(place.is_written_by(&written, &line));
        assert!(!place.is_written_by(&written, "  # seaworthy: allow x"));
        let moved = patch("z:\na:\n  - b: 1\n", "z:\na:\n  # seaworthy: allow x -- as agreed\n  - b: 1\n");
        assert!(!place.is_written_by(&moved, &line));
        let action = CommentPlace { is_action: true, ..place };
        assert!(action.written_line("x", "it */ ends").is_err());
    }
}
