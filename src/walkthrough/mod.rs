//! The guided hardening: its chapters and their state.
