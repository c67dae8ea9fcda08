//! From pages to facts: every value of a company profile with the evidence for it.
//!
//! Pure: no socket, no clock, no file is touched here. Broken input is the
//! normal case and not an error: what cannot be read is left out.
//!
//! - [`parse`]: the HTML parser, with limits; [`tag`]: what the names of elements mean;
//! - [`page`]: a page, read once into flat lists;
//! - [`structured`]: JSON-LD, microdata and RDFa in one shape;
//! - [`facts`]: one file per fact, each a function from pages to findings;
//! - [`places`]: countries and their names;
//! - [`content`]: the request's Content: links, addresses, e-mails, signatures;
//! - [`identity`]: whether the pages are a company's at all;
//! - [`rendering`]: whether a page only gets its content by script;
//! - [`profile`]: findings of all pages made into one profile;
//! - [`grounding`]: whether a written sentence says only what its material says;
//! - [`assessment`]: what an offer may bring at a company, by signals;
//! - [`brief`]: what a writer is handed of the pages;
//! - [`titles`]: job titles in the language of the answer, by a catalogue;
//! - [`gaps`]: what a model may be asked for, and when its answer counts;
//! - [`trades`]: what companies do, and what an offer is about, by a catalogue;
//! - [`exceptions`]: words that the answer may not contain.

pub mod assessment;
pub mod brief;
pub mod content;
mod disguises;
#[cfg(test)]
mod effort;
pub mod exceptions;
pub mod facts;
pub mod fold;
pub mod gaps;
pub mod grounding;
pub mod identity;
pub mod page;
pub mod parse;
pub mod places;
pub mod profile;
mod reader;
pub mod rendering;
pub mod sentences;
pub mod structured;
pub mod tag;
pub mod titles;
pub mod trades;
mod words;

pub use page::{Page, RawPage};
