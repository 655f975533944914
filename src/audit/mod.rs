//! From a file's text to its findings, its score and its Pod Security level.
