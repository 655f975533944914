//! Dockerfiles: instructions, stages, and what a stage inherits.
