//! From intents to verified edits, written to disk and taken back.
