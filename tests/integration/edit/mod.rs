//! The manifest editor: each hard layout as a pair of files, properties over many layouts, real repositories.

mod hardening;
mod layouts;
mod repositories;
