//! The patterns of `.Files.Glob`: `*` and `?` stop at slashes, `**` does not, `{a,b}` are alternatives.

/// How many steps a match may take; stars multiply them.
const MAX_STEPS: usize = 200_000;

/// How many patterns the alternatives of one may make.
const MAX_ALTERNATIVES: usize = 256;

#[derive(Clone, Debug, PartialEq, Eq)]
enum GlobToken {
    Char(char),
    One,
    Star,
    AnyStar,
    Class { negated: bool, ranges: Vec<(char, char)> },
}

#[derive(Clone, Debug)]
pub(super) struct GlobPattern(Vec<Vec<GlobToken>>);

impl GlobPattern {
    /// None where the pattern is malformed.
    pub(super) fn parse(pattern: &str) -> Option<Self> {
        let chars: Vec<char> = pattern.chars().collect();
        let mut patterns = vec![Vec::new()];
        let end = parse_sequence(&chars, 0, &mut patterns, false)?;
        (end == chars.len()).then_some(Self(patterns))
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        let path: Vec<char> = path.chars().collect();
        let mut steps = MAX_STEPS;
        self.0.iter().any(|tokens| matches_from(tokens, &path, &mut steps))
    }
}

/// Reads up to the end, or inside braces up to a comma or closing brace; each pattern gets what is read.
fn parse_sequence(
    chars: &[char],
    start: usize,
    patterns: &mut Vec<Vec<GlobToken>>,
    braced: bool,
) -> Option<usize> {
    let mut at = start;
    while let Some(char) = chars.get(at) {
        let token = match char {
            ',' | '}' if braced => return Some(at),
            '?' => GlobToken::One,
            '*' if chars.get(at + 1) == Some(&'*') => {
                at += 1;
                GlobToken::AnyStar
            }
            '*' => GlobToken::Star,
            '\\' => {
                at += 1;
                GlobToken::Char(*chars.get(at)?)
            }
            '[' => {
                let (token, length) = parse_class(&chars[at..])?;
                at += length - 1;
                token
            }
            '{' => {
                at = parse_braces(chars, at + 1, patterns)?;
                continue;
            }
            char => GlobToken::Char(*char),
        };
        for tokens in patterns.iter_mut() {
            tokens.push(token.clone());
        }
        at += 1;
    }
    (!braced).then_some(at)
}

fn parse_braces(chars: &[char], start: usize, patterns: &mut Vec<Vec<GlobToken>>) -> Option<usize> {
    let heads = std::mem::take(patterns);
    let mut at = start;
    loop {
        let mut own = heads.clone();
        at = parse_sequence(chars, at, &mut own, true)?;
        patterns.extend(own);
        if patterns.len() > MAX_ALTERNATIVES {
            return None;
        }
        match chars.get(at)? {
            ',' => at += 1,
            _ => return Some(at + 1),
        }
    }
}

fn parse_class(chars: &[char]) -> Option<(GlobToken, usize)> {
    let negated = chars.get(1) == Some(&'!');
    let mut at = 1 + usize::from(negated);
    let mut ranges = Vec::new();
    while *chars.get(at)? != ']' {
        let low = chars[at];
        if chars.get(at + 1) == Some(&'-') && chars.get(at + 2).is_some_and(|high| *high != ']') {
            ranges.push((low, chars[at + 2]));
            at += 3;
        } else {
            ranges.push((low, low));
            at += 1;
        }
    }
    (!ranges.is_empty()).then_some((GlobToken::Class { negated, ranges }, at + 1))
}

fn matches_from(tokens: &[GlobToken], path: &[char], steps: &mut usize) -> bool {
    let mut place = 0;
    for (index, token) in tokens.iter().enumerate() {
        let Some(left) = steps.checked_sub(1) else { return false };
        *steps = left;
        let char = path.get(place).copied();
        let fits = match token {
            GlobToken::Star | GlobToken::AnyStar => {
                let rest = &tokens[index + 1..];
                let stops = *token == GlobToken::Star;
                let reach = path[place..].iter().take_while(|char| !stops || **char != '/').count();
                return (0..=reach).any(|skipped| matches_from(rest, &path[place + skipped..], steps));
            }
            GlobToken::Char(own) => char == Some(*own),
            GlobToken::One => char.is_some_and(|char| char != '/'),
            GlobToken::Class { negated, ranges } => char.is_some_and(|char| {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&char)) != *negated
            }),
        };
        if !fits {
            return false;
        }
        place += 1;
    }
    place == path.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_gobwas_does() {
        for (pattern, path, expected) in [
            ("files/*", "files/a.txt", true),
            ("files/*", "files/sub/b.txt", false),
            ("files/**", "files/sub/b.txt", true),
            ("**.yaml", "a/b.yaml", true),
            ("*.{json,yaml}", "a.yaml", true),
            ("*.{json,yaml}", "a.txt", false),
            ("[a-c]?", "bz", true),
            ("[!a]", "a", false),
        ] {
            assert_eq!(
                GlobPattern::parse(pattern).expect("a pattern").matches(path),
                expected,
                "{pattern} {path}"
            );
        }
        assert!(GlobPattern::parse("{a").is_none());
    }
}
