//! Every screen, drawn into a buffer and compared.
