//! Placements of our own comments in a Dockerfile.

use super::hold;

#[test]
fn a_comment_reaches_the_instruction_that_follows_or_holds_it() {
    hold(
        "Dockerfile",
        &[
            (
                "first line",
                "# seaworthy: allow latest-tag -- why\nFROM base:latest\nUSER 43122\n",
                &["latest-tag:2 comment (why)"],
            ),
            (
                "without a final newline",
                "FROM base:1.2.3\n# seaworthy: allow root-user -- why\nUSER root",
                &["root-user:3 comment (why)"],
            ),
            (
                "after directives",
                "# syntax=docker/dockerfile:1\n# escape=\\\n# seaworthy: allow latest-tag -- why\nFROM base:latest\n",
                &["latest-tag:4 comment (why)"],
            ),
            (
                "after a byte-order mark",
                "\u{feff}# seaworthy: allow latest-tag -- why\nFROM base:latest\n",
                &["latest-tag:2 comment (why)"],
            ),
            (
                "blank lines and other comments between",
                "# seaworthy: allow latest-tag -- why\n\n# the base\n\nFROM base:latest\n",
                &["latest-tag:5 comment (why)"],
            ),
            (
                "indented",
                "  # seaworthy: allow latest-tag -- why\n  FROM base:latest\n",
                &["latest-tag:2 comment (why)"],
            ),
            (
                "tabs for blanks",
                "\t#\tseaworthy:\tallow\tlatest-tag,\tunpinned-image\t--\twhy\n\tFROM base:latest\n",
                &["latest-tag:2 comment (why)", "unpinned-image:2 comment (why)"],
            ),
            (
                "in the middle of a file",
                "FROM base:1.2.3\nUSER root\n# seaworthy: allow root-user -- why\nUSER root\n",
                &["root-user:4 comment (why)"],
            ),
            (
                "not the instruction after the next",
                "# seaworthy: allow root-user -- why\nFROM base:1.2.3\nUSER root\n",
                &[],
            ),
            (
                "not the instruction before",
                "FROM base:latest\n# seaworthy: allow latest-tag -- why\nUSER 43122\n",
                &[],
            ),
            (
                "nothing at the end of the file",
                "FROM base:latest\n# seaworthy: allow latest-tag -- why\n",
                &[],
            ),
            (
                "before a continued instruction",
                "FROM base:1.2.3\n# seaworthy: allow sudo -- why\nRUN true && \\\n    sudo make\n",
                &["sudo:4 comment (why)"],
            ),
            (
                "inside a continued instruction",
                "FROM base:1.2.3\nRUN sudo true && \\\n    # seaworthy: allow sudo -- why\n    make\n",
                &["sudo:2 comment (why)"],
            ),
            (
                "before a heredoc",
                "FROM base:1.2.3\n# seaworthy: allow sudo -- why\nRUN <<EOF\nsudo make\nEOF\n",
                &["sudo:4 comment (why)"],
            ),
            (
                "not inside a heredoc, whose lines are the shell's",
                "FROM base:1.2.3\nRUN <<EOF\n# seaworthy: allow sudo -- why\nsudo make\nEOF\n",
                &[],
            ),
            (
                "several rules",
                "# seaworthy: allow latest-tag, unpinned-image -- why\nFROM base:latest\n",
                &["latest-tag:2 comment (why)", "unpinned-image:2 comment (why)"],
            ),
            (
                "several comments",
                "# seaworthy: allow latest-tag -- one\n# seaworthy: allow unpinned-image -- two\nFROM base:latest\n",
                &["latest-tag:3 comment (one)", "unpinned-image:3 comment (two)"],
            ),
            (
                "after another comment on the same line",
                "# keep # seaworthy: allow latest-tag -- why\nFROM base:latest\n",
                &["latest-tag:2 comment (why)"],
            ),
            (
                "without blanks, and with more than needed",
                "#seaworthy:allow latest-tag--why\nFROM base:latest\n#   seaworthy:   allow   root-user   --   why\nUSER 0\n",
                &["latest-tag:2 comment (why)", "root-user:4 comment (why)"],
            ),
            (
                "without a reason",
                "# seaworthy: allow latest-tag\nFROM base:latest\n",
                &["latest-tag:2 comment"],
            ),
            (
                "not at the end of an instruction's line",
                "FROM base:latest # seaworthy: allow latest-tag -- why\n",
                &[],
            ),
            ("not another word", "# seaworthy: ignore latest-tag -- why\nFROM base:latest\n", &[]),
            (
                "what the final stage lacks, before its FROM",
                "FROM base:1.2.3 AS build\n# seaworthy: allow missing-user -- why\nFROM base:1.2.3\nCMD [\"x\"]\n",
                &["missing-user:3 comment (why)"],
            ),
            (
                "the whole file, from its top",
                "# seaworthy: allow-file latest-tag -- why\nFROM base:latest AS a\nFROM other:latest\n",
                &["latest-tag:2 comment (why)", "latest-tag:3 comment (why)"],
            ),
            (
                "the whole file, after a directive",
                "# syntax=docker/dockerfile:1\n\n# seaworthy: allow-file root-user -- why\nFROM base:1.2.3\nUSER 0\n",
                &["root-user:5 comment (why)"],
            ),
            (
                "not the whole file from below the first instruction",
                "FROM base:latest\n# seaworthy: allow-file latest-tag -- why\nUSER 43122\n",
                &[],
            ),
        ],
    );
}
