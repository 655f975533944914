//! Go's `filepath.Match`: `*` and `?` stop at slashes, `[a-z]` and `[^a]` are classes, a backslash takes the next as it is.

/// How many steps a match may take; stars multiply them.
const MAX_STEPS: usize = 100_000;

/// Whether the whole name matches; none where the pattern is malformed.
pub(super) fn match_file(pattern: &str, name: &str) -> Option<bool> {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    check_pattern(&pattern)?;
    let mut steps = MAX_STEPS;
    Some(matches_from(&pattern, &name, &mut steps))
}

fn check_pattern(pattern: &[char]) -> Option<()> {
    let mut at = 0;
    while at < pattern.len() {
        at += match pattern[at] {
            '\\' if at + 1 == pattern.len() => return None,
            '\\' => 2,
            '[' => class_length(&pattern[at..])?,
            _ => 1,
        };
    }
    Some(())
}

/// How long the class at the start is; none where it is not closed.
fn class_length(pattern: &[char]) -> Option<usize> {
    let mut at = 1 + usize::from(pattern.get(1) == Some(&'^'));
    let mut ranges = 0;
    loop {
        match pattern.get(at)? {
            ']' if ranges > 0 => return Some(at + 1),
            ']' | '-' => return None,
            '\\' => at += 2,
            _ => at += 1,
        }
        if pattern.get(at) == Some(&'-') {
            at += 1 + usize::from(pattern.get(at + 1) == Some(&'\\'));
            pattern.get(at).filter(|char| !matches!(char, ']' | '-'))?;
            at += 1;
        }
        ranges += 1;
    }
}

fn class_holds(class: &[char], char: char) -> bool {
    let negated = class.get(1) == Some(&'^');
    let mut at = 1 + usize::from(negated);
    let mut found = false;
    let take = |at: &mut usize| {
        *at += usize::from(class.get(*at) == Some(&'\\'));
        let own = class.get(*at).copied().unwrap_or('\0');
        *at += 1;
        own
    };
    while at + 1 < class.len() {
        let low = take(&mut at);
        let high = if class.get(at) == Some(&'-') && at + 2 < class.len() {
            at += 1;
            take(&mut at)
        } else {
            low
        };
        found |= (low..=high).contains(&char);
    }
    found != negated
}

fn matches_from(pattern: &[char], name: &[char], steps: &mut usize) -> bool {
    let (mut at, mut place) = (0, 0);
    while at < pattern.len() {
        let Some(left) = steps.checked_sub(1) else { return false };
        *steps = left;
        match (pattern[at], name.get(place)) {
            ('*', _) => {
                let rest = &pattern[at + 1..];
                let reach = name[place..].iter().take_while(|char| **char != '/').count();
                return (0..=reach).any(|skipped| matches_from(rest, &name[place + skipped..], steps));
            }
            ('?', Some(char)) if *char != '/' => at += 1,
            ('[', Some(char)) => {
                let length = class_length(&pattern[at..]).unwrap_or(1);
                if *char == '/' || !class_holds(&pattern[at..at + length], *char) {
                    return false;
                }
                at += length;
            }
            ('\\', Some(char)) if pattern.get(at + 1) == Some(char) => at += 2,
            (own, Some(char)) if own == *char && !matches!(own, '?' | '\\') => at += 1,
            _ => return false,
        }
        place += 1;
    }
    place == name.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_go() {
        for (pattern, name, expected) in [
            ("*.md", "README.md", Some(true)),
            ("*", "a/b", Some(false)),
            ("a/*", "a/b", Some(true)),
            ("[a-c]x", "bx", Some(true)),
            ("[^a]x", "ax", Some(false)),
            ("a?", "ab", Some(true)),
            ("[", "a", None),
            ("\\*", "*", Some(true)),
        ] {
            assert_eq!(match_file(pattern, name), expected, "{pattern} {name}");
        }
    }
}
