//! What a user has decided: the effective settings and where each comes from.
