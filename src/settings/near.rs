//! Finds the name nearest to a mistyped one, for error messages.

/// The candidate that is fewest edits away, if that is few enough for a slip.
#[must_use]
pub fn nearest<'a>(typed: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed: Vec<char> = typed.chars().take(64).collect();
    candidates
        .map(|name| (distance(&typed, name), name))
        .min()
        .filter(|(edits, name)| *edits <= 2.max(name.len() / 3))
        .map(|(_, name)| name)
}

/// Levenshtein's distance, by rows.
fn distance(typed: &[char], name: &str) -> usize {
    let mut row: Vec<usize> = (0..=typed.len()).collect();
    for (i, c) in name.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, t) in typed.iter().enumerate() {
            let cost = diagonal + usize::from(c != *t);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
