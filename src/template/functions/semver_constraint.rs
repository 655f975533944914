//! Constraints on versions as Masterminds' package reads them, whose rules are its own.

use std::cmp::Ordering;

use super::version_number::VersionNumber;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ConstraintOperator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterEqual,
    LessEqual,
    Tilde,
    Caret,
}

/// One comparison. What is missing of `1.2` or wild in `1.x` is dirty.
#[derive(Clone, Debug)]
struct SemverBound {
    operator: ConstraintOperator,
    version: VersionNumber,
    minor_dirty: bool,
    patch_dirty: bool,
    dirty: bool,
    /// `*` and `x`
    any: bool,
}

/// Alternatives of bounds that all must hold.
#[derive(Clone, Debug)]
pub(super) struct SemverConstraint(Vec<Vec<SemverBound>>);

impl SemverConstraint {
    pub(super) fn parse(text: &str) -> Option<Self> {
        text.split("||").map(parse_alternative).collect::<Option<Vec<_>>>().map(Self)
    }

    pub(super) fn holds(&self, version: &VersionNumber) -> bool {
        self.0.iter().any(|bounds| {
            // A pre-release never matches bounds of which none names one.
            let named = bounds.iter().any(|bound| !bound.version.prerelease.is_empty());
            (version.prerelease.is_empty() || named) && bounds.iter().all(|bound| bound.holds(version))
        })
    }
}

fn parse_alternative(text: &str) -> Option<Vec<SemverBound>> {
    if let Some((low, high)) = text.trim().split_once(" - ") {
        let bounds = [format!(">={}", low.trim()), format!("<={}", high.trim())];
        return bounds.iter().map(|bound| parse_bound(bound)).collect();
    }
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let mut bounds = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let operator = rest.find(|char: char| !"=<>!~^ ".contains(char)).unwrap_or(rest.len());
        let end = rest[operator..].find([',', ' ']).map_or(rest.len(), |at| operator + at);
        bounds.push(parse_bound(&rest[..end])?);
        rest = rest[end..].trim_start_matches([',', ' ']);
    }
    Some(bounds)
}

fn parse_operator(text: &str) -> Option<ConstraintOperator> {
    Some(match text {
        "" | "=" => ConstraintOperator::Equal,
        "!=" => ConstraintOperator::NotEqual,
        ">" => ConstraintOperator::Greater,
        "<" => ConstraintOperator::Less,
        ">=" | "=>" => ConstraintOperator::GreaterEqual,
        "<=" | "=<" => ConstraintOperator::LessEqual,
        "~" | "~>" => ConstraintOperator::Tilde,
        "^" => ConstraintOperator::Caret,
        _ => return None,
    })
}

fn parse_bound(text: &str) -> Option<SemverBound> {
    let text = text.trim();
    let start = text.find(|char: char| !"=<>!~^ ".contains(char))?;
    let operator = parse_operator(text[..start].trim())?;
    let written = &text[start..];
    let bare = written.strip_prefix('v').unwrap_or(written);
    let numbers_end = bare.find(['-', '+']).unwrap_or(bare.len());
    let (numbers, suffix) = bare.split_at(numbers_end);
    let is_wild = |part: &str| matches!(part, "x" | "X" | "*");
    let parts: Vec<&str> = numbers.split('.').collect();
    let first = *parts.first()?;
    if is_wild(first) || first.is_empty() {
        let version = VersionNumber::parse("0.0.0")?;
        return Some(SemverBound {
            operator,
            version,
            minor_dirty: true,
            patch_dirty: true,
            dirty: true,
            any: true,
        });
    }
    let minor_dirty = parts.get(1).is_none_or(|part| is_wild(part));
    let patch_dirty = minor_dirty || parts.get(2).is_none_or(|part| is_wild(part));
    let part = |index: usize, dirty: bool| if dirty { "0" } else { parts.get(index).copied().unwrap_or("0") };
    let full = format!("{first}.{}.{}{suffix}", part(1, minor_dirty), part(2, patch_dirty));
    if parts.len() > 3 {
        return None;
    }
    let version = VersionNumber::parse(&full)?;
    Some(SemverBound { operator, version, minor_dirty, patch_dirty, dirty: patch_dirty, any: false })
}

