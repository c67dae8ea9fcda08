//! Knowledge bases: articles in a tree of sections, found by words and meaning.

pub mod articles;
pub mod bases;
pub mod import;
pub mod indexing;
pub mod indices;
pub mod nearness;
mod readings;
pub mod search;
