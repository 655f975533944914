//! The rules: one file each, in rooms that are also the themes on screen.
