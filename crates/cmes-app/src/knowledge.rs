//! Knowledge bases: articles in a tree of sections, found by words and meaning.

pub mod indexing;
pub mod indices;
pub mod search;
