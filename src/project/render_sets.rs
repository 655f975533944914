//! Tells which files that charts and kustomizations make never stand in a cluster together, for lookups by name.

use crate::repo::RelPath;

/// The folders of a chart in which its objects and those of other charts lie.
const CHART_FOLDERS: [&str; 2] = ["templates", "charts"];

/// True for two files as one chart makes them with other values, or as other overlays build them: of one name in both,
/// each means its own. The paths are those by which the index knows the files.
pub(super) fn are_alternatives(one: &RelPath, other: &RelPath) -> bool {
    let (one, other) = (RenderedPath::parse(one.as_str()), RenderedPath::parse(other.as_str()));
    match (one.set, other.set) {
        (one_set, other_set) if one_set == other_set => false,
        (Some(one_set), Some(other_set)) if is_overlay(one_set) && is_overlay(other_set) => true,
        _ => one.chart.is_some() && one.chart == other.chart,
    }
}

/// True for a file that a chart makes, or an overlay builds.
pub(super) fn is_made(path: &RelPath) -> bool {
    let path = RenderedPath::parse(path.as_str());
    path.set.is_some() || path.chart.is_some()
}

/// True for a file that an overlay builds.
pub(super) fn is_overlay_made(path: &RelPath) -> bool {
    RenderedPath::parse(path.as_str()).set.is_some_and(is_overlay)
}

fn is_overlay(set: &str) -> bool {
    set.starts_with("overlay ")
}

/// A file's path, `web/templates/a.yaml (ci:x-values.yaml, #1)`, as its parts.
struct RenderedPath<'a> {
    /// The values or the overlay that it is made with; none for a chart's own values, and for a file as it is written.
    set: Option<&'a str>,
    /// The folder of the outermost chart; none where it lies in none.
    chart: Option<&'a str>,
}

impl<'a> RenderedPath<'a> {
    fn parse(path: &'a str) -> Self {
        let (file, set) = match path.strip_suffix(')').and_then(|path| path.rsplit_once(" (")) {
            Some((file, made)) => (file, made.split(", #").next().filter(|set| !set.starts_with('#'))),
            None => (path, None),
        };
        let mut at = 0;
        let chart = file.split('/').find_map(|part| {
            let start = at;
            at += part.len() + 1;
            CHART_FOLDERS.contains(&part).then(|| &file[..start])
        });
        Self { set, chart }
    }
}

#[cfg(test)]
mod tests {
    use super::are_alternatives;

    #[test]
    fn what_one_chart_makes_with_other_values_is_never_there_together() {
        let alternatives = |one: &str, other: &str| are_alternatives(&one.into(), &other.into());
        assert!(alternatives("web/templates/a.yaml", "web/templates/b.yaml (ci:x-values.yaml)"));
        assert!(alternatives("templates/a.yaml (prod)", "charts/db/templates/b.yaml (test, #1)"));
        assert!(alternatives("base/a.yaml (overlay dev)", "base/b.yaml (overlay prod)"));
        assert!(!alternatives("web/templates/a.yaml (prod)", "web/templates/b.yaml (prod, #1)"));
        assert!(!alternatives("web/templates/a.yaml", "web/templates/b.yaml (#1)"));
        assert!(!alternatives("web/templates/a.yaml (prod)", "api/templates/b.yaml (test)"));
        assert!(!alternatives("web/templates/a.yaml (prod)", "accounts.yaml"));
        assert!(!alternatives("base/a.yaml", "base/b.yaml (overlay prod)"));
    }
}