impl SemverBound {
    fn holds(&self, version: &VersionNumber) -> bool {
        let order = version.compare(&self.version);
        match self.operator {
            ConstraintOperator::Equal if self.any => true,
            ConstraintOperator::Equal if self.dirty => self.holds_tilde(version),
            ConstraintOperator::Equal => order == Ordering::Equal,
            ConstraintOperator::NotEqual => self.holds_not_equal(version),
            ConstraintOperator::Greater => self.holds_greater(version, order),
            ConstraintOperator::Less => order == Ordering::Less,
            ConstraintOperator::GreaterEqual => order != Ordering::Less,
            ConstraintOperator::LessEqual => self.holds_less_equal(version, order),
            ConstraintOperator::Tilde => self.holds_tilde(version),
            ConstraintOperator::Caret => self.holds_caret(version),
        }
    }

    fn holds_not_equal(&self, version: &VersionNumber) -> bool {
        if !self.dirty {
            return version.compare(&self.version) != Ordering::Equal;
        }
        if version.major != self.version.major {
            return true;
        }
        if version.minor != self.version.minor && !self.minor_dirty {
            return true;
        }
        !self.minor_dirty && version.patch != self.version.patch && !self.patch_dirty
    }

    fn holds_greater(&self, version: &VersionNumber, order: Ordering) -> bool {
        if !self.dirty {
            return order == Ordering::Greater;
        }
        if version.major != self.version.major {
            return version.major > self.version.major;
        }
        if self.minor_dirty {
            return false;
        }
        version.minor > self.version.minor
    }

    fn holds_less_equal(&self, version: &VersionNumber, order: Ordering) -> bool {
        if !self.dirty {
            return order != Ordering::Greater;
        }
        if version.major != self.version.major {
            return version.major < self.version.major;
        }
        self.minor_dirty || version.minor <= self.version.minor
    }

    fn holds_tilde(&self, version: &VersionNumber) -> bool {
        if version.compare(&self.version) == Ordering::Less {
            return false;
        }
        // `~0` and `~*` are everything.
        if self.any
            || (self.version.major == 0 && self.minor_dirty && self.operator == ConstraintOperator::Tilde)
        {
            return true;
        }
        version.major == self.version.major && (version.minor == self.version.minor || self.minor_dirty)
    }

    fn holds_caret(&self, version: &VersionNumber) -> bool {
        if version.compare(&self.version) == Ordering::Less {
            return false;
        }
        if self.any {
            return true;
        }
        if self.version.major > 0 || self.minor_dirty {
            return version.major == self.version.major;
        }
        if version.major > 0 {
            return false;
        }
        if self.version.minor > 0 || self.patch_dirty {
            return version.minor == self.version.minor;
        }
        version.minor == 0 && version.patch == self.version.patch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(constraint: &str, version: &str) -> bool {
        let version = VersionNumber::parse(version).expect("a version");
        SemverConstraint::parse(constraint).expect("a constraint").holds(&version)
    }

    #[test]
    fn constraints_hold_as_in_masterminds() {
        for (constraint, version, expected) in [
            ("~1.2", "1.2.5", true),
            (">=1.0.0 <2.0.0 || 3.x", "3.1.0", true),
            ("*", "1.2.9-alpha", false),
            ("^0.2.3", "0.2.9", true),
            (">=1.19-0", "v1.36.0-gke.1", true),
            (">=1.19", "v1.36.0-gke.1", false),
            ("1.2 - 1.4", "1.4.5", true),
            ("=1.2", "1.2.5", true),
            (">1.2", "1.2.5", false),
            ("<=1.2", "1.2.9", true),
            (">=1.2, <1.4", "1.3", true),
            (">= 1.22-0", "v1.22.0", true),
            ("<1.20-0", "1.20.0-alpha", false),
            ("!=1.2", "1.3.0", true),
            (">= 1.0.0, < 2.0.0-0", "1.9.0-rc", true),
        ] {
            assert_eq!(holds(constraint, version), expected, "{constraint} {version}");
        }
    }
}
