//! Manifests: from text to documents, pods and the values in effect.

mod invariants;
mod pods;
mod repository;
mod spans;
