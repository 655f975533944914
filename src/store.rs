//! The findings of a repository, in memory: put in by file, asked for by view.
