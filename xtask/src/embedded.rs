//! The embedded models of a folder.
