//! The rules of a `.helmignore`: which of a chart's files Helm does not load.

use super::file_match::match_file;

#[derive(Clone, Debug, PartialEq, Eq)]
struct IgnoreRule {
    pattern: String,
    negated: bool,
    only_folders: bool,
    /// Compared with the whole path instead of the last name.
    by_path: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct IgnoreRules(Vec<IgnoreRule>);

impl IgnoreRules {
    /// The rules of a file's text, and Helm's own one; or why a line is refused.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut rules = Self::default();
        for line in text.lines() {
            rules.add_line(line)?;
        }
        rules.add_line("templates/.?*")?;
        Ok(rules)
    }

    fn add_line(&mut self, line: &str) -> Result<(), String> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if line.contains("**") {
            return Err("double-star (**) syntax is not supported".to_owned());
        }
        if match_file(line, "abc").is_none() {
            return Err("syntax error in pattern".to_owned());
        }
        let (negated, rule) = line.strip_prefix('!').map_or((false, line), |rule| (true, rule));
        let (only_folders, rule) = rule.strip_suffix('/').map_or((false, rule), |rule| (true, rule));
        let (rooted, rule) = rule.strip_prefix('/').map_or((false, rule), |rule| (true, rule));
        let by_path = rooted || rule.contains('/');
        self.0.push(IgnoreRule { pattern: rule.to_owned(), negated, only_folders, by_path });
        Ok(())
    }

    /// Whether a path, from the chart's folder, is left out. Of a folder all that is in it is.
    pub(super) fn ignores(&self, path: &str, is_folder: bool) -> bool {
        for rule in &self.0 {
            let compared = if rule.by_path { path } else { path.rsplit('/').next().unwrap_or(path) };
            let matched = match_file(&rule.pattern, compared).unwrap_or(false);
            if rule.negated {
                if (rule.only_folders && !is_folder) || !matched {
                    return true;
                }
            } else if (!rule.only_folders || is_folder) && matched {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_leave_out_what_helm_leaves_out() {
        let rules = IgnoreRules::parse("# c\n*.md\n/docs/\nci/x.yaml\n.git/\n").expect("rules");
        for (path, folder, expected) in [
            ("README.md", false, true),
            ("a/README.md", false, true),
            ("docs", true, true),
            ("docs", false, false),
            ("a/docs", true, false),
            ("ci/x.yaml", false, true),
            (".git", true, true),
            ("templates/.hidden", false, true),
            ("templates/a.yaml", false, false),
        ] {
            assert_eq!(rules.ignores(path, folder), expected, "{path}");
        }
        assert!(IgnoreRules::parse("a/**").is_err());
    }
}
