//! Reads a rule's page, Markdown of a fixed shape that is part of the program, for screens and reports.

/// One section of a page: its heading and its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSection<'a> {
    pub heading: &'a str,
    pub body: &'a str,
}

/// A page, read: its title, its one-sentence summary, its sections in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePage<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    pub sections: Vec<PageSection<'a>>,
}

impl<'a> RulePage<'a> {
    /// Reads a page. Headings inside fenced blocks are text.
    #[must_use]
    pub fn parse_page(text: &'a str) -> Self {
        let mut parts = split_at_headings(text, "## ");
        let head = if parts.is_empty() { "" } else { parts.remove(0) };
        let (title, summary) =
            head.trim().strip_prefix("# ").unwrap_or_default().split_once('\n').unwrap_or_default();
        let sections = parts
            .into_iter()
            .map(|part| {
                let (heading, body) = part.split_once('\n').unwrap_or((part, ""));
                PageSection { heading: heading.trim_start_matches("## ").trim(), body: body.trim() }
            })
            .collect();
        Self { title: title.trim(), summary: summary.trim(), sections }
    }

    /// The body of the section under this heading.
    #[must_use]
    pub fn section_body(&self, heading: &str) -> Option<&'a str> {
        self.sections.iter().find(|s| s.heading == heading).map(|s| s.body)
    }

    /// The ids that other tools use for the rule, as `(tool, ids)`.
    #[must_use]
    pub fn tool_ids(&self) -> Vec<(&'a str, &'a str)> {
        self.section_body("In other tools")
            .into_iter()
            .flat_map(str::lines)
            .filter_map(|line| {
                let mut cells = line.trim().strip_prefix('|')?.split('|').map(str::trim);
                Some((cells.next()?, cells.next()?))
            })
            .filter(|(tool, _)| *tool != "tool" && !tool.starts_with('-'))
            .collect()
    }
}

/// The text cut before each line that begins with `mark`, outside fences.
fn split_at_headings<'a>(text: &'a str, mark: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut start, mut at, mut fenced) = (0, 0, false);
    for line in text.split_inclusive('\n') {
        fenced ^= line.trim_start().starts_with("```");
        if !fenced && line.starts_with(mark) {
            parts.push(&text[start..at]);
            start = at;
        }
        at += line.len();
    }
    parts.push(&text[start..]);
    parts
}
