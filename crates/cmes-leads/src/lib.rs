//! Leads: what a sentence asks for, and which companies answer to it.
//!
//! [`query`] reads a sentence such as "Pipe manufacturers, USA" and says what to
//! look for; [`candidates`] tells companies from lists, marketplaces and what is
//! none; [`judging`] holds a company's own pages against the query. Pure, like
//! `cmes-extract`, on which it rests: no socket, clock or file.

pub mod candidates;
pub mod judging;
pub mod query;
pub mod without;
