//! Manifests: from text to documents, pods and the values in effect.

mod invariants;
mod repository;
mod spans;
