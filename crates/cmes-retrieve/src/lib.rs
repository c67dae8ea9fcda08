//! Finding the passages of articles that answer a question: pure computation
//! on texts and vectors, without database, model or clock.
//!
//! On the way in, [`chunks()`] cuts a document into passages with the path of
//! headings above them, [`words::pack`] and [`vectors::pack`] make of each what
//! is stored beside it, and [`terms`] says what an article is about. On the way
//! out, [`common`] takes from a question's vector what all questions have, an [`Index`] holds the packed words and vectors of one knowledge base
//! in memory, [`search()`] ranks the passages of one or several of them, and [`weigh_pairs`] looks into the texts of the best
//! ([`weigh_pairs_in_order`], into what is kept of them).
//! Both packed forms have a version of their own ([`words::VERSION`], and the
//! embedder's identity), so that a change of either makes passages anew instead of mixing.

mod best;
pub mod chunks;
pub mod common;
pub mod index;
mod pairs;
mod postings;
pub mod search;
pub mod terms;
pub mod tokens;
pub mod vectors;
pub mod words;

pub use chunks::{Chunk, chunks};
pub use index::{Index, Passage};
pub use pairs::{InOrder, weigh_pairs, weigh_pairs_in_order};
pub use search::{Hit, Query, Searched, search, search_marked};
pub use words::phrases::Quoted;
