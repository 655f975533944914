//! Manifests: from text to documents, pods and the values in effect.
#![allow(clippy::unwrap_used, reason = "a test may fail by it")]

mod breaches;
mod documents;
mod forms;
mod glance;
mod hostile;
mod lines;
mod many_objects;
mod pods;
mod repository;
mod spans;
mod tagged_values;
