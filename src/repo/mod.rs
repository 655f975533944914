//! What lies on disk: which files there are, what each is, and how one is written.
