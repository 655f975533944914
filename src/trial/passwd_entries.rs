//! Reads the accounts of an image from its passwd file: who a name is, and which numbers have a home.

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswdEntry {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
}

/// The accounts of a passwd file; a line that is none is passed over.
///
/// Source: passwd(5).
#[must_use]
pub(super) fn parse_passwd(text: &str) -> Vec<PasswdEntry> {
    let entries = text.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let (name, _, uid, gid) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        Some(PasswdEntry { name: name.to_owned(), uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    });
    entries.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_and_other_lines_passed_over() {
        let text =
            "root:x:0:0:root:/root:/bin/sh\n# none\nmate:x:1001:7::/home/mate:/bin/sh\nbad:x:one:1\n\n";
        let found = parse_passwd(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1], PasswdEntry { name: "mate".to_owned(), uid: 1001, gid: 7 });
    }
}
