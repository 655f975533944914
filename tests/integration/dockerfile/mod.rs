//! Dockerfiles: what is read, where it stands, and that nothing brings the reader down.

mod dump;
