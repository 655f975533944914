//! The nearest name to one that was mistyped, for messages that say what was perhaps meant.

/// More of what was typed is not compared: no name is that long.
const MAX_COMPARED_CHARS: usize = 64;

/// The candidate that is fewest edits away, if that is few enough for a slip of the hand.
pub(crate) fn find_nearest_name<'a>(
    typed: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed = typed.char_indices().nth(MAX_COMPARED_CHARS).map_or(typed, |(end, _)| &typed[..end]);
    candidates
        .map(|name| (strsim::levenshtein(typed, name), name))
        .min()
        .filter(|(edits, name)| *edits <= 2.max(name.len() / 3))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::find_nearest_name;

    const NAMES: [&str; 3] = ["latest-tag", "missing-user", "host-network"];

    #[test]
    fn a_slip_of_the_hand_finds_its_name_and_another_word_finds_none() {
        let nearest = |typed: &str| find_nearest_name(typed, NAMES.into_iter());
        assert_eq!(nearest("latets-tag"), Some("latest-tag"));
        assert_eq!(nearest("mising-usr"), Some("missing-user"));
        assert_eq!(nearest("privileged"), None);
        assert_eq!(nearest(&"ä".repeat(100_000)), None);
    }
}
