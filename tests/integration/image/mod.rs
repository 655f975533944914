//! Image references and the tables of what is known of images and hosts.

mod reference;
